#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# `slabmark import` and `compare --input` on what other programs and other versions write: one bad row is that row's loss,
# what is clear is read, and what was done is said. Argument: the path of slabmark.
# shellcheck source=harness/command/check.bash
source "$(dirname "$0")/../check.bash"

row() { # NAME MEMBERS
	printf '{"name": "%s", "run_type": "iteration", "iterations": 10, %s "cpu_time": 5, "time_unit": "ns"}' "$1" "$2"
}
file() { # ROW...: a row a line, the first in line 2
	local IFS=$'\n' separator=
	printf '{"context": {"date": "%s"}, "benchmarks": [\n' "${DATE-2026-01-01T00:00:00Z}"
	for part; do
		printf '%s%s' "$separator" "$part"
		separator=$',\n'
	done
	echo ']}'
}
errors_say() { # WHAT PART
	grep -qF -- "$2" errors || complain "$1" "$2" "$(<errors)"
}
good=$(row good '"real_time": 5,')
number=0

# loses WHAT PART ROW: beside a good row; both commands read the good one and say what is lost.
loses() {
	local store=$((++number)).db
	file "$good" "$3" >file.json
	called "$1" 0 import --db="$store" --config=c file.json
	errors_say "$1" "file.json: line 3: $2"
	"$slabmark" export --db="$store" --format=csv | grep -q ',good,' || fail "$1: the good row is lost, too"
	called "$1, compared" 0 compare --input file.json --against file.json
	says "$1, compared" 'good'
}

loses 'skipped' 'B: skipped: unsupported' '{"name": "B", "run_type": "iteration", "skipped": true, "skip_message": "unsupported",
"iterations": 0, "real_time": 0.0, "cpu_time": 0.0, "time_unit": "ns"}'
says 'its reason' 'B: every sample of input failed: skipped: unsupported'
loses 'failed' 'B: failed: no device' "$(row B '"error_occurred": true, "error_message": "no device",')"
loses 'a time of 0' 'B: "real_time" is not a finite time above 0' "$(row B '"real_time": 0,')"
loses 'no time' 'B: "real_time" is not a finite time above 0' "$(row B '"real_time": nan,')"
loses 'a text for a time' 'B: "real_time" is not a finite number' "$(row B '"real_time": "5",')"
loses 'no name' '"name" is not a text' "$(row '' '"real_time": 5,')"
says 'how many' '1 of 2 rows cannot be read'
file "$good" 7 >file.json
called 'no object' 0 import --db=object.db file.json
errors_say 'no object' 'benchmark 2: '

# ---- what costs nothing --------------------------------------------------------------------------------------------

keeps() { # WHAT COUNTERS MEMBERS: the row is read, and these are its counters
	local store=$((++number)).db
	file "$(row B "$3")" >file.json
	called "$1" 0 import --db="$store" --config=c file.json
	[[ ! -s errors ]] || complain "$1" 'nothing to say' "$(<errors)"
	"$slabmark" export --db="$store" | grep -qF -- "$2" || complain "$1" "$2" "$("$slabmark" export --db="$store")"
	called "$1, compared" 0 compare --input file.json --against file.json
	says "$1, compared" '5 ns'
}
keeps 'a counter called iterations' '"Iterations":2.5' '"real_time": 5, "iterations": 2.5,'
keeps 'a counter called threads' '"Threads":2.5' '"real_time": 5, "threads": 2.5,'
keeps 'a second one' '"threads":1,' '"threads": 1, "real_time": 5, "threads": 2.5,'
keeps 'a counter called label' '"Label":2.5' '"real_time": 5, "label": 2.5,'
keeps 'NaN behind a colon' '"c":1.0' '"real_time": 5, "c": 1.0, "d":NaN,'
keeps 'bare words' '"c":1.0' '"real_time": 5, "c": 1.0, "d": nan, "e":inf, "f": -inf,'
printf '\xef\xbb\xbf' >mark.json
file "$good" >>mark.json
called 'a mark of the byte order' 0 import --db=mark.db mark.json
printf '\xef\xbb\xbfname,iterations,real_time,cpu_time,time_unit\nx,100,5,5,ns\n' >mark.csv
called 'one before a header' 0 import --db=mark-csv.db mark.csv
{ printf '\xef\xbb\xbf' && "$slabmark" export --db=mark.db --format=jsonl; } >mark.jsonl
called 'one before our own lines' 0 import --db=mark-lines.db mark.jsonl

# ---- dates ---------------------------------------------------------------------------------------------------------

