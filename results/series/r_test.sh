#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Our statistics against R's. Argument: the path of results-statistics-cases. Skips with 77 where there is no R (Debian's
# r-base-core, which ci/setup --full installs).
set -euo pipefail
if ! command -v Rscript >/dev/null; then
	echo "skipped: no Rscript here; Debian's r-base-core has it"
	exit 77
fi
"$1" | Rscript --vanilla "$(dirname "$0")/r_test.R"
