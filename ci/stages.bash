# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs the stages of a check one after the other: all of them run whatever the earlier ones did, each writes a log, and
# a summary counts their tests. Sourced. A stage is a command; it says how many tests it held by
# count_tests, and a stage that fails without having counted a failed test counts as one itself.

# shellcheck source=ci/tree.bash
source "$(dirname "${BASH_SOURCE[0]}")/tree.bash"

logs=$tree/build/logs
selected_stages=''   # empty: all; else names between blanks
test_seconds_max=300 # none takes a tenth of it; one that hangs must not hold up the rest
stages_offered=''    # names between blanks, filled while run_stages counts them
stage_names=() stage_seconds=() stage_outcomes=()
stages_total='' # how many there are; empty while run_stages counts them
passed_count=0 failed_count=0 skipped_count=0

# run_stages COMMAND...: the command calls `stage` for each; it is called twice, first to count them. Ends with the
# summary, and exits.
run_stages() {
	stages_begin
	"$@"
	stages_total=${#stage_names[@]}
	refuse_unknown_stages
	stage_names=()
	"$@"
	stages_end
}

# stages_begin: before the first stage.
stages_begin() {
	mkdir -p "$logs"
	export tally skips
	tally=$(mktemp) skips=$(mktemp) # the programs of a stage count there too
	trap 'rm -f "$tally" "$skips"' EXIT
	trap 'exit 130' INT TERM
}

# select_stages NAME,...: runs these alone.
select_stages() {
	selected_stages=" ${1//,/ } "
}

# A name that no stage has would be passed over in silence. A script may say in stages_hint where further stages are.
refuse_unknown_stages() {
	local name
	for name in $selected_stages; do
		[[ $stages_offered == *" $name "* ]] || wrong_use "no stage is called '$name'${stages_hint:-}"
	done
	((stages_total > 0)) || wrong_use '--only names no stage'
}

# count_tests PASSED FAILED SKIPPED: called within a stage, any number of times.
count_tests() {
	echo "$1 $2 $3" >>"$tally"
}

# check WHAT COMMAND...: one test of a stage: the command's success.
check() {
	local what=$1
	shift
	if "$@"; then
		count_tests 1 0 0
		echo "passed: $what"
		return
	fi
	count_tests 0 1 0
	echo "FAILED: $what ($*)"
	return 1
}

# stage NAME COMMAND...: runs it in the tree, with its messages in the log; shows their end when it fails.
stage() {
	local name=$1 log=$logs/${1// /-}.log outcome=passed start seconds
	shift
	[[ -n $stages_total ]] || stages_offered+=" $name "
	[[ -z $selected_stages || $selected_stages == *" $name "* ]] || return 0
	stage_names+=("$name")
	[[ -n $stages_total ]] || return 0
	: >"$tally"
	name="$name (${#stage_names[@]} of $stages_total)"
	start=$(progress_now)
	follow "$name" "$log" in_tree "$@" || outcome=FAILED
	count_stage "$outcome"
	seconds=$(($(progress_now) - start))
	stage_seconds+=("$seconds")
	stage_outcomes+=("$outcome")
	say "$name: $outcome in $(duration "$seconds"), log: ${log#"$tree"/}"
	[[ $outcome == passed ]] || show_failure "$log"
}

in_tree() {
	cd "$tree" && "$@"
}

count_stage() {
	local passed failed skipped failed_before=$failed_count
	while read -r passed failed skipped; do
		((passed_count += passed, failed_count += failed, skipped_count += skipped)) || true
	done <"$tally"
	if [[ $1 == FAILED ]] && ((failed_count == failed_before)); then
		failed_count=$((failed_count + 1))
	fi
}

# What says why, first; the end of the log where nothing does.
show_failure() {
	local pattern='error:|CMake Error|FAILED|\(Failed\)|\*\*\*|Sanitizer|runtime error'
	grep -E "$pattern" "$1" | grep -v -F '***Skipped' | head -n 25 | sed 's/^/    /'
	echo '    ---- the end of the log'
	tail -n 25 "$1" | sed 's/^/    /'
}

# stages_end: the summary; its last line is the count. Exits.
stages_end() {
	local i
	printf '\n%-14s %8s  %s\n' stage seconds outcome
	for i in "${!stage_names[@]}"; do
		printf '%-14s %8d  %s\n' "${stage_names[i]}" "${stage_seconds[i]}" "${stage_outcomes[i]}"
	done
	printf '%-14s %8d\n\n' all "$SECONDS"
	show_skipped
	printf '%d passed, %d failed, %d skipped\n' "$passed_count" "$failed_count" "$skipped_count"
	((failed_count == 0)) || exit "$exit_failed"
	exit 0
}

# Each reason once, with how many tests gave it; the copies of a test for each config are one name.
show_skipped() {
	[[ -s $skips ]] || return 0
	echo 'skipped, and why:'
	awk -F'\t' '
		match($1, /^allocator\/[^\/]*\//) {
			config = substr($1, 11, RLENGTH - 11)
			$1 = "allocator/*" substr($1, RLENGTH)
			sub("config " config " ", "config * ", $2)
		}
		!count[$2]++ { order[++reasons] = $2 }
		!named[$2, $1]++ { names[$2] = names[$2] " " $1 }
		END { for (i = 1; i <= reasons; i++) printf "%6d  %s:%s\n", count[order[i]], order[i], names[order[i]] }' "$skips"
	echo
}

# build_and_test PRESET: the stage that most others are. Counts what ctest reports.
build_and_test() {
	local preset=$1
	shift
	cmake --preset "$preset" -D BUILD_TESTING=ON || return
	ninja -C "$tree/build/$preset" || return
	run_tests "$preset" "$preset" "$@"
}

# run_tests PRESET REPORT [ctest argument...]: counts them, too.
run_tests() {
	local preset=$1 report=$logs/$2.xml status=0
	shift 2
	rm -f "$report"
	ctest --preset "$preset" --timeout "$test_seconds_max" --parallel "$(nproc)" --output-junit "$report" "$@" || status=$?
	count_report "$report"
	return "$status"
}

# The totals stand in attributes of the report's first element: tests= failures= disabled= skipped=
count_report() {
	local total failed skipped
	total=$(attribute_of "$1" tests)
	failed=$(attribute_of "$1" failures)
	skipped=$(($(attribute_of "$1" skipped) + $(attribute_of "$1" disabled)))
	awk -f "$ci/skipped.awk" "$1" >>"$skips"
	count_tests $((total - failed - skipped)) "$failed" "$skipped"
}

attribute_of() {
	grep -m 1 -o -E "\<$2=\"[0-9]+\"" "$1" | grep -o -E '[0-9]+' || echo 0
}
