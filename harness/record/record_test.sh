#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Recordings of real programs and of perf's text, from the command line. Arguments: the path of slabmark, and the program
# whose calls are known.
program=$(realpath "$2")
# shellcheck source=harness/command/check.bash
source "$(dirname "$0")/../command/check.bash"

# shows NAME PATTERN: what the last description says of it.
shows() {
	grep -qE "^$1 +$2" output || complain "$1" "$2" "$(<output)"
}

called 'a recording of a program' 0 record --output=program.slabrec -- "$program"
grep -q 'exited with status 5' errors || complain 'the status of the program' 5 "$(<errors)"
called 'its description' 0 record --describe=program.slabrec
shows 'recorded from' "program: $program"
shows resizes 1
shows frees '300[0-9] \([0-9.]+ % by another thread\)' # the C library adds some of its own
shows 'alive at the end' '10[0-9][0-9]'
shows threads 6
allocations=$(awk '/^allocations/ { print $2 }' output)
((allocations >= 4005 && allocations < 4030)) || complain allocations 'a few more than 4005' "$allocations"

"$slabmark" run --workload=trace --set=trace.workers=1 --recording=program.slabrec --config=null --rounds=1 --min-time=0.001 --db=played.db >output 2>errors ||
	fail "the recording cannot be played: $(<errors)"
called 'a recording of a shell and its child' 0 record -o sh.slabrec -- /bin/sh -c '/bin/ls /; /bin/true'
[[ -s sh.slabrec ]] || fail 'the recording of a shell is empty'
printf ' ls 1 [0] 1.5: kmem:kmalloc: ptr=0x10 bytes_req=8\n ls 2 [1] 1.6: kmem:kfree: ptr=0x10\n' >kmem.txt
called 'a recording of a kernel' 0 record --perf-script=kmem.txt -o kmem.slabrec
called 'its description' 0 record --describe=kmem.slabrec
shows 'recorded from' 'perf script: kmem.txt'
shows frees '1 \(100.0 % by another thread\)'
called 'the same from standard input' 0 record --perf-script=kmem.txt -o again.slabrec
cmp -s kmem.slabrec again.slabrec || fail 'the same text became another recording'

"$slabmark" record -o - --perf-script=kmem.txt 2>/dev/null | "$slabmark" record --describe=/dev/stdin >output ||
	fail 'a recording cannot go through a pipe'
shows 'recorded from' 'perf script: kmem.txt'

words=(record)
expect 2 'nothing to record'
expect 2 'more than one thing' --describe=kmem.slabrec -- /bin/true
expect 2 "cannot start '/nonexistent'" -- /nonexistent
expect 2 'cannot read' --describe=nothing.slabrec
(cat kmem.txt && echo ' ls 1 [0] 1.5: kmem:kfree: x=1') >damaged.txt
expect 2 'line 3: a kmem event without' --perf-script=damaged.txt
expect 2 'kmem.txt: byte 0: this is no recording' --describe=kmem.txt
expect 3 'nothing was recorded' -- "$program" nothing
head -c -1 kmem.slabrec >cut.slabrec
expect 2 'cut.slabrec: byte' --describe=cut.slabrec
printf 'X' | dd of=kmem.slabrec bs=1 seek=30 conv=notrunc status=none
expect 2 'kmem.slabrec: byte 2' --describe=kmem.slabrec
[[ ! -e slabmark.slabrec ]] || fail 'what failed left a recording behind'

exit "$failed"
