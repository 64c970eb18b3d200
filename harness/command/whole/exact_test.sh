#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Exact metrics from real measured programs: they are right, the store keeps them, the gate compares them exactly, and compare
# shows where they differ. One round each: no time can decide anything. Argument: the path of slabmark, beside which the
# programs are.
programs=$(realpath "$(dirname "$1")")
# shellcheck source=harness/command/check.bash
source "$(dirname "$0")/../check.bash"
unset SLAB_OPTIONS SLABMARK_PROGRAMS HWLOC_SYNTHETIC HWLOC_XMLFILE

measure() { # WHAT WORD...
	called "$1" 0 run --workload=pair --set=pair.size=1500 --rounds=1 --min-time=0.001 --db=s.db "${@:2}"
}

# Of objects of 1500 bytes a slab of one page has two, and a larger one wastes less: boot options decide.
measure 'slabs of up to two pages' --config=default
measure 'the same once more' --config=default
SLAB_OPTIONS=slab_max_order=0 measure 'slabs of one page' --config=default
measure 'three allocators' --config=default,debug,glibc

# ---- they are right ------------------------------------------------------------------------------------------------

stored() { # SESSION CONFIG COUNTER: its number, nothing where the counter is absent
	"$slabmark" export --db=s.db --session="$1" --config="$2" --format=jsonl |
		sed -n "s/.*\"$3\":\([0-9]*\)\.0[,}].*/\1/p"
}

# COLUMN WORD...: what the config's inspecting program says of such a cache.
laid_out() {
	local column=$1
	printf 'size\talign\tflags\tctor\n1500\t0\tnone\t0\n' | "$slabmark" geometry --topology=machine "${@:2}" |
		awk -v column="$column" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == column) at = i } NR == 2 { print $at }'
}

bytes_of() { # CONFIG FUNCTION, as the program's symbol table has it
	echo $((16#$(nm --print-size "$programs/slabmark-run-$1" | awk -v name="$2" '$4 == name { print $2 }')))
}

geometry_is() { # SESSION CONFIG WORD...
	equal "objects a slab of session $1, $2" "$(laid_out num --config="$2" "${@:3}")" \
		"$(stored "$1" "$2" geometry_objects_per_slab)"
	equal "bytes of a slab of session $1, $2" "$((4096 << $(laid_out gfporder --config="$2" "${@:3}")))" \
		"$(stored "$1" "$2" geometry_slab_bytes)"
}
geometry_is 1 default
geometry_is 3 default --option=slab_max_order=0
geometry_is 4 debug
for config in default debug; do
	equal "code of $config that allocates" "$(bytes_of "$config" kmem_cache_alloc)" "$(stored 4 "$config" code_bytes_alloc)"
	equal "code of $config that frees" "$(bytes_of "$config" kmem_cache_free)" "$(stored 4 "$config" code_bytes_free)"
done
for counter in geometry_objects_per_slab geometry_slab_bytes code_bytes_alloc code_bytes_free; do
	equal "$counter of a peer" '' "$(stored 4 glibc "$counter")"
done

# ---- they are judged -----------------------------------------------------------------------------------------------

few=$(stored 3 default geometry_objects_per_slab) many=$(stored 1 default geometry_objects_per_slab)
[[ $few != "$many" ]] || fail "the boot option made no difference: $many objects"
# One process a side: no time can be judged, and exact metrics that stayed do not make that green.
called 'the same program' 3 gate --baseline=session:1 --session=2 --confirm=none --db=s.db
says 'nothing exact has changed' 'found     1 undecided, 4 equivalent'
called 'another layout' 1 gate --baseline=session:1 --session=3 --confirm=none --db=s.db
says 'and its size has not' 'found     2 regressions, 1 undecided, 2 equivalent'
says 'objects a slab' "geometry_objects_per_slab: $few, baseline $many"
says 'bytes of a slab' 'geometry_slab_bytes: 4096, baseline 8192'

# ---- they are shown ------------------------------------------------------------------------------------------------

called 'two layouts' 0 compare --col=session --filter='session:(1 OR 3)' --counters=all --db=s.db
# told WHAT COUNTER BASE OTHER: a line of the table of counters, marked as exact.
told() {
	grep -qE "$2 +$3 +$4 .* changed, (more|fewer) \[exact\]" output || complain "$1" "$2 $3 $4 [exact]" "$(<output)"
}
told 'they are told apart' geometry_objects_per_slab "$many" "$few"
told 'as exact ones' geometry_slab_bytes 8192 4096
! grep -q code_bytes output || complain 'what is the same explains nothing' 'no code_bytes' "$(<output)"
called 'two configs' 0 compare default debug --counters=all --session=4 --db=s.db
told 'the code is another' code_bytes_alloc "$(bytes_of default kmem_cache_alloc)" "$(bytes_of debug kmem_cache_alloc)"
called 'two configs as JSON' 0 compare default debug --counters=all --session=4 --format=json --db=s.db
says 'exact' '"exact": true'
says 'and not' '"exact": false'

# A name alone makes nothing exact: this one differs among the processes of a side.
for i in 1 2; do
	for config in default other; do
		printf '{"context": {"config": "%s"}, "benchmarks": [{"name": "x", "iterations": 1, "real_time": 1, "cpu_time": 1,
			"time_unit": "ns", "exact_looks": %d, "exact_steps": %d}]}' "$config" "$i" "${#config}" >"$config$i.json"
	done
done
called 'made results' 0 import --db=made.db default1.json default2.json other1.json other2.json
called 'compare them' 0 compare default other --counters=all --db=made.db
told 'one that does not vary' exact_steps 7 5
grep -qE 'exact_looks +1\.5 +1\.5 .* undecided$' output || complain 'one that varies' 'exact_looks, undecided' "$(<output)"
exit "$failed"
