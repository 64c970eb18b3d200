// SPDX-License-Identifier: GPL-2.0-or-later
// The list of workloads: what the measured programs walk for `--slabmark_list`, for their help and
// to measure. A new workload is a file and a line here.
#include "workload.h"

extern const struct workload workload_pair;
extern const struct workload workload_pair_kfree;
extern const struct workload workload_pair_kmalloc;
extern const struct workload workload_pair_threads;
extern const struct workload workload_batch;
extern const struct workload workload_bulk;
extern const struct workload workload_churn;
extern const struct workload workload_colour;
extern const struct workload workload_handover;
extern const struct workload workload_kmalloc_mixed;
// The kernel's.
extern const struct workload workload_slab_test_single;
extern const struct workload workload_slab_test_pairs;
extern const struct workload workload_slab_test_concurrent;
extern const struct workload workload_slab_test_concurrent_pairs;
extern const struct workload workload_slab_test_remote_free;
extern const struct workload workload_slab_test_one_allocates;
extern const struct workload workload_slab_bulk_test01;
extern const struct workload workload_slab_bulk_test02;
extern const struct workload workload_slab_bulk_test03;
extern const struct workload workload_slab_bulk_test04;
extern const struct workload workload_slab_bulk_test05;
extern const struct workload workload_qmempool;
// The field's.
extern const struct workload workload_larson;
extern const struct workload workload_larson_sized;
extern const struct workload workload_xmalloc_test;
extern const struct workload workload_cache_scratch;
extern const struct workload workload_cache_thrash;
extern const struct workload workload_threadtest;
extern const struct workload workload_rptest;
extern const struct workload workload_prodcons;
extern const struct workload workload_mstress;
extern const struct workload workload_alloc_test;
extern const struct workload workload_glibc_simple;
extern const struct workload workload_glibc_thread;
extern const struct workload workload_sh6bench;
extern const struct workload workload_sh8bench;
extern const struct workload workload_numa_test;
extern const struct workload workload_frag;
extern const struct workload workload_multi;
extern const struct workload workload_mempool_perf;
// What only a slab allocator is asked.
extern const struct workload workload_placement;
extern const struct workload workload_shared_array;
extern const struct workload workload_alien_drain;
extern const struct workload workload_tune;
extern const struct workload workload_reap;
extern const struct workload workload_shrink;
extern const struct workload workload_ctor;
extern const struct workload workload_merge;
extern const struct workload workload_cold_start;
extern const struct workload workload_node_full;
extern const struct workload workload_long_life;
extern const struct workload workload_latency;
// What programs were recorded to ask for.
extern const struct workload workload_trace;

const struct workload *const workload_table[] = {
	&workload_pair,
	&workload_pair_kfree,
	&workload_pair_kmalloc,
	&workload_pair_threads,
	&workload_batch,
	&workload_bulk,
	&workload_churn,
	&workload_colour,
	&workload_handover,
	&workload_kmalloc_mixed,
	&workload_slab_test_single,
	&workload_slab_test_pairs,
	&workload_slab_test_concurrent,
	&workload_slab_test_concurrent_pairs,
	&workload_slab_test_remote_free,
	&workload_slab_test_one_allocates,
	&workload_slab_bulk_test01,
	&workload_slab_bulk_test02,
	&workload_slab_bulk_test03,
	&workload_slab_bulk_test04,
	&workload_slab_bulk_test05,
	&workload_qmempool,
	&workload_larson,
	&workload_larson_sized,
	&workload_xmalloc_test,
	&workload_cache_scratch,
	&workload_cache_thrash,
	&workload_threadtest,
	&workload_rptest,
	&workload_prodcons,
	&workload_mstress,
	&workload_alloc_test,
	&workload_glibc_simple,
	&workload_glibc_thread,
	&workload_sh6bench,
	&workload_sh8bench,
	&workload_numa_test,
	&workload_frag,
	&workload_multi,
	&workload_mempool_perf,
	&workload_placement,
	&workload_shared_array,
	&workload_alien_drain,
	&workload_tune,
	&workload_reap,
	&workload_shrink,
	&workload_ctor,
	&workload_merge,
	&workload_cold_start,
	&workload_node_full,
	&workload_long_life,
	&workload_latency,
	&workload_trace,
	NULL,
};
