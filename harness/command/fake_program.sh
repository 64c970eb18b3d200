#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Stands in for a measured or inspecting program in tests. Its config is the end of its own name. What it does wrong
# is asked for by the environment: FAKE_FAULT="CONFIG:FAULT", where FAULT is one of those below.
# FAKE_TRACE: a file that gets a line for each measurement. FAKE_WAIT: a folder; each measurement makes the file
# "started" in it, with its process id, and ends when there is a file "go". FAKE_TIMES="CONFIG:PICOSECONDS ...": what it
# claims to have measured; FAKE_NOISE: up to 50 times so many picoseconds more or less, by the environment's size, which
# the plan draws. FAKE_COUNTERS: more members of its benchmarks, as JSON text that ends in a comma.
name=${0##*/}
config=${name#slabmark-run-}
config=${config%%.*} # a layout has its number behind a dot

case $name in
slabmark-inspect-*)
	for word; do
		echo "word $word"
	done
	cat
	exit 0
	;;
esac

fault=
case ${FAKE_FAULT-} in
"$config":*) fault=${FAKE_FAULT#*:} ;;
esac

parameter='{"name":"size","default":64,"min":8,"max":4096,"unit":"bytes","summary":"size of an object"}'
order='{"name":"order","default":"lifo","min":0,"max":1,"unit":"","values":["lifo","fifo"],"summary":"who is first"}'

workload() {
	printf '{"name":"%s","summary":"A made-up one.","stresses":"nothing","published":"","roles":[],' "$1"
	printf '"parameters":[%s,%s],"benchmarks":[%s],"skipped":[%s]}' "$parameter" "$order" "$2" "$3"
}

list() {
	far='{"name":"far/relation:node-far","reason":"needs two nodes"}'
	printf '{"config":"%s","description":"a fake","cpu_mode":"none","workloads":[' "$config"
	workload pair '"pair/size:64"' ''
	printf ,
	workload pairs '"pairs/relation:same-node"' ''
	printf ,
	workload far '' "$far"
	echo ']}'
}

# The time in ns, by FAKE_TIMES and FAKE_NOISE.
time_of() {
	picoseconds=
	for entry in ${FAKE_TIMES-}; do
		case $entry in
		"$config":*) picoseconds=${entry#*:} ;;
		esac
	done
	if [ -z "$picoseconds" ]; then
		echo 10.5
		return
	fi
	picoseconds=$((picoseconds * (100 + slowdown) / 100 + (${#SLABMARK_PADDING} % 101 - 50) * ${FAKE_NOISE-0}))
	printf '%d.%03d\n' $((picoseconds / 1000)) $((picoseconds % 1000))
}

document() {
	time=$(time_of)
	error=
	[ "$fault" = error ] && error='"error_occurred":true,"error_message":"no memory",'
	cat <<END
{"context":{"date":"2026-01-01T00:00:00+00:00","config":"$config","machine":"fake","commit":"0"},
"benchmarks":[{"name":"$1/size:64","run_name":"$1/size:64","run_type":"iteration","repetitions":1,
"repetition_index":0,"threads":1,$error "iterations":100,"real_time":$time,${FAKE_COUNTERS-}"cpu_time":10.5,"time_unit":"ns"}]}
END
}

# Of counters it knows two, and "nope" is none.
list_counters() {
	case $asked in
	*nope*)
		echo "$0: --slabmark_counters: no counter is called 'nope'; did you mean 'core'?" >&2
		exit 2
		;;
	esac
	printf '{"presets":[{"name":"core","summary":"a fake","counters":["cycles","IPC"]}],"counters":['
	printf '{"name":"cycles","summary":"of a clock","state":"available","taken":"fake 0x1"},'
	echo '{"name":"remote-hitm","summary":"far","state":"unavailable","reason":"no PMU"}]}'
}

measured='' asked='' wants_counters='' slowdown=0
for word; do
	case $word in
	--slabmark_cpus=99 | --benchmark_nonsense)
		echo "$0: it does not take $word" >&2
		exit 2
		;;
	--slabmark_list)
		[ "$fault" = list ] && echo 'cannot list' >&2 && exit 3
		list
		exit 0
		;;
	--slabmark_list_counters) wants_counters=yes ;;
	--slabmark_slowdown=*) slowdown=${word#*=} ;;
	--slabmark_counters=*) asked=${word#*=} ;;
	--benchmark_filter=*)
		measured=${word#--benchmark_filter=^}
		measured=${measured%%(*}
		;;
	esac
done

if [ -n "$wants_counters" ]; then
	[ "$fault" = counters ] && echo 'cannot count' >&2 && exit 3
	list_counters
	exit 0
fi

[ -n "${FAKE_TRACE-}" ] && echo "$config ${#SLABMARK_PADDING} $*" >>"$FAKE_TRACE"
if [ -n "${FAKE_WAIT-}" ]; then
	echo $$ >"$FAKE_WAIT/starting"
	mv "$FAKE_WAIT/starting" "$FAKE_WAIT/started"
	while [ ! -e "$FAKE_WAIT/go" ]; do
		sleep 0.01
	done
fi
echo "a message of $config" >&2
case $fault in
crash) kill -SEGV $$ ;;
exit) exit 9 ;;
hang) while :; do sleep 1000; done ;;
garbage) echo 'Segmentation fault' ;;
aggregates) document "$measured" | sed 's/"run_type":"iteration"/"run_type":"aggregate","aggregate_name":"mean"/' ;;
empty) echo '{"context":{},"benchmarks":[]}' ;;
huge) exec cat /dev/zero ;;
bad) document "$measured" | sed 's/"real_time":10.5/"real_time":"soon"/' ;;
*) document "$measured" ;;
esac
