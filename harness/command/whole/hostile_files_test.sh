#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Files that are broken, foreign or meant to do harm, given to everything that reads files: each ends with status 2 and one
# line that names the file and the place, and a store that was filled before is afterwards what it was, byte for byte of
# what it exports. Argument: the path of slabmark.
# shellcheck source=harness/command/check.bash
source "$(dirname "$0")/../check.bash"

# refuses PATTERN WORD…: calls slabmark, which must end with 2 and say one line that has the pattern.
refuses() {
	local status=0 pattern=$1 text
	shift
	text=$(timeout 250 "$slabmark" "$@" 2>&1 >/dev/null) || status=$?
	[[ $status == 2 ]] || fail "$*: status $status, expected 2: ${text:0:300}"
	[[ $text == *"$pattern"* ]] || fail "$*: '$pattern' is missing in: ${text:0:300}"
	[[ $text != *$'\n'* ]] || fail "$*: more than one line: ${text:0:300}"
	[[ -z ${text//[[:print:]]/} ]] || fail "$*: control characters in: ${text@Q}"
}

document() { # NAME REAL_TIME
	printf '{"context": {"host_name": "a", "config": "default", "machine": "m"}, "benchmarks": [\n'
	printf '{"name": "%s", "run_type": "iteration", "iterations": 5, "real_time": %s, "cpu_time": 1, "time_unit": "us"}]}\n' \
		"$1" "$2"
}

# A line as `export --format=jsonl` writes it, with members replaced.
line() { # KEY VALUE
	local -A of=([version]=1 [id]=1 [command]='"slabmark run"' [plan]='"{}"' [session_started]=1 [ended]=null [round]=0
		[position]=0 [config]='"default"' [workload]='"x"' [started]=1 [elapsed]=0.5
		[document]="$(document x 10 | tr -d '\n')")
	if (($# > 0)); then of[$1]=$2; fi
	printf '{"slabmark_process":%s,"session":{"id":%s,"command":%s,"plan":%s,"started_unix_ns":%s,"ended":%s},"process":{"round":%s,' \
		"${of[version]}" "${of[id]}" "${of[command]}" "${of[plan]}" "${of[session_started]}" "${of[ended]}" "${of[round]}"
	printf '"position":%s,"config":%s,"workload":%s,"started_unix_ns":%s,"elapsed_s":%s},"document":%s}\n' \
		"${of[position]}" "${of[config]}" "${of[workload]}" "${of[started]}" "${of[elapsed]}" "${of[document]}"
}

# ---- a store that has seen names like these ------------------------------------------------------------------------

sql="'; DROP TABLE samples; DELETE FROM sessions; --"
for i in 1 2 3; do document "$sql" "10.$i" >"$i.json"; done
"$slabmark" import --db=a.db --config="$sql" [123].json >/dev/null
"$slabmark" export --db=a.db --out=before.jsonl
[[ $(wc -l <before.jsonl) == 3 && $(grep -c -F "\"config\":\"$sql\"" before.jsonl) == 3 ]] || fail 'a name with SQL is not kept as it was'
"$slabmark" export --db=a.db --config="$sql" --format=csv | grep -q -F "$sql" || fail 'a config with SQL is not found'

unchanged() { # WHAT
	"$slabmark" export --db=a.db --out=after.jsonl
	cmp -s before.jsonl after.jsonl || fail "$1: something was imported"
}

# bad PATTERN FILE: neither import nor compare takes it.
bad() {
	refuses "$1" import --db=a.db "$2"
	refuses "$2" import --db=a.db "$2"
	unchanged "$2"
	refuses "$2" compare --input 1.json "$2" --against 2.json
}

# bad_line PATTERN KEY VALUE: a good line, then one with this member.
bad_line() {
	{
		line
		line "$2" "$3"
	} >line.jsonl
	refuses "line.jsonl, line 2" import --db=a.db line.jsonl
	refuses "$1" import --db=a.db line.jsonl
	unchanged "a line with $2 $3"
}

# ---- JSON that is none ---------------------------------------------------------------------------------------------

: >empty.json
bad 'line 1' empty.json
{ printf '\x01' && head -c 4096 /dev/urandom; } >random.json # does not begin with a line break
bad 'line 1' random.json
printf '\xc2\x93' >control.json # in UTF-8 what begins a command of a terminal as well as an escape does
bad "near '??'" control.json
printf '[%.0s' {1..100000} >arrays.json
bad 'maximum parsing depth' arrays.json
printf '{"a":%.0s' {1..100000} >objects.json
bad 'maximum parsing depth' objects.json
document x 1e400 >overflow.json
bad 'line 2, column' overflow.json
document x -1e400 >underflow.json
bad 'line 2, column' underflow.json
document x 99999999999999999999999 >whole.json
bad 'line 2, column' whole.json
document x 10 | sed 's/"context"/"benchmarks": [], "context"/' >twice.json
bad 'duplicate object key' twice.json
document 'x\u0000y' 10 >escape.json
bad 'not allowed' escape.json
document 'x\ud800y' 10 >surrogate.json
bad 'line 2, column' surrogate.json
document $'x\xffy' 10 >latin.json
bad 'unable to decode' latin.json
document x 10 | tr x '\0' >nul.json
bad 'control character 0x0' nul.json
document x 10 | iconv -t UTF-16 >wide.json
bad "it is UTF-16; 'iconv -f UTF-16 -t UTF-8'" wide.json
document x 10 | gzip >packed.json
bad "it is compressed; 'gzip -d'" packed.json
{ document x 10 && echo garbage; } >behind.json
bad 'line 3' behind.json
truncate -s 257M huge.json
bad 'larger than 256 MiB' huge.json

# ---- JSON that means nothing ---------------------------------------------------------------------------------------

for time in 0 -5 NaN Infinity '"5"' null true '[]'; do
	document x "$time" >time.json
	bad '[0]."real_time"' time.json
done
document x 1e308 >large.json # in us: beyond a double in ns
bad '[0]."real_time"' large.json
document x 10 | sed 's/"us"/"h"/' >unit.json
bad '[0]."time_unit"' unit.json
document x 10 | sed 's/"iteration",/"neither",/' >type.json
bad '[0]."run_type"' type.json
document '' 10 >name.json
bad '[0]."name"' name.json
document x 10 | sed 's/"name": "x"/"name": {"x": 1}/' >object.json
bad '[0]."name"' object.json
echo '{"context": {}, "benchmarks": [1]}' >number.json
bad '[0] is not an object' number.json
echo '{"context": {}, "benchmarks": {}}' >members.json
bad '"benchmarks" is something else' members.json
echo '[]' >list.json
bad 'no JSON object' list.json
document x 10 | sed 's/"context": {[^}]*}/"context": []/' >context.json
refuses '"context" is something else' import --db=a.db context.json
document x 10 | sed 's/"machine": "m"/"machine": 5/' >fact.json
refuses '"context"."machine" is not a text' import --db=a.db fact.json
document x 10 | sed 's/"iterations": 5/"iterations": 0/' >iterations.json
refuses '[0]."iterations"' import --db=a.db iterations.json
unchanged 'documents'

# ---- lines ---------------------------------------------------------------------------------------------------------

bad_line 'knows 1' version 2
bad_line 'column' version '1,"slabmark_process":1'
bad_line 'not a line of' id '"1"'
bad_line 'column' id 99999999999999999999999
bad_line 'not a line of' command null
bad_line '"ended"' ended 5
bad_line '"round"' round -1
bad_line '"round"' round 2147483647
bad_line '"position"' position 2147483648
bad_line 'not a line of' round 0.5
bad_line 'not a line of' config '{}'
bad_line 'column' elapsed 1e400
bad_line 'not a line of' elapsed NaN
bad_line 'benchmark document' document '{}'
bad_line 'benchmark document' document '[]'
bad_line 'column' config '"\u0000"'
bad_line 'column' workload $'"\x01"'
bad_line 'maximum parsing depth' document "$(printf '[%.0s' {1..5000})"
for at in 1 30 100 200 300 400; do
	line >line.jsonl
	{
		line
		head -c "$at" line.jsonl
	} >cut.jsonl
	refuses 'cut.jsonl, line 2' import --db=a.db cut.jsonl
done
unchanged 'lines that were cut'
{ line && line id 5 && printf '\x01' && head -c 1000 /dev/urandom; } >random.jsonl
refuses 'random.jsonl, line 3' import --db=a.db random.jsonl
{ line && head -c 257M /dev/zero | tr '\0' x; } >long.jsonl
refuses 'long.jsonl, line 2: longer than 256 MiB' import --db=a.db long.jsonl
unchanged 'long lines'
rm long.jsonl

# ---- plain data ----------------------------------------------------------------------------------------------------

# plain PATTERN TEXT [OPTION…]: what printf makes of the text.
plain() {
	printf %b "$2" >plain
	refuses "$1" history --input plain "${@:3}"
	refuses 'plain' history --input plain "${@:3}"
}
plain 'is empty' ''
plain "field 1: '1e400' is beyond" '1\n1e400\n'
plain "line 2, field 1: '0x10'" '1\n0x10\n'
plain "line 2, field 1: 'inf'" '1\ninf\n'
plain 'line 2: a zero byte' '1\n\00002\n'
plain 'line 1: a quoted field does not end' '"1\n2\n'
plain 'line 1: text behind the closing quote of field 1' '"1"2\n'
plain 'has no column' 'a,b\n1,2\n' "--column=$sql"
plain "2 columns are called 'a'" 'a,a\n1,2\n' --column=a
plain 'line 1: more than 4096 fields' "$(printf '1,%.0s' {1..5000})"
plain "line 3, field 2: '??'" 'a,b\n1,2\n3,\x01\x02\n' --column=b
plain 'line 1, column' '[1, 1e400]'
plain 'line 1, column' '[1, NaN]'
plain 'line 1, column' '{"series": [{"raw": [1]}], "series": []}'
plain '[1] is a text' '[1, "2"]'
plain '"series"[0]."raw" is an object' '{"series": [{"raw": {}}]}'
plain '"series" is missing' '{}'
plain '"series" is empty' '{"series": []}'
plain '"name" is an array' '{"name": [], "series": [{"raw": [1]}]}'
plain 'maximum parsing depth' "$(printf '[%.0s' {1..100000})"
plain 'unable to decode' '{"name": "\xff", "series": [{"raw": [1]}]}'
plain 'no values' '[]'
refuses 'larger than 256 MiB' history --input huge.json
head -c 4096 /dev/urandom | tr -d '\n' >random
refuses 'random' history --input random
exit "$failed"
