// SPDX-License-Identifier: GPL-2.0-or-later
// What each verb of a trace does, carried out through the allocator's public calls where there is
// one. Each prints its result, and returns false where it had to complain (run.h). operation.c has
// the table of them.
#ifndef SLAB_INSPECT_VERBS_H
#define SLAB_INSPECT_VERBS_H

#include "inspect/run.h"

typedef bool trace_verb_function(struct run *run, const struct trace_operation *operation);

// ---- caches.c

trace_verb_function run_cache;
trace_verb_function run_destroy;
trace_verb_function run_shrink;
trace_verb_function run_tune;
trace_verb_function run_dump;

// ---- objects.c

trace_verb_function run_alloc;
trace_verb_function run_alloc_node;
trace_verb_function run_alloc_bulk;
trace_verb_function run_kmalloc;
trace_verb_function run_kmalloc_node;
trace_verb_function run_free;
trace_verb_function run_kfree;
trace_verb_function run_free_bulk;

// ---- machine.c

trace_verb_function run_reap;
trace_verb_function run_cpu_down;
trace_verb_function run_cpu_up;
trace_verb_function run_nomem;
trace_verb_function run_policy;
trace_verb_function run_option;

#endif
