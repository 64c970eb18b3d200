#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Sixteen runs write into one store at a time, and nothing is lost. Arguments: the paths of slabmark and of fake_program.sh.
fake=$(realpath "$2")
# shellcheck source=harness/command/check.bash
source "$(dirname "$0")/../check.bash"
fake_programs "$fake" default other
unset FAKE_FAULT FAKE_TIMES FAKE_NOISE FAKE_COUNTERS FAKE_TRACE FAKE_WAIT
db=${SLABMARK_TEST_POSTGRES:-s.db}
writers=16 rounds=3

children=()
for ((i = 0; i < writers; i++)); do
	# As on sixteen machines: each locks its own.
	SLABMARK_LOCK=$folder/lock-$i "$slabmark" run --config=default,other --workload=pair --rounds="$rounds" --db="$db" >"said-$i" 2>&1 &
	children+=($!)
done
for ((i = 0; i < writers; i++)); do
	wait "${children[i]}" || complain "writer $i" 'status 0' "$?, $(<"said-$i")"
done
"$slabmark" sessions --format=json --db="$db" >listed
equal 'every session is there and whole' "$writers" "$(grep -c '"ended": "complete"' listed)"
equal 'every process is there' "$((writers * rounds * 2))" "$(awk '/"processes":/ { sum += $2 } END { print sum }' listed)"
called 'the store is sound' 0 db verify --db="$db"

exit "$failed"
