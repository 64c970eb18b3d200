#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# `slabmark run --until=verdict`, calibrate, gate and doctor from the outside, on fake measured programs with made-up
# times. Arguments: the paths of slabmark and of fake_program.sh.
fake=$(realpath "$2")
# shellcheck source=harness/command/check.bash
source "$(dirname "$0")/check.bash"
fake_programs "$fake" default nocolour glibc
unset FAKE_FAULT FAKE_TIMES FAKE_NOISE FAKE_COUNTERS FAKE_TRACE FAKE_WAIT

# ---- run --until=verdict ---------------------------------------------------------------------------------------------

export FAKE_TIMES='default:10000 nocolour:12000' FAKE_NOISE=20
called 'a clear difference' 0 run --until=verdict --workload=pair --seed=1 --db=a.db
says 'it is decided at the first look' '26 of 80 processes measured'
says 'its verdict' 'verdicts: 1 changed, 0 equivalent, 0 undecided'
says 'what was saved' 'saved: 54 of 80 processes (68 %)'
called 'compare judges it alike' 0 compare default nocolour --db=a.db
says 'the same verdict' 'changed, slower'

# 0.2 % apart with a standard deviation of about 0.8 % a round: hard to see, easy to call equivalent within 2 %.
export FAKE_TIMES='default:10000 nocolour:10020' FAKE_NOISE=2
called 'hardly a difference' 0 run --until=verdict --workload=pair --seed=1 --db=b.db
says 'equivalent' 'verdicts: 0 changed, 1 equivalent, 0 undecided'

# Noise of 15 % a round: nothing can be decided, and it says so early.
export FAKE_TIMES='default:10000 nocolour:10000' FAKE_NOISE=50
called 'noise' 0 run --until=verdict --workload=pair --seed=1 --db=c.db
says 'nothing is decided' '1 undecided'
says 'it gave up' 'got no further rounds: 40 rounds would hardly decide them'
called 'stubborn noise' 0 run --until=verdict --stubborn --workload=pair --seed=1 --db=c.db
says 'all rounds are run' '80 of 80 processes measured'

# Only what is undecided goes on: nocolour is decided soon (at the second look, for two rows), glibc never is.
export FAKE_TIMES='default:10000 nocolour:20000 glibc:10000' FAKE_NOISE=50
called 'one of two' 0 run --until=verdict --stubborn --config=default,nocolour,glibc --workload=pair --seed=1 --db=d.db
says 'its processes' '95 of 120 processes measured'
says 'its rounds' 'spent: 15 to 40 of 40 rounds'

called 'a budget that is up at once' 3 run --budget=0.000001s --workload=pair --db=e.db
refused 'a budget that is no time' 2 'expected a time such as' run --budget=soon --db=f.db
refused 'a budget in no unit' 2 'expected a time such as' run --budget=3y --db=f.db
refused 'options of the looks alone' 2 'add --until=verdict' run --stubborn --db=f.db
refused 'nothing to compare' 2 'names nothing to compare with' run --until=verdict --config=default --db=f.db
[[ ! -e f.db ]] || complain 'wrong use makes no store' 'no f.db' 'f.db'

# ---- calibrate -------------------------------------------------------------------------------------------------------

export FAKE_TIMES='default:10000' FAKE_NOISE=20
called 'calibrate' 0 calibrate --workload=pair --rounds=20 --seed=1 --db=k.db
says 'both names were measured' '40 of 40 processes measured'
says 'the series' 'pair/size:64      20'
says 'noise makes the margin as wide as it may be' '5.00'
called 'calibrate as JSON' 0 calibrate --workload=pair --rounds=6 --seed=1 --format=json --db=k.db
says 'the series' '"series": "pair/size:64"'
says 'no other build' '"layout": null'
ls -d "${TMPDIR:-/tmp}"/slabmark-??????/slabmark-run-default 2>/dev/null &&
	complain 'the copy of the program is removed' 'no copy' 'a copy'

# The margin is used: 4 % apart is nothing on a machine that cannot tell 5 % from nothing.
export FAKE_TIMES='default:10000 nocolour:10400' FAKE_NOISE=2
called 'measure' 0 run --workload=pair --rounds=12 --seed=1 --db=k.db
called 'compare by the calibrated margin' 0 compare default nocolour --db=k.db
says 'equivalent' 'equivalent'
called 'compare by a margin of its own' 0 compare default nocolour --margin=2 --db=k.db
says 'changed' 'changed, slower'

mkdir other
ln -s "$fake" other/slabmark-run-nocolour
refused 'a program of another config' 2 "isn't the one in the program's name" \
	calibrate --other=other/slabmark-run-nocolour --db=l.db
refused 'too few rounds to calibrate' 2 'from 6' calibrate --rounds=5 --db=l.db
refused 'no such config' 2 "unknown config 'defualt'" calibrate --config=defualt --db=l.db
FAKE_FAULT=default:crash called 'a program that crashes' 3 calibrate --workload=pair --rounds=6 --db=l.db

