#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# No file of the allocator calls another one that, by whatever way, calls it back: who reads a file needs only what stands
# below it. Two doors are left out, because the allocator serves itself: own.h, its own memory, and slab_start().
# Usage: circles_test.sh OBJECT...: the object files of one library.
set -euo pipefail

type -P nm tsort >/dev/null || {
	echo "skipped: no nm (Debian: binutils) or no tsort (coreutils)"
	exit 77
}

# A line "USER USED" for each symbol of another file; the names are those of the sources.
edges() {
	nm --format=posix --print-file-name --extern-only "$@" | awk '
		$2 ~ /^own_/ || $2 == "slab_start" { next }
		{ file = $1; sub(/:$/, "", file); sub(/.*\/allocator\//, "", file); sub(/\.o$/, "", file) }
		$3 == "U" { user[++used] = file; symbol[used] = $2; next }
		{ home[$2] = file }
		END {
			for (i = 1; i <= used; i++)
				if (symbol[i] in home && home[symbol[i]] != user[i])
					print user[i], home[symbol[i]]
		}'
}

found=$(edges "$@")
(($(wc -l <<<"$found") > 20)) || {
	echo "FAILED: only these calls were found between the files: $found"
	exit 1
}
if ! circle=$(tsort <<<"$found" 2>&1 >/dev/null); then
	echo "FAILED: these files call each other in a circle; what they share belongs in a file below them:"
	echo "$circle"
	exit 1
fi
