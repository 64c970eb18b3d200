#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every geometry row of a real kernel must come out identical. The files' names say the config and the boot options:
# geometry.tsv, geometry-debug.tsv, geometry-init-on-free.tsv, geometry-maxorder0.tsv …
# Usage: geometry_rows_test.sh INSPECT_DEFAULT INSPECT_DEBUG DIRECTORY. Skips (77) where there is no such directory.
set -euo pipefail
default=$1 debug=$2 directory=$3
if [ ! -e "$directory/geometry.tsv" ]; then
	echo "skipped: no ground truth in $directory"
	exit 77
fi
output=$(mktemp)
trap 'rm -f "$output"' EXIT
rows=0 files=0 failed=0
for file in "$directory"/geometry*.tsv; do
	program=$default
	options=()
	case $(basename "$file" .tsv) in
	geometry) ;;
	geometry-debug) program=$debug ;;
	geometry-init-on-free) options=(--option=init_on_free=1) ;;
	geometry-maxorder*) order=${file##*maxorder} options=(--option="slab_max_order=${order%.tsv}") ;;
	*)
		echo "unknown flavour of $file" >&2
		failed=1
		continue
		;;
	esac
	"$program" geometry "${options[@]}" "$file" >"$output" || failed=1
	count=$(($(wc -l <"$file") - 1))
	if cmp -s "$file" "$output"; then
		echo "$(basename "$file"): $count rows identical"
	else
		echo "$(basename "$file"): differs; first rows (< the kernel's, > ours):"
		diff "$file" "$output" | head -n 8 || true
		failed=1
	fi
	rows=$((rows + count)) files=$((files + 1))
done
echo "geometry: $rows rows in $files files checked"
exit "$failed"
