#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ci/bench ends with what was measured, on the terminal and as a page, whatever the machine and the programs do meanwhile.
# The programs are real ones that see a made-up machine, a new one with each process. Arguments: the paths of slabmark
# and of the measured programs of the configs default and null.
set -euo pipefail
ci=$(cd "$(dirname "$0")" && pwd)
real_slabmark=$(realpath "$1") real_default=$(realpath "$2") real_null=$(realpath "$3")
export real_default real_null
unset SLABMARK_PROGRAMS SLABMARK_TEST_POSTGRES
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
failed=0

# The config `other` is null under another name.
make_programs() {
	local config
	mkdir programs
	cp "$real_slabmark" programs/slabmark # looks for programs beside itself
	cat >programs/fake <<'END'
#!/bin/bash
# MACHINE: hwloc's words, in which N is how many processes were measured, this one too. FAULTY: configs that crash.
# KILLING: the process of this number takes the run with it.
config=${0##*-}
if [[ $* == *--benchmark_filter* ]]; then
	[[ " ${FAULTY:-} " != *" $config "* ]] || kill -KILL $$
	echo >>measured
	[[ $(wc -l <measured) != "${KILLING:-}" ]] || kill -KILL "$PPID"
	export HWLOC_SYNTHETIC=${MACHINE//N/$(wc -l <measured)}
fi
case $config in
default) exec "$real_default" "$@" ;;
null) exec "$real_null" "$@" ;;
*) "$real_null" "$@" | sed -E 's/("config": ?)"null"/\1"other"/' ;;
esac
END
	chmod +x programs/fake
	for config in default null other; do cp programs/fake "programs/slabmark-run-$config"; done
}

# bench WHAT STATUS: calls ci/bench, whose output ends in the file output.
bench() {
	local status=0
	rm -rf measured site s.db
	"$ci/bench" --programs="$folder/programs" --rounds=2 --min-time=0.001 --db=s.db --out=site >output 2>&1 || status=$?
	[[ $status == "$2" ]] || complain "$1: status $status, expected $2"
}

complain() {
	printf '%s\n' "$1" >&2
	sed 's/^/    /' output >&2
	failed=1
}

# says WHAT PART...
says() {
	local part
	for part in "${@:2}"; do
		grep -F -e "$part" output >/dev/null || complain "$1: '$part' is missing"
	done
}

# shows_page WHAT
shows_page() {
	says "$1" "The page: $(pwd)/site/index.html"
	[[ -s site/index.html && -s site/data/index.js ]] || complain "$1: no page"
}

make_programs
export MACHINE FAULTY=''

MACHINE='numa:1(memory=NGB) core:2 pu:1'
bench 'memory that grows with each process' 0
says 'memory that grows with each process' 'pair/size:' 'did not have the same memory all the time'
shows_page 'memory that grows with each process'

FAULTY='other'
bench 'a config of which nothing is measured' 3
says 'a config of which nothing is measured' "of config 'other' nothing was measured" 'pair/size:'
shows_page 'a config of which nothing is measured'

FAULTY='default'
bench 'a base of which nothing is measured' 3
says 'a base of which nothing is measured' "of config 'default' nothing was measured" 'pair/size:'
shows_page 'a base of which nothing is measured'

FAULTY='null other'
bench 'nothing to compare with' 3
says 'nothing to compare with' 'as nothing could be compared' 'BenchmarkPair/size='
shows_page 'nothing to compare with'

FAULTY='default null other'
bench 'no process that ends' 3
says 'no process that ends' 'nothing was measured'

FAULTY='' MACHINE='numa:1 core:N pu:1'
bench 'a machine that becomes another' 3
says 'a machine that becomes another' 'compared across machines' 'pair/size:'
shows_page 'a machine that becomes another'

MACHINE='numa:1 core:2 pu:1' KILLING=20
export KILLING
bench 'a run that is killed' 3
says 'a run that is killed' 'the run was killed' 'pair/size:'
shows_page 'a run that is killed'

exit "$failed"
