#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# `slabmark selfcheck` from the outside, on programs with made-up times.
# Arguments: the paths of slabmark and of fake_program.sh.
fake=$(realpath "$2")
# shellcheck source=harness/command/check.bash
source "$(dirname "$0")/check.bash"
fake_programs "$fake" default
unset FAKE_FAULT FAKE_COUNTERS FAKE_TRACE FAKE_WAIT
export FAKE_TIMES='default:10000' FAKE_NOISE=1
checking=(selfcheck '--workload=pair,pairs' --db=s.db)

called 'a slowdown that can be seen' 0 "${checking[@]}" --rounds=10 --slowdown=10
says 'no false alarm' 'false alarms     0 of 2'
says 'found' 'slowdowns found  2 of 2'
says 'its size' 'slowed by        10 %'
FAKE_NOISE=20 called 'one that is lost in noise' 0 "${checking[@]}" --rounds=3 --slowdown=1
says 'missed' 'slowdowns found  0 of 2'
called 'the rates' 0 selfcheck --rates --db=s.db
says 'of both' 'self-checks      2'
says 'with an interval' 'slowdowns found  2 of 4, 50.0 % (6.8 to 93.2 %)'
says 'both sizes' 'slowed by        1 to 10 %'
called 'as JSON' 0 selfcheck --rates --format=json --db=s.db
says 'a share' '"detection_rate": {'
called 'self-checks are no history' 3 history --db=s.db
called 'compared by name alone' 0 compare default default~slow10 --session=1 --db=s.db
says 'the difference' 'changed'
refused 'no such share' 2 '--slowdown' "${checking[@]}" --slowdown=101
refused 'no store' 3 'none.db' selfcheck --rates --db=none.db

exit "$failed"
