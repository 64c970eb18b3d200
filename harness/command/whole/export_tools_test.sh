#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every export read by the tool that it is for, or, where no package has that, checked against the format's description.
# Arguments: the path of slabmark, the tool. Exit status 77: the tool is not installed; which package has it is said.
#
# What is exported: two configs, eight rounds, two benchmarks, one with a name that is hard to get through; noalien takes
# half as long again as default in the first and a quarter in the second.
tool=$2
here=$(realpath "$(dirname "$0")")
PATH=$PATH:$here/../../build/tools/usr/bin # what ci/setup unpacks and does not install
# shellcheck source=harness/command/check.bash
source "$(dirname "$0")/../check.bash"

wants() { # PROGRAM PACKAGE
	command -v "$1" >/dev/null || skip "$1 is not installed ($2)"
}

# Sets `python` to an interpreter that has the module: Debian's modules are for Debian's Python.
wants_module() { # MODULE PACKAGE
	for python in /usr/bin/python3 python3; do
		if "$python" -c "import $1" 2>/dev/null; then return; fi
	done
	skip "Python's module $1 is not installed ($2)"
}

has() { # PATTERN FILE
	grep -q -E -e "$1" "$2" || give_up "'$1' is missing in what $tool says: $(cat "$2")"
}

has_lines() { # COUNT PATTERN FILE
	local count
	count=$(grep -c -E -e "$2" "$3") || true
	[[ $count == "$1" ]] || give_up "$count lines, not $1, have '$2' in what $tool says: $(cat "$3")"
}

# One process of a config: its document in Google Benchmark's format.
document() { # CONFIG ROUND FIRST SECOND
	cat <<-END
		{"context": {"date": "2026-11-22T1$2:00:00+00:00", "host_name": "made", "executable": "made", "num_cpus": 2,
		"mhz_per_cpu": 2000, "caches": [], "load_avg": [], "library_build_type": "release", "config": "$1",
		"machine": "feedfacecafebeef", "commit": "$commit", "cpu_model": "AMD", "kernel": "Linux 6.1"},
		"benchmarks": [
		{"name": "pair/size:64", "run_type": "iteration", "iterations": 5, "real_time": $3.0$2, "cpu_time": 1,
		"time_unit": "us"},
		{"name": "a b<c>&\"d'/k:=1,2/threads:2", "run_type": "iteration", "iterations": 5, "real_time": $4.0$2,
		"cpu_time": 1, "time_unit": "ns"}]}
	END
}

made_store() {
	commit=${1:-0123456789abcdef0123456789abcdef01234567}
	for i in 1 2 3 4 5 6 7 8; do
		document default "$i" 10 20 >"default$i.json"
		document noalien "$i" 15 25 >"noalien$i.json"
	done
	"$slabmark" import --db=made.db default?.json noalien?.json >/dev/null
}

export_as() { # FORMAT FILE OPTION...
	local format=$1 file=$2
	shift 2
	"$slabmark" export --db=made.db --format="$format" --out="$file" "$@"
}

# Go benchmarks are compared by their whole names, of which the config is a part.
export_go() {
	for config in default noalien; do
		export_as gobench "$config.txt" --config="$config"
	done
}

# ---- the tools -----------------------------------------------------------------------------------------------------

read_by_compare_py() {
	local script=/usr/share/benchmark/compare.py
	[[ -f $script ]] || skip "$script is not installed (libbenchmark-tools)"
	wants_module scipy.stats python3-scipy
	export_as gbench a.json --config=default
	export_as gbench b.json --config=noalien
	"$python" "$script" --no-color benchmarks a.json b.json >said
	has_lines 8 '^pair/size:64 +\+0\.49' said # a line a repetition: eight processes
	has '^pair/size:64_pvalue +0\.0002 .*Repetitions: 8 vs 8' said
	has_lines 8 "^a b<c>&\"d'/k:=1,2/threads:2 +\\+0\\.2" said
}

read_by_benchcmp() {
	wants benchcmp golang-golang-x-tools
	export_go
	for config in default noalien; do sed -i "s/config=$config/config=x/" "$config.txt"; done
	benchcmp -best default.txt noalien.txt >said 2>&1
	has '^BenchmarkPair/size=64/config=x-1 +10010 +15010 +\+49\.95%' said
	has "^BenchmarkA_b<c>&\"d'/k==1,2/threads=2/config=x-1 .*\\+24\\.9[0-9]%" said
}

read_by_benchstat() {
	wants benchstat 'golang.org/x/perf/cmd/benchstat; no package'
	export_as gobench all.txt
	benchstat -col /config all.txt >said
	has 'Pair/size=64.* \+49\.[0-9]*% \(p=0\.000 n=8\)' said
}

read_by_promtool() {
	wants promtool 'prometheus; ci/setup --full unpacks it'
	export_as openmetrics metrics.txt
	promtool check metrics <metrics.txt >said 2>&1 || give_up "promtool refuses: $(cat said)"
	[[ ! -s said ]] || give_up "promtool complains: $(cat said)"
}

