#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The library has the probes that README.md promises, each with its arguments, so that scripts for perf, bpftrace and
# SystemTap go on working.
# Usage: probes_test.sh LIBRARY
set -euo pipefail

library=$1
type -P readelf >/dev/null || {
	echo "skipped: no readelf (Debian: binutils)"
	exit 77
}
# What <sys/sdt.h> is missing from is built without probes.
echo '#include <sys/sdt.h>' | "${CC:-cc}" -E - >/dev/null 2>&1 || {
	echo "skipped: no <sys/sdt.h> (Debian: systemtap-sdt-dev)"
	exit 77
}

# A line "PROBE BYTES...": its arguments' sizes in bytes, below 0 for signed ones.
found=$(readelf --notes "$library" | awk '
	/Provider:/ { provider = $2 }
	/Name:/ { name = $2 }
	/Arguments:/ && provider == "slab" {
		line = name
		for (i = 2; i <= NF; i++)
			if ($i ~ /@/) { sub(/@.*/, "", $i); line = line " " $i }
		print line
	}' | sort --unique)
expected='alien_drain 8 8 4 8
alien_overflow 8 8 4 4 8
drain 8 8 4 8
flush 8 8 4 8
grow 8 8 4 8
reap 8 8 4 8
refill 8 8 4 8'
if ! diff <(echo "$expected") <(echo "$found"); then
	echo "FAILED: the probes of $library are not those that allocator/README.md lists"
	exit 1
fi
