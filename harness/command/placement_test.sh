#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Threads, placements, memory policies, sweeps and filters of 'slabmark run', and 'slabmark list placements', on made-up machines.
# Arguments: the path of slabmark, beside which the programs are, and the stand-in for them.
# shellcheck source=harness/command/check.bash
source "$(dirname "$0")/check.bash"
unset SLAB_OPTIONS SLABMARK_PROGRAMS HWLOC_SYNTHETIC HWLOC_XMLFILE

names() { # the names of the samples of a store, sorted
	"$slabmark" export --db="$1" --format=jsonl | grep -o '"name": *"[^"]*"' | cut -d'"' -f4 | sort -u
}
short=(run --config=default --rounds=1 --min-time=0.001)

# Four nodes of two CPUs.
export HWLOC_SYNTHETIC='numa:4 core:2 pu:1'
called 'a matrix' 0 "${short[@]}" --workload=handover --place=matrix --db=matrix.db
equal 'each ordered pair of four nodes' 16 "$(names matrix.db | grep -c 'relation:matrix/from:[0-3]/to:[0-3]/')"
called 'a report of the matrix' 0 report --db=matrix.db --site=site
grep -rq 'matrices' site || fail 'the report has no matrix'
called 'one config alone' 0 compare default --db=matrix.db
equal 'lines of times and of remote frees' 8 "$(grep -cE '^ +from [0-3] ' output)"
equal 'its benchmarks' 16 "$(grep -c '^handover/size:192/relation:matrix/' output)"
called 'a curve' 0 "${short[@]}" --workload=pair,handover --threads=1..all --db=curve.db
for name in pair/size:192/real_time pair/size:192/relation:{compact,spread}/real_time/threads:{2,4,8} \
	handover/size:192/relation:{compact,spread}/real_time/threads:{4,8}; do
	names curve.db | grep -qx "$name" || fail "the curve lacks $name"
done
called 'a curve of two configs' 0 run --config=default,null --rounds=2 --min-time=0.001 --workload=pair --threads=1..all --db=two.db
called 'curves' 0 compare default null --db=two.db
for side in default null; do
	grep -q "^scaling of pair/size:192/real_time, $side: speed-up against 1 thread$" output || fail "no curve of $side: $(<output)"
done
equal 'lines of a curve' 2 "$(grep -cE '^ +8 .* ns .*\)?$' output)"
called 'curves as JSON' 0 compare default null --db=two.db --format=json
grep -q '"speedup_low"' output || fail "no curve in JSON: $(<output)"
called 'two configs from node to node' 0 run --config=default,null --rounds=1 --min-time=0.001 --workload=handover --place=matrix --db=nodes.db
grep -q '^slabmark run: on a simulated machine, of HWLOC_SYNTHETIC' errors || fail "the run does not say simulated: $(<errors)"
for format in text json markdown; do
	called "$format" 0 compare default null --db=nodes.db --format=$format
	grep -q 'the machine is simulated: topology from HWLOC' output || fail "$format does not say simulated: $(<output)"
done
called 'the list' 0 list workloads
grep -q '^On the simulated machine of HWLOC_SYNTHETIC$' output || fail "the list does not say simulated: $(head -3 output)"
called 'matrices' 0 compare default null --db=nodes.db
equal 'lines of matrices: times of both, remote frees of one' 12 "$(grep -cE '^ +from [0-3] ' output)"
called 'the floor' 0 compare default null --db=two.db --subtract=null
refused 'a floor of another day' 2 '--subtract takes off what a config measured in the same session' \
	compare --col=session 1 2 --db=two.db --subtract=null
called 'every relation' 0 "${short[@]}" --workload=handover --place=all --db=all.db
grep -q '^slabmark run: left out: handover/size:192/relation:smt-sibling/real_time/threads:2: needs two hardware threads of one core' errors ||
	fail "no word of what the machine lacks: $(<errors)"
equal 'the relations that four nodes have' 'compact node-near same-cpu same-node spread' \
	"$(names all.db | sed 's/.*relation:\([a-z-]*\).*/\1/' | sort -u | paste -sd' ')"
