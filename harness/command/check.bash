# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the tests of the command line share. Sourced with the path of slabmark as the test's first argument: afterwards the
# test is in a folder of its own, which goes when it ends, and `slabmark` can be called from there. Further arguments that are
# paths must be made absolute before. A test ends by `exit "$failed"`.
set -euo pipefail
slabmark=$(realpath "$1")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
failed=0
export SLABMARK_LOCK=$folder/lock # tests run beside each other
words=()                          # what stands between slabmark and the words of a check: the command that all checks are about

# Notes a failure; the test goes on.
fail() {
	echo "$*" >&2
	# shellcheck disable=SC2034 # the test ends by it
	failed=1
}

# complain WHAT EXPECTED FOUND
complain() {
	fail "$1:"$'\n'"  expected: $2"$'\n'"  found:    $3"
}

# The same where what follows would make no sense.
give_up() {
	echo "$*" >&2
	exit 1
}

skip() {
	echo "skipped: $*"
	exit 77
}

# equal WHAT EXPECTED FOUND
equal() {
	[[ $2 == "$3" ]] || complain "$@"
}

# expect STATUS PART WORD...: calls slabmark; the part must be in its output or its message. A message has one line.
expect() {
	local status=0 wanted=$1 part=$2 text
	shift 2
	text=$("$slabmark" "${words[@]}" "$@" 2>errors) || status=$?
	text+=$(<errors)
	[[ $status == "$wanted" ]] || fail "${words[*]} $*: status $status, expected $wanted: $text"
	[[ $text == *"$part"* ]] || fail "${words[*]} $*: '$part' is missing in: $text"
	[[ $status == 0 || $(wc -l <errors) == 1 ]] || fail "${words[*]} $*: not one line of error: $(<errors)"
}

# called WHAT STATUS WORD...: calls slabmark; its standard output and error end in the files output and errors.
called() {
	local what=$1 expected=$2 status=0
	shift 2
	"$slabmark" "${words[@]}" "$@" >output 2>errors </dev/null || status=$?
	[[ $status == "$expected" ]] || complain "$what: status" "$expected" "$status, $(<errors)"
}

# says WHAT PART: of what was called last.
says() {
	grep -qF -- "$2" output || complain "$1" "$2" "$(<output)"
}

# refused WHAT STATUS PART WORD...: one line on standard error with the part in it, nothing on standard output.
refused() {
	local what=$1 expected=$2 part=$3
	shift 3
	called "$what" "$expected" "$@"
	[[ ! -s output ]] || complain "$what: output" '' "$(<output)"
	[[ $(wc -l <errors) == 1 ]] || complain "$what: lines of error" 1 "$(<errors)"
	grep -qF -- "$part" errors || complain "$what" "$part" "$(<errors)"
}

# fake_programs FAKE CONFIG...: slabmark finds these configs alone, each measured by the program FAKE.
fake_programs() {
	local fake=$1 config
	shift
	mkdir programs
	for config in "$@"; do ln -s "$fake" "programs/slabmark-run-$config"; done
	export SLABMARK_PROGRAMS=$folder/programs
}

# kept_programs FAKE FOLDER CONFIG:PICOSECONDS...: programs that take so long, whatever others take.
kept_programs() {
	local fake=$1 kept=$2 entry program
	shift 2
	mkdir -p "$kept/real"
	for entry; do
		program=slabmark-run-${entry%:*}
		ln -s "$fake" "$kept/real/$program"
		printf '#!/bin/sh\nFAKE_TIMES=%s FAKE_FAULT= exec %s/real/%s "$@"\n' "$entry" "$(realpath "$kept")" "$program" >"$kept/$program"
		chmod +x "$kept/$program"
	done
}
