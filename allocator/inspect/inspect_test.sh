#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What slabmark-inspect-<config> geometry says to good and bad input. Usage: inspect_test.sh PROGRAM
set -euo pipefail
program=$1
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
failures=0

# said WORDS: they are on standard error; nothing is, where they are empty.
said() {
	if [ -n "$1" ]; then grep -qF -- "$1" "$directory/err"; else [ ! -s "$directory/err" ]; fi
}

# expect STATUS WORDS INPUT ARGUMENTS...: runs with INPUT, as printf reads it, on standard input.
expect() {
	local status=$1 words=$2 input=$3 got=0
	shift 3
	printf '%b' "$input" | "$program" "$@" >"$directory/out" 2>"$directory/err" || got=$?
	if [ "$got" != "$status" ] || ! said "$words"; then
		echo "FAILED: $* with '$input': status $got, not $status; standard error, where '$words' should be:"
		cat "$directory/err"
		failures=$((failures + 1))
	fi
}

# rows N: the last run printed so many rows under the header.
rows() {
	local count
	count=$(($(wc -l <"$directory/out") - 1))
	[ "$count" = "$1" ] || {
		echo "FAILED: $count rows, not $1"
		failures=$((failures + 1))
	}
}

header='size\talign\tflags\tctor\n'
expect 0 '' "${header}192\t0\tnone\t0\n" geometry
rows 1
expect 0 '' "ctor\tflags\tmore\tsize\talign\n1\t0\tx\t192\t64\n" geometry - # any order, further columns
rows 1
expect 0 '' "${header}192\t0\tnone\t0\r\n\n100\t0\tHWCACHE_ALIGN|0x100\t1" geometry # CR LF, an empty line, no last newline
rows 2
expect 2 'standard input:2: size: no number from 0 to 4294967295: '"'-1'" "${header}-1\t0\tnone\t0\n192\t0\tnone\t0\n" geometry
rows 1 # what follows a bad row is not dropped
expect 2 "standard input:3: flags: neither 'none', a name of SLAB_… nor 0x… bits: 'HWCACHE'" \
	"${header}8\t0\tnone\t0\n8\t0\tHWCACHE\t0\n8\t0\tnone\t1\n" geometry
rows 2
expect 2 "size: no number" "${header}4294967296\t0\tnone\t0\n" geometry
expect 2 "ctor: neither 0 nor 1: 'yes'" "${header}8\t0\tnone\tyes\n" geometry
expect 2 "the row ends before the column 'flags'" "${header}8\t0\n" geometry
expect 2 "standard input:1: the header line" "8\t0\tnone\t0\n" geometry
expect 2 "nothing to read" "" geometry
expect 2 "no option is called 'slab_max_orde'; there are" "$header" geometry --option=slab_max_orde=1
expect 2 "'11' is no value for slab_max_order" "$header" geometry --option=slab_max_order=11
expect 2 "neither as a synthetic description nor" "$header" geometry --topology=nonsense
expect 2 "No such file" "" geometry "$directory/absent.tsv"
expect 2 "one FILE at most" "" geometry a b
expect 2 "usage:" "" nonsense
expect 2 "usage:" "" geometry --nonsense
expect 0 "" "" --help
if ! printf '%b' "${header}4194312\t0\tnone\t0\n8\t0\t0x1\t0\n" | "$program" geometry | cut -f5,6 | tr '\n' ' ' | grep -q -- '-7	- -22	- $'; then
	echo "FAILED: a refused cache's row does not carry its errno"
	failures=$((failures + 1))
fi
if "$program" geometry <<<"$(printf '%b' "$header")" >/dev/full 2>"$directory/err"; then
	echo "FAILED: a full disk goes unnoticed"
	failures=$((failures + 1))
fi
exit $((failures > 0))
