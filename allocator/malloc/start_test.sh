#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# How libslabmalloc starts in a program: with options, with wrong ones, in little address space, and what it exports.
# Usage: start_test.sh LIBRARY
set -euo pipefail
library=$(realpath -- "$1")
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
failures=0

# expect STATUS WORDS COMMAND...: runs it on the library; the words are on standard error, or nothing is where they are
# empty.
expect() {
	local status=$1 words=$2 got=0
	shift 2
	LD_PRELOAD=$library "$@" >"$directory/out" 2>"$directory/err" || got=$?
	if [[ $got != "$status" ]] || { [[ -n $words ]] && ! grep -qF -- "$words" "$directory/err"; } ||
		{ [[ -z $words && -s $directory/err ]]; }; then
		echo "FAILED: $*: status $got, not $status; standard error, where '$words' should be:"
		cat "$directory/err"
		failures=$((failures + 1))
	fi
}

sorting=(sort --parallel=4 --buffer-size=8M "$directory/lines")
seq 300000 | rev >"$directory/lines"

expect 0 '' "${sorting[@]}"
expect 0 '' env SLAB_OPTIONS=percpu=locked "${sorting[@]}"
expect 0 '' env SLAB_OPTIONS='reaper arena_size=0x8000000 init_on_free' "${sorting[@]}"
expect 0 '' env GLIBC_TUNABLES=glibc.pthread.rseq=0 "${sorting[@]}"
expect 2 "no option is called 'slab_nomerg'" env SLAB_OPTIONS=slab_nomerg "${sorting[@]}"
expect 2 'libslabmalloc cannot start: EINVAL' env SLAB_OPTIONS=arena_size=12 "${sorting[@]}"
expect 2 "runs on this machine's alone" env SLAB_OPTIONS='topology="node:2 pu:1"' "${sorting[@]}"
expect 0 '' bash -c 'ulimit -v 1500000; exec "$@"' - "${sorting[@]}"
# shellcheck disable=SC2016 # the inner shell's words
expect 0 '' bash -c 'ulimit -v 700000; exec sort "$1"' - "$directory/lines"
# shellcheck disable=SC2016
expect 0 '' bash -c 'ulimit -v 60000; exec sort --buffer-size=8M "$1"' - "$directory/lines"
# shellcheck disable=SC2016
expect 0 '' bash -c 'ulimit -d 130000; exec "$@"' - "${sorting[@]}"

exported=$(nm --dynamic --defined-only "$library" | awk '{ print $3 }' | sort | paste --serial --delimiters=' ')
expected=$(sed -n -E '/global:/,/local:/ s/^[[:space:]]*([A-Za-z0-9_]+);/\1/p' "${0%/*}/slabmalloc.map" | sort | paste --serial --delimiters=' ')
if [[ $exported != "$expected" ]]; then
	echo "FAILED: the library exports: $exported"
	failures=$((failures + 1))
fi
exit $((failures > 0))
