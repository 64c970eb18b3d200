#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Simulated runs: what is refused, what processes get, on a valgrind and on programs that only pretend; then, where there
# is valgrind, that figures repeat to the last digit and that colouring shows in them. Arguments: the path of slabmark, the
# fake program, and the folder of the real ones, where they can run under valgrind.
fake=$(realpath "$2") real=${3:+$(realpath "$3")}
# shellcheck source=harness/command/check.bash
source "$(dirname "$0")/check.bash"
unset SLAB_OPTIONS HWLOC_SYNTHETIC HWLOC_XMLFILE

fake_programs "$fake" default nocolour
mkdir bin
cat >bin/valgrind <<'END'
#!/bin/sh
# Runs its last words, and keeps what it was called with.
[ ! -e "${0%/*}/refuses" ] || { echo 'valgrind: no' >&2 && exit 1; }
while [ "${1#--}" != "$1" ]; do
	words="$words $1" && shift
done
[ "${1##*/}" = measured ] || exit 1
[ "$#" = 1 ] || echo "${words# } $(readlink "$1") $(env | sort | tr '\n' ' ')" >>"${0%/*}/calls"
name=$(readlink "$1") && shift && exec "$name" "$@"
END
chmod +x bin/valgrind
usual=$PATH
export PATH=$folder/bin:$PATH
measuring=(run --simulate --workload=pair --db=fake.db --config="default,nocolour")

# ---- what is refused ---------------------------------------------------------------------------------------------------

refused 'no geometry' 2 '--simulate-d1=big: must be SIZE,WAYS,LINE' "${measuring[@]}" --simulate-d1=big
refused 'a fourth number' 2 'must be SIZE,WAYS,LINE' "${measuring[@]}" --simulate-d1=32768,8,64,1
refused 'an odd line' 2 'a line must be a power of two' "${measuring[@]}" --simulate-i1=32768,8,48
refused 'half a set' 2 'a multiple of WAYS lines' "${measuring[@]}" --simulate-ll=32800,8,64
refused 'three sets' 2 'must be a power of two' "${measuring[@]}" --simulate-d1=1536,8,64
refused 'no ways' 2 'a multiple of WAYS lines' "${measuring[@]}" --simulate-d1=32768,0,64
refused 'a cache and no simulation' 2 'add --simulate' run --config=default --db=fake.db --simulate-d1=32768,8,64
refused 'with hardware counters' 2 'do not go together' "${measuring[@]}" --counters=cycles
refused 'until a verdict' 2 'have no noise' "${measuring[@]}" --until=verdict
refused 'under perf' 2 'perf would see the simulator' "${measuring[@]}" --perf-record=profiles
touch bin/refuses
refused 'a valgrind that refuses' 3 'valgrind: no' "${measuring[@]}"
rm bin/refuses
mkdir tools
for tool in cat grep sed wc true; do
	ln -s "$(type -P "$tool")" tools
done
PATH=$folder/tools refused 'no valgrind' 3 'there is no valgrind in PATH (Debian: valgrind)' "${measuring[@]}"
[[ ! -e fake.db ]] || fail 'a refusal left a store behind'

# ---- what processes get ------------------------------------------------------------------------------------------------

called 'a plan' 0 "${measuring[@]}" --dry-run
equal 'processes of a plan: one round' 3 "$(wc -l <output)"
HWLOC_COMPONENTS=linux,stop OURS=mine called 'a run' 0 "${measuring[@]}" --simulate-d1=49152,12,64 --simulate-operations=500
equal 'calls' 2 "$(wc -l <bin/calls)"
equal 'programs' "$(realpath "$fake") $(realpath "$fake")" "$(grep -o -F "$(realpath "$fake")" bin/calls | paste --serial --delimiters=' ')"
for word in --tool=callgrind --cache-sim=yes --instr-atstart=no --I1=32768,8,64 --D1=49152,12,64 --LL=8388608,16,64 \
	HWLOC_COMPONENTS=linux,stop; do
	equal "calls with $word" 2 "$(grep -c -e " $word " bin/calls)"