read_by_prometheus_client() {
	wants_module prometheus_client.openmetrics.parser python3-prometheus-client
	export_as openmetrics metrics.txt
	"$python" - >said <<-'END'
		from prometheus_client.openmetrics.parser import text_string_to_metric_families
		for family in text_string_to_metric_families(open("metrics.txt").read()):
		    for sample in family.samples:
		        print(family.type, family.unit, sample.name, sample.labels.get("benchmark"), sample.labels.get("config"), "%.4g" % sample.value)
	END
	has '^gauge seconds slabmark_real_time_seconds pair/size:64 noalien 1\.50.e-05$' said
	has "^gauge seconds slabmark_real_time_seconds a b<c>&\"d'/k:=1,2/threads:2 default 2\\.00.e-08$" said
	has_lines 4 '^gauge  slabmark_processes .* 8$' said
}

read_by_junitparser() {
	wants_module junitparser python3-junitparser
	export_as junit junit.xml
	"$python" - >said <<-'END'
		from junitparser import JUnitXml
		for suite in JUnitXml.fromfile("junit.xml"):
		    print(suite.name, suite.tests, suite.failures, suite.errors, suite.skipped)
		    for case in suite:
		        print(case.name, [type(result).__name__ for result in case.result], case.result[0].message)
	END
	has '^slabmark\.noalien 2 2 0 0$' said
	has "^a b<c>&\"d'/k:=1,2/threads:2 \\['Failure'\\] 1\\.249 times the time of default" said
}

read_by_xmllint() {
	wants xmllint libxml2-utils
	export_as junit junit.xml
	xmllint --noout --relaxng "$here/../export_schemas/junit.rng" junit.xml 2>said || give_up "$(cat said)"
	sed -i 's/ errors="0"//' junit.xml
	! xmllint --noout --relaxng "$here/../export_schemas/junit.rng" junit.xml 2>/dev/null || give_up 'the schema takes anything'
}

# The description of a service's format as a JSON schema, in our words.
read_by_jsonschema() {
	wants_module jsonschema python3-jsonschema
	for format in bmf github-action lnt; do
		export_as "$format" "$format.json"
		"$python" - "$here/../export_schemas/$format.json" "$format.json" <<-'END' || give_up "$format"
			import json, sys, jsonschema
			schema, document = (json.load(open(path)) for path in sys.argv[1:])
			jsonschema.Draft7Validator.check_schema(schema)
			jsonschema.validate(document, schema)
			try:
			    jsonschema.validate([{}] if isinstance(document, list) else {"x": {"y": {}}}, schema)
			except jsonschema.ValidationError:
			    sys.exit(0)
			sys.exit("the schema takes anything")
		END
	done
}

read_by_python_csv() {
	wants_module csv python3
	export_as csv made.csv
	export_as otava otava.csv
	"$python" - >said <<-'END'
		import csv
		rows = list(csv.DictReader(open("made.csv", newline="")))
		print(len(rows), sorted({(row["name"], row["config"]) for row in rows})[0], sum(float(row["real_time_ns"]) for row in rows))
		history = list(csv.DictReader(open("otava.csv", newline="")))
		print(len(history), history[0]["commit"], "%.4f" % float(history[0]["a b<c>&\"d'/k:=1,2/threads:2 config:default"]))
	END
	has "^32 \\(\"?'?a b<c>.*'default'\\) 201080\\.7[0-9]*$" said
	has '^1 0123456789abcdef0123456789abcdef01234567 20\.04' said
}

read_by_asv() {
	wants asv 'airspeed velocity; no package'
	git init -q -b main repository
	git -C repository -c user.name=a -c user.email=a commit -q --allow-empty -m one
	rm made.db
	made_store "$(git -C repository rev-parse HEAD)"
	export_as asv results --repository=repository
	echo '{"version": 1, "project": "made", "repo": "repository", "branches": ["main"], "results_dir": "results", "html_dir": "html"}' >asv.conf.json
	asv publish --no-pull >said 2>&1 || give_up "$(cat said)"
	[[ -n $(find html/graphs -name 'pair.json') ]] || give_up "no graph of pair: $(find html)"
	asv show "$(git -C repository rev-parse HEAD)" >said 2>&1 || give_up "$(cat said)"
	has 'pair' said
}

read_by_lnt() {
	wants lnt 'LNT; no package'
	export_as lnt report.json
	lnt checkformat report.json >said 2>&1 || give_up "$(cat said)"
}

read_by_otava() {
	wants otava 'Apache Otava; no package'
	export_as otava otava.csv
	cat >otava.yaml <<-END
		tests:
		  made:
		    type: csv
		    file: otava.csv
		    time_column: time
		    attributes: [commit, machine]
		    metrics:
		      pair:
		        column: pair/size:64 config:default
		        direction: -1
	END
	OTAVA_CONFIG=otava.yaml otava analyze made --since 2020-01-01 >said 2>&1 || give_up "$(cat said)"
	has '10045|10044' said
}

declare -F "read_by_${tool//[.-]/_}" >/dev/null || give_up "no tool is called '$tool'"
made_store
"read_by_${tool//[.-]/_}"
echo "$tool says:"
if [[ -f said ]]; then head -n 20 said; fi
