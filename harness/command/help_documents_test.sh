#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The man page is good roff and has every option; bash completion completes. Argument: the path of slabmark.
# Exits 77 where groff is missing.
# shellcheck source=harness/command/check.bash
source "$(dirname "$0")/check.bash"

complete_words() { # the words after "slabmark"; the last one is completed
	COMP_WORDS=(slabmark "$@")
	COMP_CWORD=$#
	COMPREPLY=()
	_slabmark
	echo "${COMPREPLY[*]}"
}

"$slabmark" help --completion=bash >completion
# shellcheck source=/dev/null
source completion
# shellcheck disable=SC2317 # completion calls it
slabmark() { # what completion asks for names; stands for an installed slabmark
	[[ $* == 'list configs --format=names' ]] || return 2
	printf '%s\n' default nocolour null
}
equal 'a command' 'run' "$(complete_words ru)"
equal 'an option' '--rounds=' "$(complete_words run --ro)"
equal 'a choice' 'json' "$(complete_words list --format = j)"
equal 'a choice after a blank' 'text' "$(complete_words list --format te)"
equal 'a config' 'nocolour null' "$(complete_words run --config = n)"
equal 'a list of configs' 'default,nocolour default,null' "$(complete_words run --config = default,n)"
equal 'an operand' 'configs counters' "$(complete_words list c)"
equal 'a command to help about' 'geometry' "$(complete_words help geo)"
equal 'nothing for a number' '' "$(complete_words run --rounds = '')"

"$slabmark" help --man >slabmark.1
for command in list run geometry replay compare report history export import help; do
	for option in $("$slabmark" "$command" --help | grep -o '^  --[a-z-]*'); do
		grep -qF -- ".B ${option//-/\\-}" slabmark.1 ||
			complain "the man page of $command" "$option" 'nothing'
	done
done
if ! command -v groff >/dev/null; then
	((failed)) && exit 1
	echo 'groff is missing: the man page was not formatted'
	exit 77
fi
equal 'warnings of groff' '' "$(groff -man -ww -z slabmark.1 2>&1)"
exit "$failed"
