#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# `slabmark history` from the outside: files, standard input, formats, what goes together, and exit statuses. Argument:
# the path of slabmark.
# shellcheck source=harness/command/check.bash
source "$(dirname "$0")/check.bash"
words=(history)

indices() { # of what history prints, a line a series
	sed 's/.*"changepoints":\(\[[^]]*\]\).*/\1/'
}

printf '%s\n' 5 6 5 6 5 6 5 6 '' 9 8 9 8 9 8 9 8 >step.csv
printf '{"name": "flat", "series": [{"raw": [1, 1, 1, 1, 1, 1, 1, 1]}]}' >flat.json
printf 'night,time,size\n' >table.csv
for night in 1 2 3 4 5 6 7 8 9 10 11 12; do
	echo "$night,$((night < 7 ? 100 + night % 2 : 200 + night % 2)),7"
done >>table.csv

equal 'a file' '[9]' "$("$slabmark" history --input step.csv | indices)"
equal 'standard input' '[9]' "$("$slabmark" history --input=- <step.csv | indices)"
equal 'a column' '[6]' "$("$slabmark" history --input table.csv --column=time | indices)"
equal 'a column by number' '[]' "$("$slabmark" history --input table.csv --column=3 | indices)"
equal 'all columns' '[] [6] []' "$("$slabmark" history --input table.csv | indices | paste -sd ' ')"
equal 'two columns' '[6] []' "$("$slabmark" history --input table.csv --column=time --column=3 | indices | paste -sd ' ')"
{
	echo '# night; the newest first'
	echo 'night;commit;machine;ms'
	for night in 12 11 10 9 8 7 6 5 4 3 2 1; do
		printf '2026-01-%02d;c%d;a;%d,%d\n' "$night" "$night" $((night < 7 ? 10 : 20)) $((night % 2))
		echo "2026-01-01;c0;b;99"
	done
} >nights.csv
called 'a time, a commit, a filter' 0 --input nights.csv --time=night --commit=commit --filter=machine:a --format=text
says 'the moment of the change' 'step at 6 (2026-01-07, commit c7): up from 10'
called 'as JSON' 0 --input nights.csv --time=night --commit=commit --filter=-machine:b
says 'the moment of the change' '"time":"2026-01-07","commit":"c7"'
printf ',size\n0,10\n1,11\n2,10\n' >numbered.csv
called 'a column that numbers the rows' 0 --input numbered.csv
says 'the other one' '"name":"size"'
grep -qF "numbered.csv: column 1, '', numbers the rows" errors || complain 'what was left out' 'column 1' "$(<errors)"
refused 'a filter of the store' 2 '--filter is for files' --filter=machine:a
refused 'a filter that nothing fits' 2 'no row fits' --input nights.csv --filter=machine:c
refused 'columns of JSON' 2 'has no columns' --input flat.json --time=night
equal 'a series of numbers' '[6]' \
	"$(echo '{"series": [1, 1.1, 1, 1.1, 1, 1.1, 2, 2.1, 2, 2.1, 2, 2.1]}' | "$slabmark" history --input=- | indices)"
equal 'several files, one object a line' '[9] [] [9]' \
	"$("$slabmark" history --input step.csv flat.json step.csv | indices | paste -sd ' ')"
equal 'a name' '{"name":"flat"' "$("$slabmark" history --input flat.json | cut -d, -f1)"
equal 'text' 'flat.json: flat: 8 values, no change' "$("$slabmark" history --input flat.json --format=text)"

printf '1\n2\nx\n' >bad.csv
refused 'a bad file after a good one' 2 'bad.csv, line 3' --input step.csv bad.csv
refused 'a missing file' 3 'none.csv' --input none.csv
refused 'a missing store' 3 'none.db' --db=none.db
refused 'a store that is none' 2 'step.csv' --db=step.csv
refused 'files and a store' 2 '--db is for the store' --input step.csv --db=x
refused 'a file alone' 2 'behind --input' step.csv
refused 'a column of the store' 2 '--column is for files' --column=time
refused 'an unknown format' 2 'format' --input step.csv --format=xml
# A store of fourteen nights with a step at the ninth, which is then judged.
for night in 1 2 3 4 5 6 7 8 9 10 11 12 13 14; do
	printf '{"context": {"config": "default", "machine": "feed", "commit": "%s", "date": "2026-11-%02dT04:00:00+00:00"}, "benchmarks": [{"name": "pair", "run_type": "iteration",
		"iterations": 1, "real_time": %d, "cpu_time": 1, "time_unit": "ns"}]}' \
		$((night > 8 ? 4444 : 1111))$((night > 8)) "$night" $((100 + night * 7 % 5 + (night > 8 ? 40 : 0))) >night.json
	"$slabmark" import --db=nights.db night.json >/dev/null
done
id=$("$slabmark" history --db=nights.db | sed -n 's/^    \([0-9a-f]*\) new$/\1/p')
equal 'when and where' '    first seen at 44441, 9 November 2026, between 11110 of 8 November 2026 (session 8) and this one' \
	"$("$slabmark" history --db=nights.db | grep 'first seen')"
