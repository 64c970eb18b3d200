#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# `slabmark run --until=verdict` and --budget from the outside: made-up times decide when it ends.
# Arguments: the paths of slabmark and of fake_program.sh.
fake=$(realpath "$2")
# shellcheck source=harness/command/check.bash
source "$(dirname "$0")/check.bash"
fake_programs "$fake" default nocolour glibc
unset FAKE_FAULT FAKE_TIMES FAKE_NOISE FAKE_COUNTERS FAKE_TRACE FAKE_WAIT

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
says 'it gave up' 'got no further rounds: even 40 rounds would hardly decide it'
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

exit "$failed"
