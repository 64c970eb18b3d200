#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Counters from the command line to the store: on programs that only pretend to count, then on a real one. Arguments: the
# path of slabmark, beside which a real program is, and the fake one.
programs=$(realpath "$(dirname "$1")") fake=$(realpath "$2")
# shellcheck source=harness/command/check.bash
source "$(dirname "$0")/check.bash"
unset SLAB_OPTIONS HWLOC_SYNTHETIC HWLOC_XMLFILE

# shows WHAT EXPRESSION: a line of the output of what was called last; lacks: none.
shows() {
	grep -q -E -- "$2" output || complain "$1" "$2" "$(<output)"
}
lacks() {
	! grep -q -E -- "$2" output || complain "$1: a line too many" '' "$(grep -E -- "$2" output)"
}

# ---- a program that pretends ---------------------------------------------------------------------------------------

fake_programs "$fake" default nocolour
measuring=(run --workload=pair --rounds=2 --db=fake.db --config="default,nocolour")

refused 'an unknown counter' 2 "--counters=cycles,nope: no counter is called 'nope'; did you mean 'core'?" \
	"${measuring[@]}" --counters=cycles,nope
[[ ! -e fake.db ]] || fail 'a wrong counter left a store behind'
refused 'an unknown counter in a dry run' 2 "no counter is called 'nope'" "${measuring[@]}" --counters=nope --dry-run
refused "Google Benchmark's own counters" 2 'use --counters' "${measuring[@]}" -- --benchmark_perf_counters=CYCLES
FAKE_FAULT=default:counters refused 'a program that cannot say' 3 'cannot count' "${measuring[@]}" --counters=cycles

export FAKE_COUNTERS='"cycles":12.5,"cycles.raw":1250,"cycles.running":0.431,"cycles.thread0":12.5,"migrations":2,'
FAKE_TRACE=$folder/trace called 'counters, one of them missing' 0 "${measuring[@]}" --counters=cycles,remote-hitm
grep -qF 'not counted: remote-hitm: no PMU' errors || complain 'a missing counter' 'its reason' "$(<errors)"
shows 'a share of the time' 'cycles .*12\.5 \(43%\) .*12\.5 \(43%\)'
shows 'own totals, an operation' 'migrations +0\.02 +0\.02$'
shows 'moved threads' '^4 of 4 samples have migrations in them'
lacks 'parts of a counter' 'cycles\.(raw|thread0)'
lacks 'a counter that was not counted' 'remote-hitm'
equal 'processes that were told' 4 "$(grep -c -e ' --slabmark_counters=cycles,remote-hitm' trace)"
FAKE_COUNTERS='"cycles":12.5,"cycles.raw":1250,' called 'counters that always ran' 0 "${measuring[@]}" --counters=cycles
shows 'a count of all the time' 'cycles .*12\.5 .*12\.5$'
called 'a run without counters' 0 "${measuring[@]}"
lacks 'a run without counters' 'an operation:'

called 'the list of counters' 0 list counters
said_of() {
	awk -v name="  $1" '$0 == name { getline; sub(/^ +/, ""); print }' output
}
equal 'an available counter' 'available: fake 0x1 (of a clock)' "$(said_of cycles)"
equal 'a missing counter' 'unavailable: no PMU (far)' "$(said_of remote-hitm)"
called 'the names of counters' 0 list counters --format=names
equal 'the names of counters' 'core cycles remote-hitm' "$(paste --serial --delimiters=' ' output)"

# ---- a real one ----------------------------------------------------------------------------------------------------

export SLABMARK_PROGRAMS=$programs
unset FAKE_COUNTERS
called 'a run that counts' 0 run --config=default --workload=pair --rounds=1 --min-time=0.001 --db=real.db \
	--counters=cache,numa,software
cp errors missing
called 'what it stored' 0 export --db=real.db --format=jsonl
# Each counter of the list is in the sample with a number, or was named as missing with a reason; never both.
for counter in LLC-load-misses cache-misses local-dram-loads remote-dram-loads task-clock page-faults context-switches; do
	stored=$(grep -c -F "\"$counter\":" output || true) told=$(grep -c "not counted: $counter: [a-z]" missing || true)
	[[ $((stored > 0)) != "$told" ]] || fail "$counter is stored $stored times and called missing $told times"
done
refused 'a name that is nearly right' 2 "did you mean 'cache'?" run --config=default --db=real.db --counters=cahce
exit "$failed"