equal 'an id' 10 "${#id}"
"$slabmark" history --db=nights.db --triage="${id:0:6}:expected" --note='as planned' >/dev/null
equal 'a judgement' "    $id expected: as planned" "$("$slabmark" history --db=nights.db | grep "$id")"
equal 'changes in a state' 1 "$("$slabmark" history --db=nights.db --state=expected,noise --format=json | wc -l)"
equal 'changes in another state' '' "$("$slabmark" history --db=nights.db --state=new --format=json)"
refused 'an unknown id' 2 "no change has the id 'zz'" --db=nights.db --triage=zz:noise
refused 'a good judgement and a bad one' 2 "'odd' is no state" --db=nights.db --triage="$id:noise" --triage="$id:odd"
equal 'judgements of a call are kept together' "    $id expected: as planned" \
	"$("$slabmark" history --db=nights.db | grep "$id")"
refused 'a judgement without a state' 2 'expected ID:STATE' --db=nights.db --triage="$id"
refused 'an unknown state' 2 "'odd' is no state" --db=nights.db --state=odd
refused 'a note on nothing' 2 '--triage=ID:STATE is missing' --db=nights.db --note=x

# Thirty nights that are watched: two series go up at the 21st, and one of them is back at the 26th.
for night in {1..30}; do
	printf '{"context": {"config": "default", "machine": "feed", "commit": "c%d", "date": "2026-10-%02dT04:00:00+00:00"}, "benchmarks": [
		{"name": "stays", "run_type": "iteration", "iterations": 1, "real_time": %d, "cpu_time": 1, "time_unit": "ns"},
		{"name": "returns", "run_type": "iteration", "iterations": 1, "real_time": %d, "cpu_time": 1, "time_unit": "ns"}]}' \
		"$night" "$night" $((1000 + night * 7 % 5 + (night > 20 ? 400 : 0))) \
		$((1000 + night * 7 % 5 + (night > 20 && night < 26 ? 300 : 0))) >night.json
	"$slabmark" import --db=watched.db night.json >/dev/null
done
called 'alarms' 0 --db=watched.db
says 'the incident' 'session 21 (21 October 2026, commit c21): 2 series changed'
says 'an alarm that is open' 'open since session 21 (21 October 2026, commit c21), known with session 21'
says 'an alarm that is gone' 'gone since session 26 (26 October 2026, commit c26), known with session 27'
says 'its kind' 'returns, default, machine feed: incident up from 1'
equal 'an incident as JSON' '{"incident":21,"series":[{"kind":"step","state":"open"' \
	"$("$slabmark" history --db=watched.db --format=json | grep -o '^{"incident":21,"series":\[{"kind":"step","state":"open"')"
called 'the nights once more' 0 --db=watched.db --replay
says 'what was opened' 'session 21 (21 October 2026, commit c21): opened, stays, default, machine feed: since session 21 up from 1'
says 'what was gone' 'session 27 (27 October 2026, commit c27): gone, returns, default, machine feed: since session 21, to before session 26'
equal 'what was known on a day' 'open open' \
	"$("$slabmark" history --db=watched.db --as-of=2026-10-22 | grep -o 'open since\|gone since' | cut -d' ' -f1 | paste -sd ' ')"
equal 'what was known before' '' "$("$slabmark" history --db=watched.db --as-of=2026-10-20 | grep Alarms)"
equal 'a higher floor' '1' "$("$slabmark" history --db=watched.db --floor=35 | grep -c 'open since\|gone since')"
refused 'a day that is none' 2 'is no date' --db=watched.db --as-of=soon
refused 'a day before all sessions' 3 'of that time' --db=watched.db --as-of=2026-01-01
refused 'a day of a file without times' 2 '--time=NAME is missing' --input step.csv --as-of=2026-01-01
for night in {1..40}; do
	echo $((night < 20 ? 100 + night % 3 : 100 + night % 3 + 5 * (night - 20)))
done >bends.csv
called 'a series that begins to climb' 0 --input bends.csv --format=text
says 'where' 'bend at 20: from'
says 'how long' 'drift, 0 to 39: up from 10'
{
	printf '7\n%.0s' {1..20}
	printf '9\n%.0s' {1..3}
	printf '7\n%.0s' {1..20}
} >spell.csv
called 'a bad spell' 0 --input spell.csv --format=text
says 'its begin' 'incident at 20: up from 7 to 9, by +2 (95 %: +2 to +2)'
says 'its end' 'return at 23: down from 9 to 7'
{
	printf '7\n%.0s' {1..20}
	echo 8
} >counter.csv
equal 'the newest value of a counter' '[20]' "$("$slabmark" history --input counter.csv | indices)"
equal 'nights without an alarm' '' "$("$slabmark" history --input flat.json --replay)"
id=$("$slabmark" history --db=watched.db | sed -n 's/^    \([0-9a-f]*\) open since.*/\1/p')
"$slabmark" history --db=watched.db --triage="$id:expected" --note='as planned' >/dev/null
equal 'an alarm that somebody judged' "    $id judged since session 21 (21 October 2026, commit c21), known with session 21: as planned" \
	"$("$slabmark" history --db=watched.db | grep 'judged since')"
refused 'a judgement of a file' 2 '--triage is for the store' --input step.csv --triage="$id:noise"
exit "$failed"