dated() { # DATE UNIX_SECONDS
	DATE=$1 file "$good" >date.json
	called "the date $1" 0 import --db=$((++number)).db date.json
	[[ ! -s errors ]] || complain "the date $1" 'nothing to say' "$(<errors)"
	"$slabmark" export --db=$number.db | grep -q "\"started_unix_ns\":${2}000000000," || fail "the date $1 is not $2"
}
dated '2016/08/02-19:45:47' 1470167147
dated '2016/08/02-19:45' 1470167100
dated '2019-11-29 21:26:59' 1575062819
dated '2026-01-01T01:00:00+01:00' 1767225600
DATE=yesterday file "$good" >date.json
touch -d '2020-02-03T04:05:06Z' date.json
called 'no date' 0 import --db=none.db date.json
errors_say 'no date' "its date 'yesterday' cannot be read; the file's own is taken, 2020-02-03 04:05:06 UTC"
"$slabmark" export --db=none.db | grep -q '"started_unix_ns":1580702706000000000' || fail "the file's own date is not taken"

# ---- aggregates ----------------------------------------------------------------------------------------------------

aggregate() { # NAME TIME
	printf '{"name": "A_%s", "run_name": "A", "run_type": "aggregate", "aggregate_name": "%s", ' "$1" "$1"
	printf '"iterations": 3, "real_time": %s, "cpu_time": 5, "time_unit": "ns"}' "$2"
}
file "$(aggregate mean 5)" "$(aggregate median 6)" "$(aggregate stddev 0)" >base.json
file "$(aggregate mean 10)" "$(aggregate median 12)" >other.json
called 'aggregates' 0 import --db=sums.db base.json other.json
errors_say 'aggregates' 'base.json: it holds aggregates alone'
called 'aggregates in a store' 0 compare base other --db=sums.db
says 'their medians' '12 ns    2.000'
says 'no verdict' 'no verdict'
called 'aggregates in files' 0 compare --input base.json --against other.json
says 'their medians' '12 ns    2.000'
says 'no verdict' 'no verdict'
sed 's/"run_type": "aggregate", "aggregate_name": "[a-z]*", //' base.json >old.json # before version 1.5
called 'aggregates of an old version' 0 compare --input old.json --against other.json
says 'their medians' '12 ns    2.000'
says 'no verdict' 'no verdict'
called 'aggregates as JSON' 0 compare --input base.json --against other.json --format=json
says 'the verdict' '"verdict": "no verdict"'
refused 'aggregates of our own' 2 'verdicts rest on repetitions' run --db=own.db -- --benchmark_report_aggregates_only=true
[[ ! -e own.db ]] || fail 'a store was made for what was refused'

# ---- the same file again -------------------------------------------------------------------------------------------

file "$good" >one.json
called 'once' 0 import --db=known.db one.json
called 'again' 0 import --db=known.db one.json
says 'again' 'imported 0 processes of 0 sessions; 1 was in the store already'
errors_say 'again' "one.json: the store holds it already, as 'one'"
cp one.json copy.json
called 'under another name' 0 import --db=known.db --config=one copy.json copy.json
says 'under another name' 'imported 0 processes of 0 sessions; 2 were in the store already'
called 'as another config' 0 import --db=known.db copy.json
says 'as another config' 'imported 1 process'
"$slabmark" import --db=known.db --config=one /dev/stdin < <(cat one.json) 2>/dev/null | grep -q '1 was in the store' || fail 'a pipe is not read as a file'

# ---- the host ------------------------------------------------------------------------------------------------------

hosted() { # HOST CPUS CLOCK CACHE DATE TIME
	printf '{"context": {"date": "2026-01-%s", "host_name": "%s", "num_cpus": %s, "mhz_per_cpu": %s, ' "$5" "$1" "$2" "$3"
	printf '"caches": [{"type": "Data", "level": 1, "size": %s, "num_sharing": 1}]}, "benchmarks": [%s]}\n' "$4" \
		"$(row B "\"real_time\": $6,")"
}
hosted one 8 2400 32768 01 5 >h1.json
hosted one 8 2401 32768 02 5 >h2.json
hosted two 8 2400 32768 03 9 >h3.json
hosted one 16 2400 32768 04 9 >h4.json
hosted one 8 2400 65536 05 9 >h5.json
for i in 1 2 3 4 5; do called "host $i" 0 import --db=hosts.db --config=c h$i.json; done
called 'one host' 0 compare --col=session 1 2 --db=hosts.db
for i in 3 4 5; do refused "another host, $i" 2 'only results of one machine can be compared' compare --col=session 1 $i --db=hosts.db; done
called 'on request' 0 compare --across --col=session 1 3 --db=hosts.db
for i in 3 4 5; do
	status=0
	"$slabmark" gate --baseline=session:1 --session=$i --confirm=none --db=hosts.db >output 2>errors || status=$?
	[[ $status != 0 && $status != 1 ]] || fail "the gate judged machine $i by another: $status, $(<output)"
done

# ---- other programs ------------------------------------------------------------------------------------------------

# figures FILE: what an import makes of it: name, time in ns, failed.
figures() {
	called "$1" 0 import --db=$((++number)).db --config=c "$1"
	"$slabmark" export --db=$number.db --format=csv |
		python3 -c 'import csv, sys
for r in csv.DictReader(sys.stdin): print(r["round"], r["name"], r["real_time_ns"] or "-", r["failed"], r["run_type"][0], end="; ")'
}
cat >hyperfine.json <<'END'
{"results": [{"command": "sort a", "median": 0.25, "times": [0.25, 0.5], "exit_codes": [0, 0]},
  {"command": "sort b", "median": 1, "times": [1, 2], "exit_codes": [0, 1]}, {"command": "sum", "median": 4}]}
