#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# slabmark-larson runs on the C library's malloc and on libslabmalloc, and says what is wrong with its arguments. Nothing
# here depends on how fast it is. Usage: larson_test.sh PROGRAM LIBRARY
set -euo pipefail
program=$1
library=$2
failures=0

# expect STATUS PATTERN ENVIRONMENT ARGUMENTS...: what is printed, on either output, matches.
expect() {
	local status=$1 pattern=$2 environment=$3 got=0 printed
	shift 3
	printed=$(env "$environment" "$program" "$@" 2>&1) || got=$?
	if [[ $got != "$status" ]] || ! grep -qE -- "$pattern" <<<"$printed"; then
		echo "FAILED: $*: status $got, not $status; printed, where '$pattern' should be: $printed"
		failures=$((failures + 1))
	fi
}

figure='^Throughput = +[1-9][0-9]* operations per second'
for malloc in NONE=1 "LD_PRELOAD=$library"; do
	expect 0 "$figure" "$malloc" 1 8 1000 500 10 4141 2
	expect 0 "$figure" "$malloc" 1 1 2 1 1 0 1
done
expect 2 'Usage: ' NONE=1
expect 2 'seven arguments' NONE=1 1 8 1000
expect 2 "'x': not a number" NONE=1 1 8 1000 500 10 x 2
expect 2 "'-1': not a number" NONE=1 1 8 1000 500 10 -1 2
expect 2 "'0': out of range" NONE=1 0 8 1000 500 10 1 2
expect 2 "'8': not above MIN" NONE=1 1 8 8 500 10 1 2
exit $((failures > 0))
