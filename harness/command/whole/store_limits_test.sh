#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Stores on other people's boxes: without memory that programs share, with a limit to the size of files, killed while they
# are made, in memory. Argument: the path of slabmark.
# shellcheck source=harness/command/check.bash
source "$(dirname "$0")/../check.bash"
document() { # DATE
	printf '{"context": {"config": "c", "date": "%s"}, "benchmarks"' "$1"
	echo ': [{"name": "x", "iterations": 5, "real_time": 3, "cpu_time": 1, "time_unit": "us"}]}'
}
document 2026-01-01T00:00:00Z >x.json
document 2026-01-02T00:00:00Z >y.json
document 2026-01-03T00:00:00Z >z.json

# ---- no shared memory: a folder stands where its file would be -----------------------------------------------------

mkdir n.db-shm
called 'a store without shared memory' 0 import --db=n.db x.json
[[ $(wc -l <errors) == 1 ]] || complain 'it is said in one line' 1 "$(<errors)"
grep -q 'n.db: .* rollback journal' errors || complain 'it is said' 'rollback journal' "$(<errors)"
called 'the next time' 0 import --db=n.db y.json
[[ ! -s errors ]] || complain 'it is said once' '' "$(<errors)"
called 'it is sound' 0 db verify --db=n.db
says 'it holds all' '2 processes'
rmdir n.db-shm
called 'where there is some' 0 import --db=n.db z.json
called 'it is sound there' 0 db verify --db=n.db
says 'it holds all' '3 processes'

# ---- ulimit -f -----------------------------------------------------------------------------------------------------

for limit in 1 10 40 80; do
	status=0
	(ulimit -f "$limit" && exec "$slabmark" import --db="f$limit.db" x.json >/dev/null 2>errors) || status=$?
	equal "ulimit -f $limit" 3 "$status"
	grep -q 'a file may grow no larger (ulimit -f)' errors || complain "ulimit -f $limit" 'ulimit' "$(<errors)"
	called "after ulimit -f $limit" 0 import --db="f$limit.db" x.json
	called "after ulimit -f $limit" 0 db verify --db="f$limit.db"
	says 'it holds what came after' '1 process'
done
(ulimit -f 1 && exec "$slabmark" export --db=n.db --out=csv --format=jsonl 2>errors) && fail 'an output beyond the limit is no failure'
grep -q 'csv: could not write it: File too large' errors || complain 'an output beyond the limit' 'File too large' "$(<errors)"

# ---- in memory -----------------------------------------------------------------------------------------------------

refused 'a store in memory' 2 'in memory ends with the program' import --db=:memory: x.json
refused 'a store in memory' 2 'in memory ends with the program' compare a b --db=:memory:
[[ ! -e :memory: ]] || fail 'a file is called :memory:'
called 'a file of that name' 0 import --db=./:memory: x.json
exit "$failed"
