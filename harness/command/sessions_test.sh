#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# `slabmark sessions` from the outside: numbers, dates, commits, configs, purposes and outcomes; and that a parameter is set once.
# Fake programs with made-up times. Arguments: the paths of slabmark and of fake_program.sh.
fake=$(realpath "$2")
# shellcheck source=harness/command/check.bash
source "$(dirname "$0")/check.bash"
fake_programs "$fake" a b c d default
unset FAKE_FAULT FAKE_TIMES FAKE_NOISE FAKE_COUNTERS FAKE_TRACE FAKE_WAIT
export FAKE_TIMES='default:10000' FAKE_NOISE=2

refused 'no store' 3 'none.db' sessions --db=none.db
called 'all configs' 0 run --config=default,a,b,c,d --workload=pair --rounds=1 --db=s.db
called 'one config' 0 run --config=default --workload=pair --seed=1 --db=s.db
called 'calibrate' 0 calibrate --workload=pair --rounds=6 --db=s.db
called 'one config again' 0 run --config=default --workload=pair --seed=2 --db=s.db
called 'gate' 0 gate --baseline=session:2 --db=s.db
FAKE_FAULT=default:crash called 'nothing' 3 run --config=default --workload=pair --rounds=1 --db=s.db
called 'sessions' 0 sessions --db=s.db
equal 'lines' 6 "$(wc -l <output)"
day=$(date -u +%Y-%m-%d)
line() { # NUMBER REGEXP
	sed -n "$(($1 + 1))p" output | grep -qE "^$1 +$day [0-9:]+ UTC +$2\$" || complain "session $1" "$2" "$(<output)"
}
line 1 '0 +[a-z]+, [a-z]+, [a-z]+ and 2 more +results +complete'
line 2 '0 +default +results +complete'
line 3 '0 +default(~copy)?, default(~copy)? +calibration +complete'
line 4 '0 +default +results +complete, passed the gate'
line 5 'unknown +unknown +results +complete, nothing measured'
called 'as JSON' 0 sessions --db=s.db --format=json
says 'the purpose' '"purpose": "calibration"'
says 'the gate' '"gate": 0'

refused 'a parameter set twice' 2 "--set=pair.size=128: pair.size is set already, by --set=pair.size=64" \
	run --config=default --set=pair.size=64 --set=pair.size=128 --db=t.db
refused 'even to the same value' 2 'is set already' calibrate --set=pair.size=64 --set=pair.size=64 --db=t.db
[[ ! -e t.db ]] || complain 'nothing was measured' 'no t.db' 't.db'
called 'two parameters' 0 run --config=default --workload=pair --rounds=1 --set=pair.size=64 --set=pair.order=fifo --db=t.db
exit "$failed"
