#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A store whose writers are killed at random moments: after each kill all in it is sound, and nothing is lost but the
# process in flight (of an import: the file). Arguments: slabmark, fake_program.sh, how many kills, and a seed where one
# is to be repeated. With SLABMARK_TEST_POSTGRES the store is there, else a file.
fake=$(realpath "$2") kills=$3 seed=${4:-$RANDOM}
# shellcheck source=harness/command/check.bash
source "$(dirname "$0")/../check.bash"
RANDOM=$seed
echo "seed $seed"

# In flight when killed: a measurement that began (a line of the trace), or a file of an import.
writers=0 lost=0 files=40
fake_programs "$fake" default other
export FAKE_TRACE=$folder/trace
for ((i = 0; i < files; i++)); do
	printf '{"context": {"config": "default"}, "benchmarks": [' >"file$i.json"
	for _ in {1..30}; do
		printf '{"name": "x", "iterations": 1, "real_time": 1, "cpu_time": 1, "time_unit": "ns"},'
	done >>"file$i.json"
	sed -i 's/,$/]}/' "file$i.json"
done

# In place of give_up: what was found is kept to look at.
give_up() {
	echo "kill $kill of seed $seed, $*" >&2
	cp -r "$folder" "${TMPDIR:-/tmp}/slabmark-killed.$$"
	echo "the store is kept in ${TMPDIR:-/tmp}/slabmark-killed.$$" >&2
	exit 1
}

# A new store for the first of every ten, so that its making is met as well; a server's is one for all.
choose_store() {
	((kill % 10 != 0)) || stored=0
	store=${SLABMARK_TEST_POSTGRES:-$folder/store$((kill / 10)).db}
	[[ -z ${SLABMARK_TEST_POSTGRES:-} ]] || stored=$(processes_stored)
}

# Empty, or not there: nothing was stored yet.
processes_stored() {
	"$slabmark" export --db="$store" 2>/dev/null | wc -l || true
}

start_run() {
	"$slabmark" run --db="$store" --config=default,other --workload=pair --rounds=1000 >out 2>&1 &
}

start_import() {
	"$slabmark" import --db="$store" file*.json >out 2>&1 &
}

# Between one and several processes' time after the start: where it hits does not matter, that it hits anywhere does.
kill_writer() {
	local pid=$!
	sleep "0.$(printf '%03d' $((RANDOM % 250)))"
	kill -KILL "$pid" 2>/dev/null || true
	wait "$pid" 2>/dev/null || true
}

check_sound() {
	local status=0 text
	text=$("$slabmark" db verify --db="$store" 2>&1) || status=$?
	[[ $status == 0 ]] && return
	[[ $status == 3 && $stored == 0 && $begun == 0 && $text == *@(no store there|store is empty)* ]] ||
		give_up "verify says: $text"
}

# A process has the one sample of a measurement, or all thirty of a file.
check_whole() {
	{ "$slabmark" export --db="$store" 2>/dev/null || true; } | awk '
		{ samples = gsub(/"real_time"/, "") }
		samples != 1 && samples != 30 { print "process " NR " has " samples " samples"; failed = 1 }
		END { exit failed }' >parts || give_up "$(<parts)"
}

check_kept() {
	local now
	now=$(processes_stored)
	((now >= stored + begun - 1)) || give_up "began $begun after $stored, and only $now are stored"
	((now <= stored + most)) || give_up "began $begun after $stored, and $now are stored"
	((now == stored + begun || begun == 0)) || lost=$((lost + 1))
	stored=$now
}

for ((kill = 0; kill < kills; kill++)); do
	echo "kills: $kill of $kills writers;" # ci/progress.bash reads it
	choose_store
	: >trace
	if ((RANDOM % 3)); then
		start_run
		kill_writer
		begun=$(wc -l <trace) most=$begun
	else
		start_import
		kill_writer
		begun=0 most=$files
	fi
	((begun == 0)) || writers=$((writers + 1))
	check_sound
	check_whole
	check_kept
done

# Whoever writes next finds the sessions of the dead, and says so.
"$slabmark" import --db="$store" file0.json >out 2>&1 || give_up "an import afterwards says: $(<out)"
if "$slabmark" export --db="$store" | grep -q '"ended":null'; then
	give_up 'a session of a dead writer looks as if it ran'
fi
echo "$kills writers killed, $writers of them while they measured; $lost processes in flight lost, nothing else"
