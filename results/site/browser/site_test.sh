#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Writes the site of made-up nights and tests it in a browser: `site_test.sh MADE_YEAR SLABMARK SCREENSHOTS`. What drives the
# browser is where ci/setup --full puts it, or in SLABMARK_BROWSER_MODULES; skips with 77 where it, Node.js or Chromium is missing.
set -u

made_year=$1
slabmark=$2
screenshots=$3
here=$(cd "$(dirname "$0")" && pwd)
export SLABMARK_BROWSER_MODULES=${SLABMARK_BROWSER_MODULES:-$here/../../../build/tools/browser}

skip() {
	echo "skipped: $1"
	exit 77
}
command -v node >/dev/null || skip "no Node.js on this machine"
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null ||
	skip "no Chromium on this machine"
[ -d "$SLABMARK_BROWSER_MODULES/node_modules/playwright-core" ] || skip "no playwright-core; ci/setup --full installs it"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$made_year" "$folder/nights.db" 20 || exit 1
"$slabmark" report --db="$folder/nights.db" --site="$folder/site" || exit 1
"$slabmark" report --db="$folder/nights.db" --single-file="$folder/one.html" || exit 1
node "$here/site_test.mjs" "$folder/site" "$folder/one.html" "$screenshots"
