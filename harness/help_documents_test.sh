#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The man page is good roff and has every option; bash completion completes. Argument: the path of slabmark.
# Exits 77 where groff is missing.
set -euo pipefail
slabmark=$1
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
failed=0

expect() { # what, expected, found
	if [[ $2 != "$3" ]]; then
		printf '%s:\n  expected: %s\n  found:    %s\n' "$1" "$2" "$3" >&2
		failed=1
	fi
}

complete_words() { # the words after "slabmark"; the last one is completed
	COMP_WORDS=(slabmark "$@")
	COMP_CWORD=$#
	COMPREPLY=()
	_slabmark
	echo "${COMPREPLY[*]}"
}

"$slabmark" help --completion=bash >"$folder/completion"
# shellcheck source=/dev/null
source "$folder/completion"
# shellcheck disable=SC2317 # completion calls it
slabmark() { # what completion asks for names; stands for an installed slabmark
	expect 'names asked for' 'list configs --format=names' "$*" >&2
	printf '%s\n' default nocolour null
}
expect 'a command' 'run' "$(complete_words ru)"
expect 'an option' '--rounds=' "$(complete_words run --ro)"
expect 'a choice' 'json' "$(complete_words list --format = j)"
expect 'a choice after a blank' 'text' "$(complete_words list --format te)"
expect 'a config' 'nocolour null' "$(complete_words run --config = n)"
expect 'a list of configs' 'default,nocolour default,null' "$(complete_words run --config = default,n)"
expect 'an operand' 'configs' "$(complete_words list c)"
expect 'a command to help about' 'geometry' "$(complete_words help geo)"
expect 'nothing for a number' '' "$(complete_words run --rounds = '')"

"$slabmark" help --man >"$folder/slabmark.1"
for command in list run geometry replay compare report history export import help; do
	for option in $("$slabmark" "$command" --help | grep -o '^  --[a-z-]*'); do
		grep -qF -- ".B ${option//-/\\-}" "$folder/slabmark.1" ||
			expect "the man page of $command" "$option" 'nothing'
	done
done
if ! command -v groff >/dev/null; then
	((failed)) && exit 1
	echo 'groff is missing: the man page was not formatted'
	exit 77
fi
expect 'warnings of groff' '' "$(groff -man -ww -z "$folder/slabmark.1" 2>&1)"
exit "$failed"