# ---- gate ------------------------------------------------------------------------------------------------------------

export FAKE_TIMES='default:10000' FAKE_NOISE=2
measure() { # seed: a session into g.db, whose number $last then is
	"$slabmark" run --config=default --workload=pair --seed="$1" --db=g.db >output 2>errors || true
	last=$(sed -n 's/.*session \([0-9]*\) of g.db.*/\1/p' output)
}
refused 'no store' 3 'none.db' gate --baseline=last-good --db=none.db
[[ ! -e none.db ]] || complain 'a gate makes no store' 'no none.db' 'none.db'
measure 1
refused 'nothing was ever good' 3 'has passed yet' gate --baseline=last-good --db=g.db
called 'the first is good' 0 gate --set-baseline=last-good --session=1 --db=g.db
measure 2
called 'as good' 0 gate --baseline=last-good --junit=g.xml --markdown=g.md --db=g.db
says 'what it was held against' 'last-good: session 1'
grep -q 'tests="1" failures="0" errors="0"' g.xml || complain 'JUnit' 'no failures' "$(<g.xml)"
grep -q '1 same' g.md || complain 'Markdown' '1 same' "$(<g.md)"

export FAKE_TIMES='default:11000'
measure 3
called 'slower, and slower again' 1 gate --baseline=last-good --junit=g.xml --db=g.db
says 'it names it' 'regression  default:pair/size:64'
says 'it was measured again' 'confirm   session 4'
grep -q '<failure type="regression"' g.xml || complain 'JUnit' 'a failure' "$(<g.xml)"
FAKE_TIMES='default:10000' called 'slower, but not again' 0 gate --baseline=session:2 --session=3 --db=g.db
says 'it is said' 'not in a second set of rounds'
FAKE_TIMES='default:10000' called 'strictly' 4 gate --baseline=session:2 --session=3 --strict --db=g.db
called 'without a second set' 1 gate --baseline=session:2 --session=3 --confirm=none --db=g.db
called 'a second set that was measured before' 1 gate --baseline=session:2 --session=3 --confirm=session:4 --db=g.db
FAKE_FAULT=default:crash called 'a second set that fails' 3 gate --baseline=session:2 --session=3 --db=g.db
SLABMARK_PROGRAMS=/nowhere called 'a second set without programs' 3 gate --baseline=session:2 --session=3 --db=g.db

called 'accept it' 0 gate --baseline=session:2 --session=3 --accept=default:pair/size:64 --reason='a check' --db=g.db
called 'it passes' 0 gate --baseline=session:2 --session=3 --db=g.db
says 'with its reason' ': a check'
called 'list what was accepted' 0 gate --list-accepted --db=g.db
says 'the list' 'a check'
refused 'accept what is not there' 2 'no such regression' \
	gate --baseline=session:2 --session=3 --accept=default:batch --reason=x --db=g.db
refused 'accept without a reason' 2 'belong together' gate --baseline=session:2 --accept=default:pair --db=g.db

FAKE_FAULT=default:crash measure 9
refused 'nothing was measured in the newest session' 3 "session $last has no process" gate --baseline=session:2 --db=g.db

export FAKE_TIMES='default:10000'
FAKE_COUNTERS='"simulated_instructions":1000,' measure 20
FAKE_COUNTERS='"simulated_instructions":1001,' measure 21
called 'one instruction more' 1 gate --baseline="session:$((last - 1))" --db=g.db
says 'it is exact' 'simulated_instructions: 1001, baseline 1000'

called 'name a baseline' 0 gate --set-baseline=v1 --session=2 --note='the first' --db=g.db
called 'against a name' 0 gate --baseline=tag:v1 --session=4 --confirm=none --db=g.db
says 'what was accepted holds there' '1 accepted'
called 'list the names' 0 gate --list-baselines --db=g.db
says 'the list' 'the first'
refused 'no baseline' 2 'against what?' gate --db=g.db
refused 'a wrong one' 2 'expected commit:PREFIX' gate --baseline=yesterday --db=g.db
refused 'a name for no session' 2 'say which session' gate --set-baseline=v2 --db=g.db
refused 'a wrong confirmation' 2 'expected run, none or session:N' gate --baseline=last-good --confirm=maybe --db=g.db
refused 'a file that cannot be written' 3 'cannot write' \
	gate --baseline=session:1 --session=2 --junit=/nowhere/g.xml --db=g.db

# ---- doctor ----------------------------------------------------------------------------------------------------------

called 'doctor' 0 doctor
says 'it looks at the load' 'load'
says 'it knows no noise floor' 'not known, there is no store yet'
called 'doctor with a store' 0 doctor --db=k.db
says 'another machine was calibrated' "not known; 'slabmark calibrate'"
called 'doctor as JSON' 0 doctor --format=json
says 'findings' '"name": "hardware counters"'
refused 'a store that is missing' 3 'none.db' doctor --db=none.db

exit "$failed"