END
cat >pyperf.json <<'END'
{"version": "1.0", "metadata": {"name": "telco", "unit": "second", "hostname": "bench", "cpu_count": 8}, "benchmarks": [{"runs": [
  {"warmups": [[1, 0.5]]}, {"metadata": {"date": "2026-01-02 03:04:05.25"}, "values": [0.25, 0.5]}, {"values": [1]}]}]}
END
cat >benchmark.csv <<'END'
2026-01-02T03:04:05+00:00
Running ./sort
Run on (8 X 2400.5 MHz CPU s)
CPU Caches:
  L1 Data 32 KiB (x4)
name,iterations,real_time,cpu_time,time_unit,bytes_per_second,items_per_second,label,error_occurred,error_message,"depth"
"sort/8",1000,0.5,0.25,us,,2,"of ""it"", too",,,3
"sort/8_mean",1,0.5,0.25,us,,2,,,,3
"sort/8_median",1,0.5,0.25,us,,2,,,,3
"is_mean",7,2,2,ns,,,,,,
"sort/9",,,,,,,,true,"no memory"
END
if command -v python3 >/dev/null; then
	equal 'hyperfine' '0 sort a 250000000 0 i; 0 sort b 1000000000 0 i; 0 sum_median 4000000000 0 a; 1 sort a 500000000 0 i; 1 sort b - 1 i; ' \
		"$(figures hyperfine.json)"
	equal 'pyperf' '0 telco 250000000 0 i; 0 telco 500000000 0 i; 1 telco 1000000000 0 i; ' "$(figures pyperf.json)"
	equal 'CSV' '0 sort/8 500 0 i; 0 sort/8_mean 500 0 a; 0 sort/8_median 500 0 a; 0 is_mean 2 0 i; 0 sort/9 - 1 i; ' \
		"$(figures benchmark.csv)"
fi
called 'CSV' 0 import --db=csv.db benchmark.csv
errors_say 'CSV' 'benchmark.csv: line 11: sort/9: failed: no memory'
"$slabmark" export --db=csv.db >csv.jsonl
for part in '"depth":3.0' '"label":"of \"it\", too"' '"num_cpus":8' '"started_unix_ns":1767323045000000000' '"machine":"'; do
	grep -qF -- "$part" csv.jsonl || complain 'CSV' "$part" "$(<csv.jsonl)"
done

mkdir -p asv/bench
cat >asv/benchmarks.json <<'END'
{"sort.time": {"param_names": ["size", "kind"], "unit": "seconds"}, "sort.peak": {"unit": "bytes"}, "version": 2}
END
echo '{"machine": "bench", "cpu": "Made up", "num_cpu": "8", "os": "Linux"}' >asv/bench/machine.json
for night in 2 1; do
	cat >"asv/bench/c$night-virtualenv.json" <<END
{"commit_hash": "c${night}00000000000000000000000000000000000000", "env_name": "virtualenv", "date": 176722560000$night, "params": {"machine": "bench"},
  "result_columns": ["result", "params", "version", "samples"], "version": 2, "results": {
  "sort.time": [[0.25, 0.5, null, NaN], [["10", "20"], ["'a'", "'b'"]], "1", [[0.25, 0.125]]], "sort.peak": [[12345], []]}}
END
done
called "asv's results" 0 import --db=asv.db asv
says "asv's results" 'imported 2 processes of 2 sessions'
errors_say "asv's results" '2 results are no times in seconds'
called "asv's results again" 0 import --db=asv.db asv
says "asv's results again" 'imported 0 processes of 0 sessions; 2 were'
"$slabmark" export --db=asv.db >asv.jsonl
equal 'the older commit first' 'c1 c2' "$(grep -o '"commit":"c.' asv.jsonl | cut -d'"' -f4 | paste -sd ' ')"
for part in '"config":"virtualenv"' '"name":"sort.time/size:10/kind:a"' '"real_time":125000000.0' '"name":"sort.time/size:10/kind:b"'; do
	grep -qF -- "$part" asv.jsonl || complain "asv's results" "$part" "$(<asv.jsonl)"
done
grep -q 'size:20' asv.jsonl && fail 'a cell without a result became a row'
mkdir empty
called 'a folder of something else' 2 import --db=asv.db empty
errors_say 'a folder of something else' 'no results file of asv'

# Our own export comes back with its configs.
"$slabmark" import --db=back.db --config=mine asv/bench/c1-virtualenv.json >/dev/null 2>&1
"$slabmark" export --db=back.db --format=asv --out=tree
called 'our own export' 0 import --db=again.db tree
grep -q '"config":"mine"' <<<"$("$slabmark" export --db=again.db)" || fail "our export lost the config: $(<errors)"
exit "$failed"
