#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The dashboard for Grafana on a real PostgreSQL: every query of it runs, with Grafana's macros and variables put in as Grafana
# does, and those of figures give them. ci/postgres runs it. Argument: the path of slabmark.
# shellcheck source=harness/command/check.bash
source "$(dirname "$0")/check.bash"
[[ -n ${SLABMARK_TEST_POSTGRES-} ]] || skip 'SLABMARK_TEST_POSTGRES is not set'
command -v psql >/dev/null || skip 'psql is not installed (postgresql-client)'
command -v jq >/dev/null || skip 'jq is not installed'
schema=grafana_test_$$
# shellcheck disable=SC2317 # the trap calls it
clean_up() {
	PGOPTIONS='-cclient_min_messages=warning' psql --no-psqlrc --quiet "$SLABMARK_TEST_POSTGRES" \
		-c "DROP SCHEMA IF EXISTS $schema CASCADE"
	rm -r "$folder"
}
trap clean_up EXIT

sql() {
	PGOPTIONS=-csearch_path=$schema psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --csv --tuples-only "$SLABMARK_TEST_POSTGRES" "$@"
}

# A query as Grafana sends it, for all of the time, the made-up benchmark, machine and configs.
filled() {
	sed -E -e "s/\\\$__timeFilter\\(/(true OR now() > /g" \
		-e "s/\\\$\\{benchmark:sqlstring\\}/'pair\\/size:64\\/real_time'/g" \
		-e "s/\\\$\\{config:sqlstring\\}/'default','noalien'/g" -e "s/\\\$\\{machine:sqlstring\\}/'5a060b02ca48a6b4'/g"
}

sql -c "CREATE SCHEMA $schema"
separator='?'
[[ $SLABMARK_TEST_POSTGRES != *\?* ]] || separator='&'
url="$SLABMARK_TEST_POSTGRES${separator}options=-csearch_path%3D$schema"
document() { # CONFIG REAL_TIME
	printf '{"context": {"date": "2026-11-21T11:00:00+00:00", "config": "%s", "machine": "5a060b02ca48a6b4"}, "benchmarks": [' "$1"
	printf '{"name": "pair/size:64/real_time", "run_type": "iteration", "iterations": 5, "real_time": %s, "cpu_time": 2, "time_unit": "ns"}]}\n' "$2"
}
document default 10 >default.json
document noalien 15 >noalien.json
"$slabmark" import --db="$url" default.json noalien.json >/dev/null

"$slabmark" report --format=grafana >dashboard.json
mapfile -t queries < <(jq -r '.panels[].targets[].rawSql' dashboard.json)
equal 'the panels' 4 "${#queries[@]}"
for query in "${queries[@]}"; do
	sql -c "$(filled <<<"$query")" >/dev/null || complain 'a query that runs' "$query" 'an error'
done
equal 'the median of each config' 2 "$(sql -c "$(filled <<<"${queries[0]}")" | grep -c -E ',(default,10|noalien,15)$')"
equal 'the ratio to default' '1.5' "$(sql -c "$(filled <<<"${queries[1]}")" | awk -F, '{ print $7 + 0 }')"
mapfile -t queries < <(jq -r '.templating.list[] | select(.type == "query") | .query' dashboard.json)
for query in "${queries[@]}"; do
	[[ -n $(sql -c "$query") ]] || complain 'values for a variable' "$query" 'nothing'
done
exit "$failed"
