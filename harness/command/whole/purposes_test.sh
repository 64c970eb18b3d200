#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A calibration's sessions and what a gate measures side by side hold no results: whatever counts sessions or takes the newest passes over
# them, unless they are named. Fake programs with made-up times. Arguments: the paths of slabmark and of fake_program.sh.
fake=$(realpath "$2")
# shellcheck source=harness/command/check.bash
source "$(dirname "$0")/../check.bash"
fake_programs "$fake" default nocolour
unset FAKE_FAULT FAKE_TIMES FAKE_NOISE FAKE_COUNTERS FAKE_TRACE FAKE_WAIT
export FAKE_NOISE=2

# Nights 1 and 2 are results; 3 is the calibration, 5 what the gate measures side by side after night 4.
export FAKE_TIMES='default:10000 nocolour:10000'
called 'the first night' 0 run --workload=pair --seed=1 --db=p.db
called 'the second night' 0 run --workload=pair --seed=2 --db=p.db
called 'the calibration' 0 calibrate --workload=pair --rounds=6 --seed=3 --db=p.db
export FAKE_TIMES='default:12000 nocolour:12000'
called 'the third night' 0 run --workload=pair --seed=4 --db=p.db
kept_programs "$fake" old default:10000 nocolour:10000
called 'the gate' 1 gate --baseline=session:2 --baseline-programs=old --db=p.db
says 'what is measured side by side is a session' 'confirm   session 5'

called 'history' 0 history --db=p.db
says 'history counts nights' 'pair/size:64, default, machine fake: 3 values'
[[ $(<output) != *copy* ]] || complain 'no copy in the history' 'no default~copy' "$(<output)"
called 'the newest session' 0 compare default nocolour --db=p.db
says 'results are compared' 'session   4,'
called 'commits' 3 compare --col=commit --db=p.db
grep -q 'is all that there is' errors || complain 'commits' 'one commit' "$(<errors)"
called 'sides of all sessions' 0 compare --col=session --filter=config:default --db=p.db
! grep -qE '^against +(3|5):' output || complain 'sessions as sides' '1, 2 and 4' "$(<output)"
called 'a session that is named' 0 compare --col=session 4 5 --filter=config:default --db=p.db
says 'a session that is named' 'against   5:'
called 'a copy that is named' 0 compare default default~copy --db=p.db
says 'the calibration is the only one that has it' 'session   3,'
equal 'a line a night for Otava' 3 "$(($("$slabmark" export --format=otava --db=p.db | wc -l) - 1))"
equal 'a session that is named goes out' 1 "$(($("$slabmark" export --format=otava --session=5 --db=p.db | wc -l) - 1))"
equal 'lines keep all' 5 "$("$slabmark" export --format=jsonl --db=p.db | grep -o '"plan":"[^}]*}' | sort -u | wc -l)"
called 'the next gate' 1 gate --baseline=rolling:9 --session=4 --confirm=none --nights=equal --db=p.db
says 'earlier results alone' 'sessions 2, 1,'
called 'a gate of the newest' 1 gate --baseline=rolling:1 --confirm=none --nights=equal --db=p.db
says 'the newest results' 'session   4,'
called 'what would go' 0 db prune --older-than=0d --keep=last:2 --dry-run --db=p.db
says 'the last two results stay' 'keeps session 2 '
says 'a calibration is none' 'would prune session 3 '
exit "$failed"
