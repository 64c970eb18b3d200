#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Two sessions on one machine: the second waits, or ends. Arguments: the paths of slabmark and of fake_program.sh.
fake=$(realpath "$2")
# shellcheck source=harness/command/check.bash
source "$(dirname "$0")/../check.bash"
fake_programs "$fake" default
unset FAKE_FAULT FAKE_TIMES FAKE_NOISE FAKE_COUNTERS FAKE_TRACE FAKE_WAIT
running=(run --config=default --workload=pair --rounds=1)

mkdir wait
FAKE_WAIT=$folder/wait "$slabmark" "${running[@]}" --db=first.db >first 2>&1 &
first=$!
until [[ -e wait/started ]]; do sleep 0.05; done
refused 'the machine is busy' 3 "process $first measures on this machine" "${running[@]}" --if-busy=refuse --db=second.db
"$slabmark" "${running[@]}" --db=second.db >second 2>&1 &
second=$!
until grep -q 'waiting for its end' second; do sleep 0.05; done
equal 'who is waited for' 1 "$(grep -c "process $first measures on this machine; waiting" second)"
touch wait/go
wait "$first" || complain 'the first' 'status 0' "$?, $(<first)"
wait "$second" || complain 'the second, afterwards' 'status 0' "$?, $(<second)"

# A holder that was killed holds nothing any more.
rm -rf wait && mkdir wait
FAKE_WAIT=$folder/wait "$slabmark" "${running[@]}" --db=first.db >first 2>&1 &
first=$!
until [[ -e wait/started ]]; do sleep 0.05; done
kill -KILL "$first"
wait "$first" 2>/dev/null || true
called 'after a kill' 0 "${running[@]}" --if-busy=refuse --db=second.db
SLABMARK_LOCK=$folder/none/lock called 'no place for a lock' 0 "${running[@]}" --db=second.db
equal 'is said' 1 "$(grep -c 'the machine cannot be locked' errors)"

exit "$failed"