called 'CPUs by name' 0 "${short[@]}" --workload=handover --place=node:3.core:0-1 --db=cpus.db
equal 'the CPUs in the name' 'handover/size:192/cpus:6-7/real_time/threads:2' "$(names cpus.db)"
called 'a memory policy' 0 "${short[@]}" --workload=pair --memory=interleave:0-1 --db=memory.db
equal 'the policy in the name' 'pair/size:192/memory:interleave=0-1/real_time' "$(names memory.db)"
refused 'a node that there is not' 2 '--memory=bind:7: this process may use the memory of nodes 0-3 alone' \
	"${short[@]}" --memory=bind:7 --dry-run
refused 'a relation that there is not' 3 'two hardware threads of one core' \
	"${short[@]}" --workload=handover --place=smt --db=none.db

# 256 CPUs, and as many threads on what there is here.
HWLOC_SYNTHETIC='pack:2 [numa] l3:8 core:8 pu:2' called 'many threads' 0 \
	"${short[@]}" --workload=handover --threads=256 --place=compact --db=many.db
equal '256 threads' 'handover/size:192/relation:compact/real_time/threads:256' "$(names many.db)"
HWLOC_SYNTHETIC='pack:2 [numa] l3:8 core:8 pu:2' called 'a map of many' 0 list placements --threads=all
wide=$(grep -cE '.{80,}' output) || true
equal 'lines wider than a terminal' 0 "$wide"
grep -q 'Placements of 256 threads, on the simulated machine of HWLOC_SYNTHETIC' output || fail "no word of the simulation: $(<output)"

# The list.
called 'a list' 0 list placements
grep -q '^  node-near$' output || fail "no node-near: $(<output)"
grep -q '^      node 1   . 2$' output || fail "no map: $(<output)"
called 'a list as JSON' 0 list placements --format=json
grep -q '"simulated": "HWLOC_SYNTHETIC"' output || fail "JSON does not say simulated: $(<output)"
called 'names' 0 list placements --format=names
equal 'names of placements' 'same-cpu smt-sibling same-cache same-node node-near node-far compact spread matrix' "$(paste -sd' ' output)"
refused 'threads of another list' 2 "'slabmark list placements' alone" list workloads --threads=2
refused 'no number of threads' 2 '--threads=many: must be a whole number of threads' list placements --threads=many
unset HWLOC_SYNTHETIC

# Sweeps and filters.
called 'a sweep' 0 "${short[@]}" --workload=pair --set=pair.size=64..256*2 --db=sweep.db
equal 'the sizes' 'pair/size:128/real_time pair/size:256/real_time pair/size:64/real_time' "$(names sweep.db | paste -sd' ')"
called 'a filter' 0 "${short[@]}" --filter='^pair(-kfree)?/' --db=filter.db
equal 'what the filter matches' 'pair-kfree/size:192/real_time pair/size:192/real_time' "$(names filter.db | sort | paste -sd' ')"
called 'a negative filter' 0 "${short[@]}" --workload=pair,pair-kfree --filter=-kfree --db=negative.db
equal 'what it does not match' 'pair/size:192/real_time' "$(names negative.db)"
dry=(run --config=default --dry-run)
refused 'a filter without match' 2 'the filter matches none' "${dry[@]}" --filter=nope
refused 'no expression' 2 '--filter=(: no regular expression' "${dry[@]}" --filter='('
refused 'a size too large' 2 '--set=pair.size=64..70000*2: must be a whole number of bytes from 8 to 65536' "${dry[@]}" --set=pair.size=64..70000*2
refused 'steps that lead nowhere' 2 'must be a whole number' "${dry[@]}" --set=pair.size=64..128*1
refused 'no thread' 2 '--threads=0: must be a whole number of threads from 1 to 8192, or all' "${dry[@]}" --threads=0
refused 'a word for a placement' 2 "--place: unknown placement 'compcat'; did you mean 'compact'?" "${dry[@]}" --place=compcat
refused 'a CPU that there is not' 2 'CPU 4095' "${dry[@]}" --place=4095
refused 'a word for a policy' 2 "--memory: unknown policy 'interleaved'" "${dry[@]}" --memory=interleaved
refused 'more threads than CPUs' 3 'needs 4096 CPUs' "${dry[@]}" --workload=pair --threads=4096
exit "$failed"
