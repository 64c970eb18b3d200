#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the scripts of ci/ say while something takes long, by a clock that the test moves; and whom they call skipped.
# shellcheck disable=SC2317 # follow and stage call the fakes
set -euo pipefail
# shellcheck source=ci/stages.bash
source "$(dirname "$0")/stages.bash"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
failed=0

# equals WHAT WANTED GOT
equals() {
	[[ $2 == "$3" ]] && return
	printf '%s:\n  expected %s\n  got      %s\n' "$1" "$2" "$3" >&2
	failed=1
}

# ---- how far a log is

# reads WHAT WANTED LINE...: a log of these lines.
reads() {
	printf '%s\n' "${@:3}" >log
	equals "$1" "$2" "$(how_far log)"
}

reads 'nothing that counts' '' 'cc -c a.c' 'ratio 1/2'
reads 'ninja' '7 90 targets' '[0/2] Re-checking globbed directories...' '[6/90] Building C object a.o' '[7/90] Linking b' 'a.c:1: note [1/2]'
reads 'ctest after ninja' '12 420 tests' '[90/90] Linking b' '      Start  13: a' ' 12/420 Test  #13: a ....   Passed    0.01 sec'
reads 'ctest, each test thrice' '1 8 tests' '    Test #3: a ...   Passed    0.01 sec' '1/8 Test #3: a ...   Passed    0.01 sec'
reads 'apt fetches' '2 121 packages fetched' 'Get:1 https://x bookworm InRelease' '1 upgraded, 120 newly installed, 0 to remove' 'Get:1 https://x gcc' 'Get:2 https://x g++'
reads 'apt sets up' '1 2 packages set up' '0 upgraded, 2 newly installed' 'Unpacking a (1) ...' 'Unpacking b (1) ...' 'Setting up a (1) ...'
reads 'a script of our own' '3 19 fuzz targets' "$(count_on fuzz 3 19 'fuzz targets')"
reads 'the words of a watcher within' '3 19 targets' '    gcc: 3 of 19 targets, about 9 s to the last; 4 s so far'

# ---- what is said about it

# A watched command and its watcher take turns: `later SECONDS` moves the clock and lets the watcher look once.
progress_now() { cat now; }
progress_wait() {
	echo looked >&"$looks"
	local turn
	read -r turn <&"$turns"
	[[ $turn == over ]]
}
later() {
	echo $(($(<now) + $1)) >now
	echo go >&"$turns"
	read -r _ <&"$looks"
}

slow_command() {
	read -r _ <&"$looks" # the watcher waits for its first turn
	echo '[1/2] Re-running CMake'
	later 25
	echo '[10/40] Building'
	later 25
	echo '[30/40] Building'
	later 25
	echo ' 1/8 Test #1: a ... Passed'
	later 50
	echo ' 3/8 Test #3: a ... Passed'
	later 10
	echo over >&"$turns"
	return "$1"
}

mkfifo turns looks
exec {turns}<>turns {looks}<>looks
echo 1000 >now
status=0
follow gcc slow.log slow_command 3 >said || status=$?
equals 'the status is the command'"'"'s' 3 "$status"
equals 'a line is said at each look' "    gcc: 1 of 2 targets; 25 s so far
    gcc: 10 of 40 targets; 50 s so far
    gcc: 30 of 40 targets, about 12 s to the last; 1 min 15 s so far
    gcc: 1 of 8 tests; 2 min 05 s so far
    gcc: 3 of 8 tests, about 25 s to the last; 2 min 15 s so far" "$(<said)"
equals 'the messages are in the log' ' 3/8 Test #3: a ... Passed' "$(tail -n 1 slow.log)"
[[ ! -e slow.log.seconds ]] || equals 'a failed command teaches nothing' '' "$(<slow.log.seconds)"

follow gcc slow.log slow_command 0 >said
equals 'a good one says how long it took' 135 "$(<slow.log.seconds)"
follow gcc slow.log slow_command 0 >said
equals 'which the next one tells' '    gcc: 1 of 2 targets; 25 s so far, 2 min 15 s last time' "$(head -n 1 said)"
((progress_pause < 30)) || equals 'half a minute is the longest silence' 25 "$progress_pause"

# ---- a terminal

is_terminal() { true; }
stty() { echo '24 20'; }
equals 'the line is cut, not wrapped' $'\rgcc: 10 of 40 targe\033[K' "$(progress_show 'gcc: 10 of 40 targets')"

# ---- durations

for pair in 0:'0 s' 59:'59 s' 60:'1 min 00 s' 200:'3 min 20 s' 3599:'59 min 59 s' 7500:'2 h 05 min'; do
	equals 'a duration' "${pair#*:}" "$(duration "${pair%%:*}")"
done

# ---- stages

is_terminal() { false; }
progress_now() { echo 0; }
progress_wait() { read -r || true; }
logs=$folder/logs
tree=$folder
good_stage() { count_tests 2 0 0; }
bad_stage() { check 'truth' false; }
skipping_stage() {
	cat >report.xml <<'END'
<testsuite tests="4" failures="0" disabled="0" skipped="3">
	<testcase name="allocator/default/nodes" status="notrun">
		<skipped message="SKIP_RETURN_CODE=77"/>
		<system-out>seed 3
SKIPPED: this machine has one NUMA node
</system-out>
	</testcase>
	<testcase name="allocator/debug/nodes" status="notrun">
		<skipped message="SKIP_RETURN_CODE=77"/>
		<system-out>skipped: this machine has one NUMA node
</system-out>
	</testcase>
	<testcase name="good" status="run">
		<system-out>skipped: a word of a test that ran
</system-out>
	</testcase>
	<testcase name="results.r" status="notrun">
		<skipped message="SKIP_RETURN_CODE=77"/>
		<system-out>R isn&apos;t &quot;there&quot;
</system-out>
	</testcase>
</testsuite>
END
	count_report report.xml
}
all_stages() {
	stage good good_stage
	stage bad bad_stage
	stage skipping skipping_stage
}

status=0
(
	trap - EXIT
	run_stages all_stages
) >said || status=$?
equals 'one failed stage fails the whole' 1 "$status"
equals 'the last line counts' '3 passed, 1 failed, 3 skipped' "$(tail -n 1 said)"
equals 'stages are numbered' '==> good (1 of 3): passed in 0 s, log: logs/good.log' "$(head -n 1 said)"
equals 'what was skipped is listed by its reason' "skipped, and why:
     2  this machine has one NUMA node: allocator/*/nodes
     1  R isn't \"there\": results.r" "$(sed -n '/^skipped, and/,/^$/ { /./p }' said)"

status=0
(
	trap - EXIT
	select_stages good
	run_stages all_stages
) >said || status=$?
equals 'a stage alone' '0 2 passed, 0 failed, 0 skipped' "$status $(tail -n 1 said)"
equals 'it is the one of one' '==> good (1 of 1): passed in 0 s, log: logs/good.log' "$(head -n 1 said)"

status=0
(
	trap - EXIT
	select_stages good,nonsense
	run_stages all_stages
) >said 2>&1 || status=$?
equals 'an unknown stage is refused before anything runs' "2 1" "$status $(grep -c "no stage is called 'nonsense'" said)"
equals 'and nothing ran' '' "$(grep '^==>' said || true)"

exit "$failed"
