#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A million live objects of 192 bytes take at most 1.03 times their slabs; wrong arguments are refused. Argument: the path
# of slabmark-resident-default.
set -euo pipefail
program=$1
failed=0

# expect STATUS PATTERN WORD…: calls the program; the pattern must match its output or its message.
expect() {
	local status=0 wanted=$1 pattern=$2 text
	shift 2
	text=$("$program" "$@" 2>&1) || status=$?
	[[ $status == "$wanted" && $text == *$pattern* ]] && return
	echo "$*: status $status, expected $wanted and '$pattern': $text" >&2
	failed=1
}

export SLAB_OPTIONS=backing=4k # a huge page that is used in part would count whole
expect 0 $'default\t4k\t1000000\t192\t183.11\t186.0*\t' --limit=1.03
expect 1 'resident/slabs is above 1.0001' --objects=100000 --limit=1.0001
expect 2 'no number' --objects=many
expect 2 'no number' --size=0
expect 2 'no ratio' --limit=0.5
expect 2 'no option' once
expect 2 'unrecognized' --sizes=3
expect 0 'Usage' --help
SLAB_OPTIONS=backing=4g expect 2 'does not start' --objects=10
exit $failed