done
equal 'our environment' 0 "$(grep -c -e 'OURS=mine' -e SLABMARK_PADDING bin/calls)"
for left in $(grep -o -e '--callgrind-out-file=[^ ]*' bin/calls | cut -d = -f 2 | xargs -n 1 dirname); do
	[[ ! -e $left ]] || fail "$left was left behind"
done
says 'the next step' 'next: slabmark compare default nocolour --session=1 --counters=all --db='
called 'sessions' 0 sessions --db=fake.db
says 'the purpose' 'simulation'

"$slabmark" export --db=fake.db --format=jsonl | sed 's/"machine": *"fake"/&,"simulated":"callgrind"/' >simulated.jsonl
called 'simulated results' 0 import --db=simulated.db simulated.jsonl
refused 'times of a simulation' 3 'was simulated, and its times are no result' export --db=simulated.db --session=1 --format=bmf

# ---- the real ones -----------------------------------------------------------------------------------------------------

PATH=$usual
((failed == 0)) || exit 1
[[ $real ]] || skip 'valgrind cannot run these programs'
type -P valgrind >/dev/null || skip 'there is no valgrind'

# figures SESSION: every simulated figure of a session, a line each.
figures() {
	"$slabmark" export --db=real.db --session="$1" --format=jsonl | jq -r '
		.document | .context.config as $config |
		.benchmarks[] | .name as $name | to_entries[] | select(.key | startswith("simulated_")) |
		"\($config) \($name) \(.key) \(.value)"' | sort
}

simulating=(run --simulate --db=real.db --simulate-operations=2000)
export SLABMARK_PROGRAMS=$real
called 'simulated' 0 "${simulating[@]}" --config="default,nocolour" --workload=colour,batch --set=colour.size=900
figures 1 >first
[[ $(wc -l <first) -ge 40 ]] || give_up "simulated figures: $(wc -l <first), expected 40: $("$slabmark" export --db=real.db --format=jsonl | head -c 2000)"
mkdir "a folder with a long name, so that paths differ" elsewhere
ln -s "$real/slabmark-run-default" "a folder with a long name, so that paths differ"
(
	export OURS SLABMARK_PROGRAMS="$folder/a folder with a long name, so that paths differ"
	OURS=$(printf '%2000s' x)
	cd elsewhere
	"$slabmark" "${simulating[@]/=real.db/=../real.db}" --config=default --workload=colour,batch --set=colour.size=900 \
		>../output 2>../errors
) || complain 'simulated again' 'good' "$(<errors)"
figures 2 >second
equal 'figures that repeat' "$(grep '^default ' first)" "$(<second)"

# A slab of 900-byte objects has 496 bytes left over, a slab of 1024-byte ones none.
misses() { # SESSION CONFIG
	figures "$1" | awk -v config="$2" '$1 == config && $2 ~ /^colour/ && $3 == "simulated_d1_misses.raw" { print $4 + 0 }'
}
coloured=$(misses 1 default) plain=$(misses 1 nocolour)
((coloured * 10 < plain)) || complain 'colouring, of objects of 900 bytes' "a tenth of $plain misses" "$coloured"
called 'without a left-over' 0 "${simulating[@]}" --config="default,nocolour" --workload=colour --set=colour.size=1024
# The loop's own lines are a miss or two in 1024 steps.
coloured=$(misses 3 default) plain=$(misses 3 nocolour)
(((coloured - plain) * 100 <= plain && (plain - coloured) * 100 <= plain)) ||
	complain 'colouring without a left-over' "$plain, but for a hundredth" "$coloured"

refused 'two threads' 3 'counts of several threads would not repeat' "${simulating[@]}" --config=default --workload=pair-threads
exit "$failed"
