# SPDX-License-Identifier: GPL-2.0-or-later
# Reads the JUnit reports of ctest and prints a line for each test that was skipped: its name, a tab, and why. A test says
# why in a line "skipped: REASON"; where it does not, its last line is taken.

function decoded(text) {
	gsub(/&lt;/, "<", text)
	gsub(/&gt;/, ">", text)
	gsub(/&quot;/, "\"", text)
	gsub(/&apos;/, "'", text)
	gsub(/&amp;/, "\\&", text)
	return text
}

/<testcase / {
	match($0, / name="[^"]*"/)
	name = substr($0, RSTART + 7, RLENGTH - 8)
	is_skipped = 0
	reason = last = ""
}

/<skipped / { is_skipped = 1 }

is_skipped && !/<skipped / {
	line = $0
	gsub(/<[^>]*>/, "", line)
	gsub(/^[ \t]+|[ \t\r]+$/, "", line)
	if (reason == "" && sub(/^.*(skipped|SKIPPED): */, "", line)) reason = line
	if (line != "") last = line
}

/<\/testcase>/ && is_skipped {
	if (reason == "") reason = last == "" ? "it does not say why" : last
	print decoded(name) "\t" decoded(reason)
	is_skipped = 0
}
