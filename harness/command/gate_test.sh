#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# `slabmark gate` from the outside: baselines, side by side, accepted changes; fake programs with made-up times.
# Arguments: the paths of slabmark and of fake_program.sh.
fake=$(realpath "$2")
# shellcheck source=harness/command/check.bash
source "$(dirname "$0")/check.bash"
fake_programs "$fake" default
unset FAKE_FAULT FAKE_TIMES FAKE_NOISE FAKE_COUNTERS FAKE_TRACE FAKE_WAIT

export FAKE_TIMES='default:10000' FAKE_NOISE=2
kept_programs "$fake" old default:10000
beside=(--baseline-programs="$folder/old")
measure() { # seed: a session into g.db, whose number $last then is
	"$slabmark" run --config=default --workload=pair --seed="$1" --db=g.db >output 2>errors || true
	last=$(sed -n 's/.*session \([0-9]*\) of g.db.*/\1/p' output)
}
refused 'no store' 3 'none.db' gate --baseline=last-good --db=none.db
[[ ! -e none.db ]] || complain 'a gate makes no store' 'no none.db' 'none.db'
measure 1
refused 'nothing was ever good' 3 'has passed yet' gate --baseline=last-good --db=g.db
called 'the first is good' 0 gate --set-baseline=last-good --session=1 --db=g.db
refused 'the first night' 3 'no other session' gate --baseline=rolling:3 --junit=first.xml --markdown=first.md --db=g.db
grep -q '<error type="not measured" message="--baseline=rolling:3: the store holds' first.xml ||
	complain 'JUnit of the first night' 'an error' "$(cat first.xml)"
grep -q 'Not judged against' first.md || complain 'Markdown of the first night' 'why' "$(cat first.md)"
measure 2
called 'as good' 0 gate --baseline=last-good --junit=g.xml --markdown=g.md --db=g.db
says 'what it was held against' 'last-good: session 1'
grep -q 'tests="1" failures="0" errors="0"' g.xml || complain 'JUnit' 'no failures' "$(<g.xml)"
grep -q '1 equivalent' g.md || complain 'Markdown' '1 equivalent' "$(<g.md)"

export FAKE_TIMES='default:11000'
measure 3
called 'slower, and no program to hold it against' 3 gate --baseline=last-good --db=g.db
grep -q 'cannot measure the candidates side by side' errors || complain 'it says why' 'cannot measure' "$(<errors)"
called 'slower, and one night tells nothing' 0 gate --baseline=last-good --confirm=none --db=g.db
says 'it says how many nights' '1 earlier night to tell'
called 'strictly' 4 gate --baseline=session:2 --session=3 --confirm=none --strict --db=g.db
called 'nights are taken for equal' 1 gate --baseline=session:2 --session=3 --confirm=none --nights=equal --db=g.db
called 'slower, and slower side by side' 1 gate --baseline=session:2 "${beside[@]}" --junit=g.xml --db=g.db
says 'it names it' 'regression  default:pair/size:64'
says 'it was measured side by side' 'confirm   session 4, side by side'
says 'and says so' 'side by side; against the baseline'
grep -q '<failure type="regression"' g.xml || complain 'JUnit' 'a failure' "$(<g.xml)"
FAKE_TIMES='default:10000' called 'slower, but not side by side' 0 gate --baseline=session:2 --session=3 "${beside[@]}" --db=g.db
says 'it is said' 'not side by side; against the baseline'
FAKE_TIMES='default:10000' called 'strictly' 4 gate --baseline=session:2 --session=3 "${beside[@]}" --strict --db=g.db
called 'side by side, measured before' 1 gate --baseline=session:2 --session=3 --confirm=session:4 --db=g.db
called 'all of it side by side' 1 gate --baseline=session:2 --session=3 --side-by-side "${beside[@]}" --db=g.db
says 'it says so' 'side by side'
called 'all of it side by side, where nothing looks slower' 1 gate --baseline=session:3 --session=2 --side-by-side "${beside[@]}" --db=g.db
refused 'side by side without a measurement' 2 'leave one out' gate --baseline=session:2 --side-by-side --confirm=none --db=g.db
called 'a session with the builds itself' 0 run --config="default,default=$folder/old" --workload=pair --rounds=10 --db=h.db
called 'is judged by itself' 1 gate --baseline="side:default=$folder/old" --db=h.db
says 'it says so' 'another build in the same rounds'
FAKE_FAULT=default:crash called 'side by side nothing can be measured' 3 gate --baseline=session:2 --session=3 "${beside[@]}" --db=g.db
SLABMARK_PROGRAMS=/nowhere called 'there are no programs' 3 gate --baseline=session:2 --session=3 "${beside[@]}" --db=g.db

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
called 'counts are warned of, if wished' 0 gate --baseline="session:$((last - 1))" --exact=counts:warn --junit=g.xml --db=g.db
says 'a warning' 'warning  default:pair/size:64'
grep -q '<system-out>warning: simulated_instructions: 1001' g.xml || complain 'JUnit' 'the warning' "$(<g.xml)"
called 'or left out' 0 gate --baseline="session:$((last - 1))" --exact=off --db=g.db
says 'nothing but the time' 'found     1 equivalent'

called 'name a baseline' 0 gate --set-baseline=v1 --session=2 --note='the first' --db=g.db
called 'against a name' 0 gate --baseline=tag:v1 --session=4 --confirm=none --db=g.db
says 'what was accepted holds there' '1 accepted'
called 'list the names' 0 gate --list-baselines --db=g.db
says 'the list' 'the first'
refused 'no baseline' 2 'against what?' gate --db=g.db
refused 'a wrong way with exact metrics' 2 'code:HOW' gate --baseline=session:1 --exact=size:warn --db=g.db
refused 'another wrong way' 2 'expected fail, warn or off' gate --baseline=session:1 --exact=code:maybe --db=g.db
refused 'a wrong one' 2 'expected commit:PREFIX' gate --baseline=yesterday --db=g.db
refused 'a name for no session' 2 'say which session' gate --set-baseline=v2 --db=g.db
refused 'a wrong way with nights' 2 'history|equal' gate --baseline=last-good --nights=some --db=g.db
refused 'a wrong confirmation' 2 'expected run, none or session:N' gate --baseline=last-good --confirm=maybe --db=g.db
refused 'a file that cannot be written' 3 'could not write it' \
	gate --baseline=session:1 --session=2 --junit=/nowhere/g.xml --db=g.db

exit "$failed"
