#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# `slabmark db` as users meet it: what it prints, its exit statuses, and what it leaves alone. Argument: the path of
# slabmark. With SLABMARK_TEST_POSTGRES the store is there, else a file.
# shellcheck source=harness/command/check.bash
source "$(dirname "$0")/check.bash"
store=${SLABMARK_TEST_POSTGRES:-s.db}

# Two sessions: one of 2020, one of now.
printf '{"context": {"date": "2020-02-02T00:00:00+00:00", "config": "default"}, "benchmarks": [
	{"name": "x", "iterations": 1, "real_time": 1, "cpu_time": 1, "time_unit": "ns"}]}' >old.json
sed 's/"date": "[^"]*", //' old.json >new.json
expect 0 '' import --db="$store" old.json
expect 0 '' import --db="$store" new.json

expect 0 ', current' db path --db="$store"
expect 0 '"is_current": true' db path --db="$store" --format=json
expect 0 'samples                     2' db size --db="$store"
expect 0 '"age": "older"' db size --db="$store" --format=json
expect 0 ': sound: 2 sessions, 2 processes, 2 samples' db verify --db="$store"
expect 0 'would prune session 1 of 2020-02-02 00:00:00 UTC: 1 process, 1 sample' db prune --older-than=2y --dry-run --db="$store"
expect 0 'keeps session 1 of 2020-02-02 00:00:00 UTC: one of the last' db prune --older-than=2y --keep=weekly,last:2 --db="$store"
expect 0 ': sound: 2 sessions' db verify --db="$store"
expect 0 'pruned 1 session, 1 process, 1 sample; ' db prune --older-than=90d --db="$store"
expect 0 ': sound: 1 session, 1 process, 1 sample' db verify --db="$store"
expect 0 'pruned 0 sessions' db prune --older-than=90d --db="$store"
expect 0 ' bytes, before ' db vacuum --db="$store"
expect 0 'version   ' db migrate --db="$store"

expect 2 'expected ACTION' db
expect 2 "'bath' is none of path|size" db bath
expect 2 'Say --older-than=AGE' db prune --db="$store"
for age in '' 90 d -1d 1.5d 90days 99999999999999999999d 300y; do
	expect 2 'is no age; expected' db prune --older-than="$age" --db="$store"
done
for rule in last last: last:0 last:-1 last:1x daily; do
	expect 2 "knows no rule '$rule'" db prune --older-than=1d --keep="$rule" --db="$store"
done
expect 2 'of '"'slabmark db prune' alone" db size --dry-run --db="$store"
expect 0 ': sound: 1 session' db verify --db="$store"

# A path where nothing is stays one: no action makes a store.
for action in path size verify vacuum migrate 'prune --older-than=1d'; do
	# shellcheck disable=SC2086 # two words
	expect 3 'no store there' db $action --db=none.db
done
[[ ! -e none.db ]] || fail 'db made a store where there was none'
exit "$failed"
