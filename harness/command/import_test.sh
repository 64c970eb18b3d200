#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# `slabmark export` and `slabmark import` on files: the round trip, what a bad file leaves behind, and an output file
# that is there whole or not at all. Argument: the path of slabmark.
# shellcheck source=harness/command/check.bash
source "$(dirname "$0")/check.bash"

document() { # config, real_time
	printf '{"context": {"date": "2026-01-02T03:04:05+00:00", "host_name": "a", "config": "%s", "machine": "m"}, "benchmarks": [\n' "$1"
	printf '{"name": "x/%s", "run_type": "iteration", "iterations": 5, "real_time": %s, "cpu_time": 1, ' "'; DROP TABLE samples; --" "$2"
	printf '"time_unit": "us", "c": NaN}]}'
}
for i in 1 2 3 4 5 6 7 8; do
	document default "10.$i" >"default$i.json"
	document other "12.$i" >"other$i.json"
done

expect 0 'imported 16 processes of 1 session' import --db=a.db default?.json other?.json
expect 0 'changed, slower' compare --db=a.db default other
expect 0 'imported 1 process of 1 session' import --db=named.db --config=mine default1.json
expect 0 'mine' export --db=named.db --format=csv

expect 0 '' export --db=a.db --out=all.jsonl
[[ $(wc -l <all.jsonl) == 16 ]] || fail 'jsonl has another number of lines than processes'
expect 0 'imported 16 processes of 1 session' import --db=b.db all.jsonl
expect 0 'imported 0 processes of 0 sessions; 16 were in the store already' import --db=b.db all.jsonl
expect 0 '' export --db=b.db --out=again.jsonl
cmp all.jsonl again.jsonl || fail 'the round trip changed something'

# One round of one config is one process again.
for i in 0 1 2 3 4; do
	expect 0 '' export --db=a.db --format=gbench --config=default --round=$i --out="a$i.json"
	expect 0 '' export --db=a.db --format=gbench --config=other --round=$i --out="b$i.json"
done
expect 0 '5, 5' compare --input a?.json --against b?.json

# A bad file: nothing of it is kept, what came before is.
head -c 900 all.jsonl >cut.jsonl
(head -3 all.jsonl && echo '{"slabmark_process":1,"session":{}}') >wrong.jsonl
(head -3 all.jsonl && echo '{"slabmark_process":1,"slabmark_process":1}') >twice.jsonl
expect 2 'cut.jsonl, line ' import --db=c.db cut.jsonl
expect 2 'wrong.jsonl, line 4: not a line of' import --db=c.db wrong.jsonl
expect 2 'twice.jsonl, line 4, column' import --db=c.db twice.jsonl
expect 3 'nothing is stored yet' export --db=c.db --format=csv
printf '{"benchmarks": []}' >foreign.json
printf '{"context": {}, "benchmarks": [{"name": "x", "real_time": 1e400}]}' >overflow.json
printf '[%.0s' {1..100000} >deep.json
expect 2 'foreign.json: ' import --db=c.db foreign.json
expect 2 'overflow.json, line 1' import --db=c.db overflow.json
expect 2 'deep.json, line 1' import --db=c.db deep.json
expect 3 'missing.json: could not open it' import --db=c.db missing.json
expect 2 'all of those before it was' import --db=c.db default1.json foreign.json other1.json
[[ $("$slabmark" export --db=c.db | wc -l) == 1 ]] || fail 'the good file before the bad one is not in the store'
expect 2 'expected FILE...' import --db=c.db

# Output that fails leaves the old file, and nothing beside it.
expect 2 'choose one with --config' export --db=a.db --format=gbench --out=all.jsonl
cmp all.jsonl again.jsonl || fail 'a failed export changed its output file'
expect 3 'could not write it' export --db=a.db --out=no/such/folder/x
[[ -z $(find . -name '*.jsonl.*') ]] || fail "left behind: $(find . -name '*.jsonl.*')"
expect 2 'there is no session 9' export --db=a.db --session=9
expect 3 'no store there' export --db=none.db

# What is named as an output stays what it is.
mkfifo pipe && touch target && ln -s target link && touch secret && chmod 600 secret && ln -s nowhere dangling
for format in jsonl csv; do
	cat pipe >piped &
	expect 0 '' export --db=a.db --format="$format" --out=pipe
	wait $!
	for path in link secret dangling; do
		expect 0 '' export --db=a.db --format="$format" --out="$path"
		cmp piped "$path" || fail "--out=$path is not what the FIFO got"
	done
	"$slabmark" export --db=a.db --format="$format" --out=/dev/stdout >stdout
	cmp piped stdout || fail '--out=/dev/stdout is not what the FIFO got'
	"$slabmark" export --db=a.db --format="$format" --out=- | cmp piped - || fail '--out=- is not what the FIFO got'
done
[[ -p pipe && -L link && -f target && -L dangling && -f nowhere ]] || fail "not what it was: $(ls -l)"
[[ $(stat -c %a secret) == 600 ]] || fail "the mode of a file changed to $(stat -c %a secret)"
expect 2 'is a folder' export --db=a.db --out=.
if [[ -w /dev/full ]]; then
	for format in jsonl 'gbench --config=default' csv gobench lnt github-action bmf otava openmetrics 'junit --base=default'; do
		# shellcheck disable=SC2086 # a format and its options
		expect 3 'No space left on device' export --db=a.db --out=/dev/full --format=$format
		# shellcheck disable=SC2086
		"$slabmark" export --db=a.db --format=$format >/dev/full 2>errors && fail "$format: a full disk is no failure"
		grep -q 'No space left on device' errors || fail "$format: a full disk is not said: $(<errors)"
	done
	[[ -c /dev/full ]] || fail '/dev/full is none any more'
	for file in default?.json other?.json; do
		sed 's/03:04:05/04:04:05/' "$file" >"later-$file"
	done
	"$slabmark" import --db=b.db later-*.json >/dev/null
	for option in junit markdown; do
		status=0
		"$slabmark" gate --db=b.db --baseline=session:1 --confirm=none --$option=/dev/full >/dev/null 2>errors || status=$?
		equal "--$option=/dev/full" '3 slabmark gate: /dev/full: could not write it: No space left on device' "$status $(<errors)"
	done
fi

# XML is well formed, where there is a parser to say so.
expect 0 '' export --db=a.db --format=junit --out=junit.xml
if command -v xmllint >/dev/null; then
	xmllint --noout junit.xml || fail 'junit.xml is not well formed'
fi
exit "$failed"
