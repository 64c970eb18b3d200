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

# What a machine's files say is tested on made-up ones (harness.tune); here, how it is asked.
called 'every finding says why' 0 doctor --why
says 'a better value' 'better: registered'
refused 'one thing at a time' 2 'give one' doctor --tune --restore
refused 'nothing to put back' 2 "'slabmark doctor --tune' writes it" doctor --restore --state=none.json
echo '{"slabmark-tune": 1}' >broken.json
refused 'a state that is none' 2 'broken.json: not a state' doctor --restore --state=broken.json
status=0
"$slabmark" run --config=default --workload=pair --rounds=1 --require-quiet --db=quiet.db >output 2>errors || status=$?
if ((status == 3)); then
	equal 'what is bad is said' 1 "$(grep -c 'this machine is not quiet: ' errors)"
	[[ ! -e quiet.db ]] || complain 'nothing is measured' 'no store' 'quiet.db'
else
	((status == 0)) || complain 'a quiet machine is measured' 'status 0 or 3' "$status, $(<errors)"
fi

exit "$failed"
