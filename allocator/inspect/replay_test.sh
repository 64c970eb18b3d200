#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What slabmark-inspect-<config> replay says to good and bad input. Usage: replay_test.sh PROGRAM
set -euo pipefail
program=$1
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"
failures=0

fail() {
	echo "FAILED: $*"
	failures=$((failures + 1))
}

# said FILE WORDS: they are in it; it is empty, where the words are.
said() {
	if [ -n "$2" ]; then grep -qF -- "$2" "$1"; else [ ! -s "$1" ]; fi
}

# expect STATUS WORDS ARGUMENTS...: WORDS are what standard error has.
expect() {
	local status=$1 words=$2 got=0
	shift 2
	"$program" "$@" >out 2>err || got=$?
	if [ "$got" != "$status" ] || ! said err "$words"; then
		fail "$*: status $got, not $status; standard error, where '$words' should be:"
		cat err
	fi
}

# expect_trace STATUS WORDS LINES: a trace of 2 nodes with 2 CPUs each and a cache A, followed by LINES from line 4 on.
expect_trace() {
	printf 'slabtrace 1\ntopology nodes=2 cpus_per_node=2\ncache A size=512 align=0 flags=0 ctor=0\n%b\n' "$3" >t.trace
	expect "$1" "$2" replay t.trace
}

printed() {
	grep -qxF -- "$1" out || fail "no line '$1' in the results:" "$(cat out)"
}

# ---- what a trace prints ----
expect_trace 0 '' 'on 0 alloc A x\non 0 free x\non 0 free x # once more\n\non 3 alloc_bulk A 2 g\non 3 free_bulk A g.1 g'
printed 'slabexpect 1'
printed '3 cache A ok'
printed '5 free'
printed '6 skip'
printed '9 free_bulk 2'
expect_trace 0 '' 'nomem 0,1\non 0 alloc A x\nnomem -\non 0 free x\non 0 alloc A x'
printed '5 x=null'
printed '7 skip' # a label that holds nothing may be given again
grep -q '^8 x=0:.* ev A+0@0$' out || fail "no slab grew where there is memory again"
expect_trace 0 '' 'on 0 kmalloc 0 z\non 1 kfree z\non 0 kmalloc 4194305 h\non 2 kmalloc 100 k\non 2 kfree k'
printed '4 z=zero'
printed '5 kfree'
printed '6 h=null'
printed '7 k=kmalloc-128 ksize=128 node=1'
expect_trace 0 '' 'cache B size=4194312 align=0 flags=none ctor=0\ncache B size=8 align=0 flags=none ctor=0\non 0 destroy A'
printed '4 cache B err=-7'
printed '5 cache B ok'
printed '6 destroy A ok'
expect_trace 0 '' 'dump A'
printed ' alien 1>1 none'
printed 'end'

# ---- what is wrong with a trace is known before it runs ----
expect_trace 2 "t.trace:5:6: unknown operation 'allo'; there are alloc " 'on 0 alloc A x\non 0 allo A y'
if [ -s out ]; then fail "something ran though the trace is wrong"; fi
expect_trace 2 "t.trace:4:4: no CPU '4'; the topology line gives CPUs 0 to 3" 'on 4 alloc A x'
expect_trace 2 "t.trace:4:26: no node '2'; the topology line gives nodes 0 to 1" 'on 0 alloc_node A x node=2'
expect_trace 2 "t.trace:4:12: no cache is called 'B' up to here" 'on 0 alloc B x'
expect_trace 2 "t.trace:4:11: no object is called 'x' up to here" 'on 0 free x'
expect_trace 2 "t.trace:5:13: no object '2' in the group g of 2" 'on 0 alloc_bulk A 2 g\non 0 free g.2'
expect_trace 2 "t.trace:5:11: 'g' is a group; name one of its objects" 'on 0 alloc_bulk A 2 g\non 0 free g'
expect_trace 2 "t.trace:4:16: the line ends before shared" 'on 0 tune A 4 2'
expect_trace 2 "t.trace:4:13: limit 'x' is no whole number" 'on 0 tune A x 2 1'
expect_trace 2 "t.trace:5:4: CPU 1 is offline since line 4" 'cpu_down 1\non 1 reap'
expect_trace 2 "the line ends without ctor=" 'cache B size=8 align=0 flags=0'
expect_trace 2 "flags 'POISSON': neither 'none', a name of SLAB_… nor 0x… bits" 'cache B size=8 align=0 flags=RED_ZONE|POISSON ctor=0'

