#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# `slabmark calibrate` from the outside, and that compare takes its margins: fake programs with made-up times.
# Arguments: the paths of slabmark and of fake_program.sh.
fake=$(realpath "$2")
# shellcheck source=harness/command/check.bash
source "$(dirname "$0")/check.bash"
fake_programs "$fake" default nocolour
mkdir tmp
export TMPDIR=$PWD/tmp # other tests have copies, too
unset FAKE_FAULT FAKE_TIMES FAKE_NOISE FAKE_COUNTERS FAKE_TRACE FAKE_WAIT

export FAKE_TIMES='default:10000' FAKE_NOISE=20
called 'calibrate' 0 calibrate --workload=pair --rounds=20 --seed=1 --db=k.db
says 'both names were measured' '40 of 40 processes measured'
says 'the series' 'pair/size:64      20'
says 'a sentence at the end' 'With 20 rounds you can see a slowdown of '
equal 'and nothing behind it' 'here.' "$(tail -n 1 output | grep -o 'here.$')"
says 'noise makes the margin as wide as it may be' '5.00'
called 'calibrate as JSON' 0 calibrate --workload=pair --rounds=6 --seed=1 --format=json --db=k.db
says 'the series' '"series": "pair/size:64"'
says 'no other build' '"layout": null'
equal 'the copy of the program is removed' '' "$(ls tmp)"

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

exit "$failed"
