#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# `slabmark doctor` from the outside; the machine that is calibrated is a made-up one.
# Arguments: the paths of slabmark and of fake_program.sh.
fake=$(realpath "$2")
# shellcheck source=harness/command/check.bash
source "$(dirname "$0")/check.bash"
fake_programs "$fake" default
unset FAKE_FAULT FAKE_TIMES FAKE_NOISE FAKE_COUNTERS FAKE_TRACE FAKE_WAIT

FAKE_TIMES='default:10000' FAKE_NOISE=20 called 'calibrate' 0 calibrate --workload=pair --rounds=6 --seed=1 --db=k.db
called 'doctor' 0 doctor
says 'it looks at the load' 'load'
says 'it knows no noise floor' 'not known, there is no store yet'
called 'doctor with a store' 0 doctor --db=k.db
says 'another machine was calibrated' "not known; 'slabmark calibrate'"
called 'doctor as JSON' 0 doctor --format=json
says 'findings' '"name": "hardware counters"'
called 'before the first store' 0 doctor --db=none.db
says 'there is none' 'there is no store yet'
status=0
"$slabmark" doctor --check --db=none.db >output 2>errors || status=$?
((status <= 1)) || complain 'a check before the first store' 'status 0 or 1' "$status, $(<errors)"

exit "$failed"
