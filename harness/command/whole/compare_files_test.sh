#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# `slabmark compare --input … --against …` on real files: how the command line sorts them into sides, and that bad ones
# end with status 2 and one line that names the file and the place. Argument: the path of slabmark.
# shellcheck source=harness/command/check.bash
source "$(dirname "$0")/../check.bash"
words=(compare)

# refuses STATUS PART WORD...: as `refused`, named by its words.
refuses() {
	refused "compare ${*:3}" "$@"
}

document() { # real_time
	printf '{"context": {"host_name": "a"}, "benchmarks": [\n'
	printf '{"name": "x", "run_type": "iteration", "real_time": %s, "time_unit": "ns", "c": NaN, "d": -Infinity}]}' "$1"
}
for i in 1 2 3 4 5; do
	document "10.$i" >"a$i.json"
	document "12.$i" >"b$i.json"
done

expect 0 '"n_a": 5' --format=json --input a?.json --against b?.json
expect 0 '5, 5' --against=b1.json b2.json b3.json b4.json b5.json --input a1.json --input=a2.json a3.json a4.json a5.json
expect 0 'changed, slower' --input a?.json --against b?.json
expect 0 'changed, faster' --input b?.json --against a?.json
expect 0 'p cannot go below 0.0625' --paired --input a?.json --against b?.json
expect 0 'no honest verdict' --input a1.json --against b1.json
expect 0 '| x |' --format=markdown --input a?.json --against b?.json
expect 0 $'\nx,input,against,' --format=csv --input a?.json --against b?.json

refuses 2 'no other side' --input a1.json
refuses 2 "'a2.json' is no file of either side" a2.json --input a1.json --against b1.json
refuses 2 "'a2.json' is no file of either side" --input a1.json --against b1.json --paired a2.json
refuses 2 '2 files on one side and 1 on the other' --paired --input a1.json a2.json --against b1.json
refuses 2 '--paired pairs files' --paired default nocolour
refuses 2 'are for a store' --db=x.db --input a1.json --against b1.json
refuses 2 'expected BASE [OTHER...]'
refuses 3 'missing.json: could not open it' --input missing.json --against b1.json

# Each bad file: its name, what is said of it, its text.
bad() {
	printf %b "$3" >"$1"
	refuses 2 "$1" --input a1.json "$1" --against b1.json
	refuses 2 "$2" --input a1.json "$1" --against b1.json
}
bad empty.json 'line 1' ''
bad words.json 'line 1' 'nothing of the kind'
bad array.json 'no JSON object' '[1, 2]'
bad foreign.json '"benchmarks" is missing' '{"results": []}'
bad none.json '"benchmarks" is empty' '{"benchmarks": []}'
bad truncated.json 'line 2, column' '{"benchmarks":\n[{"name": "x", "real'
bad twice.json 'duplicate object key' '{"benchmarks": [{"name": "x", "real_time": 1, "real_time": 2, "time_unit": "ns"}]}'
bad overflow.json 'real number overflow' '{"benchmarks": [{"name": "x", "real_time": 1e400, "time_unit": "ns"}]}'
bad zero.json '[0]."real_time"' '{"benchmarks": [{"name": "x", "real_time": 0, "time_unit": "ns"}]}'
bad negative.json '[0]."real_time"' '{"benchmarks": [{"name": "x", "real_time": -5, "time_unit": "ns"}]}'
bad text.json '[0]."real_time"' '{"benchmarks": [{"name": "x", "real_time": "5", "time_unit": "ns"}]}'
bad nan.json '[0]."real_time"' '{"benchmarks": [{"name": "x", "real_time": NaN, "time_unit": "ns"}]}'
bad unit.json '[0]."time_unit"' '{"benchmarks": [{"name": "x", "real_time": 5, "time_unit": "h"}]}'
bad nul.json 'control character 0x0' '{"benchmarks": [{"name": "x\0y", "real_time": 5, "time_unit": "ns"}]}'
bad escaped.json 'not allowed' '{"benchmarks": [{"name": "x\\u0000y", "real_time": 5, "time_unit": "ns"}]}'
bad latin.json 'unable to decode' '{"benchmarks": [{"name": "x\351", "real_time": 5, "time_unit": "ns"}]}'
bad deep.json 'maximum parsing depth' "$(printf '[%.0s' {1..100000})"
truncate -s 257M huge.json
refuses 2 'larger than 256 MiB' --input huge.json --against b1.json
exit "$failed"
