#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every trace of a real kernel must end in the very state that the kernel ended in. The folders' names say the config and
# the boot options: traces, traces-debug, traces-init-on-free; traces-NODESxCPUS are other machines; traces-found show a
# rule each.
# Usage: traces_test.sh INSPECT_DEFAULT INSPECT_STATS INSPECT_DEBUG DIRECTORY. Skips (77) where there is no such directory.
set -euo pipefail
default=$1 stats=$2 debug=$3 directory=$4
if [ ! -d "$directory/traces" ]; then
	echo "skipped: no traces in $directory"
	exit 77
fi
folders=0 failed=0

# replay PROGRAM FOLDER OPTIONS...: checks every trace of the folder.
replay() {
	local program=$1 folder=$2
	shift 2
	echo "$(basename "$folder") in $(basename "$program"):"
	"$program" replay --check "$@" "$folder"/*.trace || failed=1
	folders=$((folders + 1))
}

for folder in "$directory"/traces*; do
	case $(basename "$folder") in
	traces | traces-found)
		replay "$default" "$folder" # without the statistics
		replay "$stats" "$folder"
		;;
	traces-debug) replay "$debug" "$folder" ;;
	traces-init-on-free) replay "$stats" "$folder" --option=init_on_free=1 ;;
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
echo "traces: $folders folders checked"
exit "$failed"
