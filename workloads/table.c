// SPDX-License-Identifier: GPL-2.0-or-later
// The list of workloads: what the measured programs walk for `--slabmark_list`, for their help and
// to measure. A new workload is a file and a line here.
#include "workload.h"

extern const struct workload workload_pair;
extern const struct workload workload_pair_kfree;
extern const struct workload workload_pair_threads;
extern const struct workload workload_batch;
extern const struct workload workload_bulk;
extern const struct workload workload_colour;
extern const struct workload workload_handover;
extern const struct workload workload_kmalloc_mixed;

const struct workload *const workload_table[] = {
	&workload_pair,
	&workload_pair_kfree,
	&workload_pair_threads,
	&workload_batch,
	&workload_bulk,
	&workload_colour,
	&workload_handover,
	&workload_kmalloc_mixed,
	NULL,
};
