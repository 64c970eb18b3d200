#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What cannot be read or written is said with its reason, once, and is status 3: output that does not arrive, in every format of
# every command; stores that cannot be opened; a topology that no program can read. Argument: the path of slabmark, beside which
# the programs are.
# shellcheck source=harness/command/check.bash
source "$(dirname "$0")/../check.bash"
unset SLAB_OPTIONS SLABMARK_PROGRAMS HWLOC_SYNTHETIC HWLOC_XMLFILE

called 'two configs' 0 run --config=default,null --workload=pair --rounds=2 --min-time=0.001 --db=s.db
cp s.db twice.db
called 'another session' 0 run --config=default,null --workload=pair --rounds=2 --min-time=0.001 --db=twice.db

# full WORD...: the output is a device that is full.
full() {
	local status=0
	"$slabmark" "$@" >/dev/full 2>errors || status=$?
	[[ $status == 3 ]] || complain "$*: status" 3 "$status"
	[[ $(grep -v '^slabmark run: \|^slabmark calibrate: ' errors) == 'slabmark: cannot write to standard output: No space left on device' ]] ||
		complain "$*" 'one line that says why' "$(<errors)"
}
formats_of() { # COMMAND: the words that its --format takes
	"$slabmark" help "$1" | sed -n 's/^  --format=\([a-z|-]*\).*/\1/p' | tr '|' ' '
}
for command in compare history sessions db doctor list export; do
	arguments=()
	[[ $command != compare ]] || arguments=(default null)
	[[ $command != db ]] || arguments=(size)
	[[ $command == doctor || $command == list ]] || arguments+=(--db=s.db)
	formats=$(formats_of $command)
	[[ -n $formats ]] || fail "$command: no formats"
	for format in $formats; do
		[[ $format != asv ]] || continue # a folder
		more=()
		[[ $format != gbench ]] || more=(--config=default)
		full "$command" "${arguments[@]}" "${more[@]}" --format="$format"
	done
done
for format in text json; do
	full db verify --format=$format --db=s.db
	full gate --baseline=session:1 --confirm=none --format=$format --db=twice.db
	full calibrate --workload=pair --rounds=6 --min-time=0.001 --format=$format --db=c.db
done
full run --config=default --workload=pair --rounds=1 --min-time=0.001 --db=r.db
full run --config=default --workload=pair --rounds=1 --dry-run
full report --db=s.db --site=site
full help run
full help --man
full help --completion=bash
full --version

refused 'a folder that is not there' 3 'nowhere/s.db: could not open it: its folder nowhere: No such file or directory' \
	import --db=nowhere/s.db s.db
refused 'a file in the place of a folder' 3 's.db/x: could not look at it: Not a directory' sessions --db=s.db/x
if [[ $(id -u) != 0 ]]; then
	mkdir locked && chmod 500 locked
	refused 'a folder that is not ours' 3 'locked: Permission denied' import --db=locked/s.db s.db
	chmod 700 locked
fi

status=0
HWLOC_XMLFILE=/none "$slabmark" list >output 2>errors || status=$?
equal 'a topology that cannot be read' 3 "$status"
equal 'told once for all programs' 1 "$(grep -c '/none: No such file or directory' output)"
HWLOC_XMLFILE=/none refused 'and once for a run' 2 'HWLOC_XMLFILE=/none: No such file or directory' run --config=default,null --db=t.db
exit "$failed"
