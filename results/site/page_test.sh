#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Opens a page of made-up results in a browser from file://: no error on its console, one canvas and one table a
# workload, names shown as text. `page_test.sh MADE_PAGE WORKLOADS`; skips with 77 where there is no Chromium.
set -u

made_page=$1
workloads=$2

browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || {
	echo "skipped: no Chromium on this machine"
	exit 77
}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$made_page" "$folder/made.db" "$folder/site" || exit 1

timeout 120 "$browser" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync \
	--disable-background-networking --disable-component-update --user-data-dir="$folder/profile" \
	--enable-logging=stderr --dump-dom "file://$folder/site/index.html" >"$folder/dom" 2>"$folder/log"
status=$?
if [ $status -ne 0 ] || ! grep -q '</html>' "$folder/dom"; then
	echo "skipped: the browser does not run here (status $status): $(tail -n 1 "$folder/log")"
	exit 77
fi

failures=0
check() { # check WHAT FOUND EXPECTED
	if [ "$2" != "$3" ]; then
		echo "FAILED: $1: found $2, expected $3"
		failures=$((failures + 1))
	fi
}
count() {
	grep -o -- "$1" "$folder/dom" | wc -l
}
# Only what the page itself says counts: a line of Chromium's own log has no CONSOLE.
grep CONSOLE "$folder/log"
check "lines on the console" "$(grep -c CONSOLE "$folder/log")" 0
check "the page says it is complete" "$(count 'data-ready="yes"')" 1
check "canvases" "$(count '<canvas')" "$workloads"
check "tables: one a workload and that of the means" "$(count '<table')" $((workloads + 1))
check "a name with markup became markup" "$(count '<b>&amp;"')" 0
check "a name with markup is shown as text, in its heading" "$(count "<h2>&lt;/script&gt;&lt;b&gt;&amp;\"'</h2>")" 1
[ $failures -eq 0 ] || exit 1
echo "$workloads charts, $workloads tables, nothing on the console"