# ---- what only shows when it runs ----
expect_trace 2 "t.trace:5:1: the cache A is gone since line 4" 'on 0 destroy A\non 0 alloc A x'
expect_trace 2 "t.trace:5:1: the cache B was refused in line 4" 'cache B size=4194312 align=0 flags=0 ctor=0\ndump B'
expect_trace 2 "t.trace:5:1: the label x still holds an object" 'on 0 alloc A x\non 0 alloc A x'
expect_trace 2 "t.trace:4:1: the label A still names the cache of line 3" 'cache A size=8 align=0 flags=0 ctor=0'
expect_trace 2 "t.trace:6:1: object 1 of the list is of the cache A, not of B" \
	'cache B size=4000 align=0 flags=0 ctor=0\non 0 alloc A x\non 0 free_bulk B x'

# ---- checking ----
# Without objects, whose order some configs leave to chance.
expect_trace 0 '' 'on 0 tune A 4 2 1\ndump A\non 1 shrink A'
cp out t.expect
expect 0 '' replay --check t.trace
said out '1 traces: 1 identical, 0 different' || fail "no summary: $(cat out)"
expect 0 '' replay --check --quiet t.trace
said out '' || fail "quiet, yet: $(cat out)"
cp t.trace u.trace
sed 's/free_limit=[0-9]*/free_limit=7/' t.expect >u.expect
expect 1 '' replay --check t.trace u.trace
said out 'u.trace:5: dump A: node 0: free_limit: ours ' || fail "the difference is not said: $(cat out)"
said out 'expected 7' || fail "the expected value is not said: $(cat out)"
said out '2 traces: 1 identical, 1 different' || fail "no summary of two: $(cat out)"
head -n -1 t.expect >u.expect
expect 1 '' replay --check u.trace
said out 'u.trace:6: on 1 shrink A: line: ours one more, expected nothing' || fail "a missing line is not said: $(cat out)"
sed 's/^4 tune A r=0/4 tune A ignored/' t.expect >u.expect
expect 1 '' replay --check u.trace
sed 's/^ stats.*/ stats num_active=77/' t.expect >u.expect
expect 0 '' replay --check --no-stats u.trace
expect 0 '' replay --check --expect=t.expect u.trace
rm u.expect
expect 2 'u.expect: No such file' replay --check u.trace
expect 2 'u.expect: No such file' replay --check u.trace t.trace # the others are checked all the same
said out '2 traces: 1 identical, 0 different, 1 not run' || fail "what was not run is not counted: $(cat out)"
echo 'nothing' >u.expect
expect 2 "these are no results; they begin with 'slabexpect 1'" replay --check u.trace

# ---- a trace that does not end ----
# A million objects out and back take hundreds of times what is allowed.
long=''
for _ in {1..16}; do long+='on 0 alloc_bulk A 65536 g\non 0 free_bulk A g\n'; done
expect_trace 0 '' "${long%\\n}"
cp out t.expect
expect 1 'had not ended after 0.001 s and was stopped' replay --timeout=0.001 t.trace
expect 1 't.trace:' replay --check --timeout=0.001 t.trace
said out '1 traces: 0 identical, 1 different' || fail "a trace that was stopped is not counted: $(cat out)"

# ---- wrong use ----
for seconds in '' 0 -1 1e9 nan 5s; do
	expect 2 "--timeout: '$seconds' is no number of seconds from 0.001 to 86400" replay "--timeout=$seconds" t.trace
done
expect 2 'no FILE' replay
expect 2 'absent.trace: No such file' replay absent.trace
expect 2 'without it there is nothing to do' replay --expect=t.expect t.trace
expect 2 '--expect is for one FILE' replay --check --expect=t.expect t.trace t.trace
expect 2 "no option is called 'init_on_fre'" replay --option=init_on_fre=1 t.trace
expect 2 'usage:' replay --nonsense t.trace
cp t.trace other.txt
expect 2 'does not end in .trace' replay --check other.txt
if "$program" replay t.trace >/dev/full 2>err; then fail "a full disk goes unnoticed"; fi

exit $((failures > 0))
