#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# `slabmark compare` of any two sides of a store, from the outside: what the options choose, formats, and exit statuses. Argument: the
# path of slabmark. Skips with 77 where there is no jq.
# shellcheck source=harness/command/check.bash
source "$(dirname "$0")/../check.bash"
command -v jq >/dev/null || skip 'no jq here'
words=(compare --db=s.db)

# rows ARGUMENT...: name, base, config, processes of both sides, a line a row.
rows() {
	"$slabmark" compare --db=s.db --format=json "$@" |
		jq -r '.rows[] | [.name, .base, .config, .n, .n_a, .n_b] | join(" ")'
}

# session COMMIT MACHINE NS: six rounds of default and of noalien, which takes half as long again.
made=0
session() {
	local config round ns=$3 files=()
	for config in default noalien; do
		for round in 0 1 2 3 4 5; do
			{
				printf '{"context": {"config": "%s", "commit": "%s", "machine": "%s", "date": "2026-01-01T%02d:%02d:00Z"}, "benchmarks": [' \
					"$config" "$1" "$2" $((made / 60)) $((made % 60))
				printf '{"name": "pair/size:%d", "run_type": "iteration", "iterations": 9, "real_time": %d.%d, "cpu_time": 1,
					"time_unit": "ns", "refills": %d}%s' \
					64 "$ns" $((round * 7 % 5)) $((64 * $3)) , 128 "$ns" $((round * 7 % 5)) $((128 * $3)) ']}'
			} >"$config.$round.json"
			files+=("$config.$round.json")
			made=$((made + 1)) # no two files are the same, as none that were measured are
		done
		ns=$(($3 * 3 / 2))
	done
	"$slabmark" import --db=s.db "${files[@]}" >/dev/null
}
session aaaa1111 feedfeed 10
session bbbb2222 feedfeed 20
session bbbb2222 beefbeef 30

equal 'a filter' 'pair/size:64 default noalien 6 6 6' "$(rows --filter='/size:64')"
equal 'a session' 'pair/size:64 default noalien 6 6 6' "$(rows --filter='session:1 name:/64$/')"
equal 'sessions as sides' 'pair/size:64 1 2 0 6 6' "$(rows --col=session --filter='session:(1 OR 2) config:default -/size:128')"
equal 'commits by their beginning' \
	'pair/size:64 config:default bbbb2222 aaaa1111 0 6 6 pair/size:64 config:noalien bbbb2222 aaaa1111 0 6 6' \
	"$(rows --col=commit bbbb aaaa --filter='machine:feedfeed /size:64' | paste -sd ' ')"
equal 'a parameter' 'pair config:default 64 128 6 6 6' "$(rows --col=/size --filter='config:default' --row=name,config | sed 's/^pair /pair config:default /')"
equal 'rows that keep machines apart' \
	'pair/size:64 machine:beefbeef default noalien 6 6 6 pair/size:64 machine:feedfeed default noalien 6 6 6' \
	"$(rows --row=name,machine --filter='/size:64' | paste -sd ' ')"
equal 'across machines' 'pair/size:64 feedfeed beefbeef 0 6 6' "$(rows --col=machine --across --filter='config:default /size:64 commit:bbbb')"
equal 'across machines is labelled' true "$("$slabmark" compare --db=s.db --col=machine --across --format=json | jq .across)"
equal 'a counter' 'refills 1280 1280' "$("$slabmark" compare --db=s.db --filter='session:1 /size:128' --counters=refills --format=json |
	jq -r '.rows[0].counters[0] | [.name, .base, .config] | join(" ")')"
equal 'counters as columns' ',refills_base,refills_config,refills_ratio,refills_difference,refills_low,refills_high,refills_q,refills_verdict,counters_simulated,explanation' \
	"$("$slabmark" compare --db=s.db default noalien --counters=all --format=csv | head -n 1 | tr -d '\r' | grep -o ',refills.*')"

refused 'unequal machines' 2 'machine feedfeed' --col=session --filter='config:default'
refused 'an unknown value' 2 "no commit 'cccc'" --col=commit aaaa cccc
refused 'an unknown config' 2 "no config 'defualt'" defualt noalien --filter='/size:64'
refused 'a value named twice' 2 'named twice' --col=machine feedfeed feedfee
refused 'an unknown key' 2 "no key 'colour'" --filter='colour:red'
refused 'a filter with a mistake' 2 'column 8' --filter='config:'
refused 'what nothing passes' 3 'passes the filter' --filter='config:none'
refused 'a single side' 3 'all that there is' --filter='config:default'
refused 'nothing to compare' 2 'expected BASE [OTHER...]' --counters=all
refused 'a projection of files' 2 'are for a store' --input a --against b --col=commit
exit "$failed"
