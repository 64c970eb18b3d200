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
	[[ $* != 'sessions --db=some.db' ]] || printf '%s\n' 'session  date' '1  x' '2  x'
	[[ $* != 'list configs --format=names' ]] || printf '%s\n' default nocolour null
}
equal 'a command' 'run' "$(complete_words ru)"
equal 'an option' '--rounds=' "$(complete_words run --ro)"
equal 'a choice' 'json' "$(complete_words list --format = j)"
equal 'a choice after a blank' 'text' "$(complete_words list --format te)"
equal 'a config' 'nocolour null' "$(complete_words run --config = n)"
equal 'a list of configs' 'default,nocolour default,null' "$(complete_words run --config = default,n)"
equal 'an operand' 'configs counters' "$(complete_words list c)"
equal 'a command to help about' 'geometry' "$(complete_words help geo)"
equal 'a way to confirm' 'run none session:' "$(complete_words gate --confirm = '')"
equal 'an item of a list' 'weekly,monthly' "$(complete_words db --keep = weekly,m)"
equal 'a key' 'commit compiler config' "$(complete_words compare --col = co | tr ' ' '\n' | sort | paste -sd ' ')"
mkdir -p pages/site
equal 'a folder' 'pages/site' "$(complete_words report --site = pages/)"
equal 'a session of the store that is named' '1 2' "$(complete_words gate --db = some.db --session = '')"
# What cannot be completed is a number, a time, a text of one's own.
uncompleted=(
	accept
	alpha
	as-of
	budget
	column
	commit
	confirm-rounds
	cpu-kind
	cpus
	filter
	floor
	layouts
	look-every
	margin
	min-time
	note
	older-than
	option
	reason
	round
	rounds
	seed
	series
	set
	simulate-ll
	simulate-operations
	slowdown
	threads
	time
	timeout
	topology
	triage
)
equal 'options without completion' '' "$(sed -n 's/^\t[a-z]*:--\([a-z-]*\)) COMPREPLY=() ;;/\1/p' completion | sort -u |
	grep -vxF "$(printf '%s\n' "${uncompleted[@]}")" | paste -sd ' ')"
equal 'nothing for a number' '' "$(complete_words run --rounds = '')"

"$slabmark" help --man >slabmark.1
for section in ENVIRONMENT FILES 'SEE ALSO'; do
	grep -qx ".SH $section" slabmark.1 || complain 'a section of the man page' "$section" 'nothing'
done
for variable in SLAB_OPTIONS SLABMARK_PROGRAMS HWLOC_XMLFILE HWLOC_SYNTHETIC; do
	grep -q "$variable" slabmark.1 || complain 'a variable in the man page' "$variable" 'nothing'
done
# No sentence of the help stands twice: what a kind of option says of itself is said by the table alone.
for command in $("$slabmark" help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
	! "$slabmark" help "$command" | tr '\n' ' ' | tr -s ' ' | grep -oE 'given often|([A-Z][^.]*\. )\1' ||
		fail "the help of $command says something twice"
done
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
