#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# `slabmark run --config=malloc:NAME=LIBRARY` on real programs: what is measured is that library's malloc, and a library
# that is none is refused.
# Arguments: the paths of slabmark, of libslabmalloc.so, and of two libraries that are no malloc (broken_malloc.c): one that
# ends at its first call, and one without malloc_usable_size.
good=$(realpath "$2") crashing=$(realpath "$3") partial=$(realpath "$4")
# shellcheck source=harness/command/check.bash
source "$(dirname "$0")/check.bash"

run=(run --workload=pair --rounds=1 --min-time=0.001 --db=a.db)
called 'a good library' 0 "${run[@]}" "--config=glibc,malloc:ours-1.0=$good"
called 'what is kept' 0 export --db=a.db --format=gbench --config=malloc:ours-1.0 --round=0
says 'its path' "\"malloc_path\": \"$good\""
says 'its size' "\"malloc_bytes\": \"$(stat -c %s "$good")\""
says 'its digest' '"malloc_digest": "'
says 'how it is called' '"allocator_calls": "inline malloc"'
called 'it is a side like others' 0 compare glibc malloc:ours-1.0 --db=a.db
says 'both' 'malloc:ours-1.0'

echo 'no library' >text.so
refused 'a file that is no library' 2 'is not loaded as a malloc' "${run[@]}" "--config=malloc:text=./text.so"
refused 'a library without malloc' 2 'malloc comes from' "${run[@]}" "--config=malloc:jansson=$(ldconfig -p | awk '$1 == "libjansson.so.4" { print $NF; exit }')"
refused 'a library without malloc_usable_size' 2 'malloc_usable_size comes from' "${run[@]}" "--config=malloc:partial=$partial"
refused 'a library that crashes' 2 'is no malloc that works: a program with it was killed by SIGABRT' "${run[@]}" "--config=malloc:bad=$crashing"
refused 'a file that is not there' 2 'there is no such library' "${run[@]}" --config=malloc:none=./none.so
refused 'no file' 2 'is no malloc:NAME=LIBRARY' "${run[@]}" --config=malloc:none
refused 'no name' 2 'is no malloc:NAME=LIBRARY' "${run[@]}" "--config=malloc:=$good"
refused 'a name with a blank' 2 'is no malloc:NAME=LIBRARY' "${run[@]}" "--config=malloc:a b=$good"
refused 'twice' 2 'is named twice' "${run[@]}" "--config=malloc:a=$good,malloc:a=$good"
refused 'simulated' 2 'do not go together' "${run[@]}" --simulate "--config=malloc:a=$good"

exit "$failed"
