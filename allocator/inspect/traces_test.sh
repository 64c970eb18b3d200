#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every trace of a real kernel must end in the very state that the kernel ended in. The folders' names say the config and
# the boot options: traces, traces-debug, traces-init-on-free; traces-NODESxCPUS are other machines; traces-found show a
# rule each. All of it with a lock a CPU, and where there are restartable sequences by those.
# Usage: traces_test.sh INSPECT_DEFAULT INSPECT_STATS INSPECT_DEBUG DIRECTORY. Skips (77) where there is no such directory.
set -euo pipefail
default=$1 stats=$2 debug=$3 directory=$4
if [ ! -d "$directory/traces" ]; then
	echo "skipped: no traces in $directory"
	exit 77
fi
folders=0 failed=0 traces=0
modes=(locked)
if printf 'size\talign\tflags\tctor\n192\t0\tnone\t0\n' | "$default" geometry --option=percpu=rseq >/dev/null 2>&1; then
	modes+=(rseq)
fi

# replay PROGRAM FOLDER OPTIONS...: checks every trace of the folder.
replay() {
	local program=$1 folder=$2 mode files=("$2"/*.trace)
	shift 2
	for mode in "${modes[@]}"; do
		echo "$(basename "$folder") in $(basename "$program"), $mode:"
		"$program" replay --check "--option=percpu=$mode" "$@" "${files[@]}" || failed=1
		traces=$((traces + ${#files[@]}))
	done
	folders=$((folders + 1))
}

for folder in "$directory"/traces*; do
	case $(basename "$folder") in
	traces | traces-found)
		replay "$default" "$folder" # without the statistics
		replay "$stats" "$folder"
		;;
	traces-debug) replay "$debug" "$folder" ;;
	traces-init-on-free)
		replay "$default" "$folder" --option=init_on_free=1
		replay "$stats" "$folder" --option=init_on_free=1
		;;
	traces-[0-9]*x[0-9]*)
		replay "$default" "$folder"
		replay "$stats" "$folder"
		;;
	*)
		echo "unknown flavour of $folder" >&2
		failed=1
		;;
	esac
done
echo "traces: $traces replays of $folders folders checked"
exit "$failed"
