#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The view for Otava on a real PostgreSQL: it holds what `slabmark export --format=otava` writes, and the example's queries
# give the columns that the example names. ci/postgres runs it. Argument: the path of slabmark.
share=$(realpath "$(dirname "$0")/../../../results/exchange/otava")
# shellcheck source=harness/command/check.bash
source "$(dirname "$0")/../check.bash"
[[ -n ${SLABMARK_TEST_POSTGRES-} ]] || skip 'SLABMARK_TEST_POSTGRES is not set'
command -v psql >/dev/null || skip 'psql is not installed (postgresql-client)'
schema=otava_test_$$
view=otava_test_view_$$ # in place of slabmark_otava, which may be in use on that server
clean_up() {
	PGOPTIONS='-cclient_min_messages=warning' psql --no-psqlrc --quiet "$SLABMARK_TEST_POSTGRES" \
		-c "DROP SCHEMA IF EXISTS $schema, $view CASCADE"
	rm -r "$folder"
}
trap clean_up EXIT

sql() {
	PGOPTIONS=-csearch_path=$schema psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --csv "$SLABMARK_TEST_POSTGRES" "$@"
}

document() { # CONFIG ROUND REAL_TIME SIMULATED
	printf '{"context": {"date": "2026-11-2%s:00:00+00:00", "config": "%s", "machine": "5a060b02ca48a6b4", "commit": "c%s", ' \
		"$2" "$1" "${2%T*}"
	printf '"simulated": "%s"}, "benchmarks": [' "$4"
	for repetition in 0 1; do
		printf '{"name": "pair/size:64/real_time", "run_type": "iteration", "iterations": 5, "real_time": %s%s, "cpu_time": 2, "time_unit": "us"},' \
			"$3" "$repetition"
	done
	printf '{"name": "pair/size:64/real_time_mean", "run_type": "aggregate", "aggregate_name": "mean", "real_time": 999, '
	printf '"cpu_time": 9, "time_unit": "us"}, {"name": "broken", "run_type": "iteration", "error_occurred": true, '
	printf '"error_message": "no", "real_time": 0, "cpu_time": 0, "time_unit": "ns"}]}\n'
}

# Three nights, two processes of each config; on the last, one was simulated.
sql -c "CREATE SCHEMA $schema"
separator='?'
[[ $SLABMARK_TEST_POSTGRES != *\?* ]] || separator='&'
url="$SLABMARK_TEST_POSTGRES${separator}options=-csearch_path%3D$schema"
for night in 1 2 3; do
	rm -f ./*.json
	for process in 1 2; do
		document default "${night}T1$process" "1$night.$process" no >"default$process.json"
		document noalien "${night}T1$process" "1$night.5$process" no >"noalien$process.json"
	done
	[[ $night != 3 ]] || document slow "${night}T15" 500 callgrind >simulated.json
	"$slabmark" import --db="$url" ./*.json >/dev/null
done

for file in otava.sql otava.yaml; do sed "s/slabmark_otava/$view/g" "$share/$file" >"$file"; done
sql --file=otava.sql
sql --file=otava.sql # again, over itself
[[ $(sql --tuples-only -c "SELECT count(*) FROM $view.figures") == 6 ]] ||
	give_up "not one row a night and config: $(sql -c "SELECT * FROM $view.figures")"
[[ $(sql --tuples-only -c "SELECT DISTINCT processes FROM $view.figures") == 2 ]] || give_up 'not two processes behind each'

# The same nights, commits and figures as the export has, of which the 1st and 2nd column are time and commit.
for config in default noalien; do
	"$slabmark" export --db="$url" --format=otava --config="$config" | tr -d '\r' | tail -n +2 |
		awk -F, '{ printf "%s %s %s %.6f\n", $1, $2, $3, $4 }' >exported
	sql --tuples-only -c "SELECT to_char(time AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), commit, machine, real_time_ns
		FROM $view.figures WHERE config = '$config' ORDER BY time" | awk -F, '{ printf "%s %s %s %.6f\n", $1, $2, $3, $4 }' >viewed
	[[ $(wc -l <exported) == 3 ]] || give_up "the export has not three nights: $(cat exported)"
	diff exported viewed || give_up 'the view differs from the export'
done

# Each query of the example, as it stands there.
awk '/^    query: \|/ { n++; within = 1; next } !/^      / { within = 0 } within { print > ("query" n) }' otava.yaml
[[ -f query2 && ! -f query3 ]] || give_up 'the example has not two queries'
[[ $(sql --file=query1 | head -n 1) == time,commit,session,real_time_ns,cpu_time_ns ]] || give_up "other columns: $(sql --file=query1)"
[[ $(sql --file=query1 | wc -l) == 4 ]] || give_up "not three nights: $(sql --file=query1)"
[[ $(sql --file=query2 | head -n 1) == time,commit,session,ratio ]] || give_up "other columns: $(sql --file=query2)"
sql --file=query2 | tail -n +2 | awk -F, '$4 < 1.005 || $4 > 1.05 { exit 1 }' || give_up "other ratios: $(sql --file=query2)"

# The store is still one.
"$slabmark" export --db="$url" --out=after.jsonl
[[ $(wc -l <after.jsonl) == 13 ]] || give_up 'the store lost something'
