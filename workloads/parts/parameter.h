// SPDX-License-Identifier: GPL-2.0-or-later
// Rows of parameters in one line each. PARAMETER is part of the benchmark's name; PARAMETER_QUIET
// only when somebody changes it.
#ifndef WORKLOADS_PARTS_PARAMETER_H
#define WORKLOADS_PARTS_PARAMETER_H

#define PARAMETER(its_name, its_summary, its_unit, its_initial, its_minimum, its_maximum)          \
	{                                                                                          \
		.name = (its_name), .summary = (its_summary), .unit = (its_unit),                  \
		.initial = (its_initial), .minimum = (its_minimum), .maximum = (its_maximum)       \
	}
#define PARAMETER_QUIET(its_name, its_summary, its_unit, its_initial, its_minimum, its_maximum)    \
	{                                                                                          \
		.name = (its_name), .summary = (its_summary), .unit = (its_unit),                  \
		.initial = (its_initial), .minimum = (its_minimum), .maximum = (its_maximum),      \
		.is_named_if_changed = true                                                        \
	}
// One of a list of words, which ends with NULL; its default and its last value.
#define PARAMETER_WORD(its_name, its_summary, its_words, its_initial, its_maximum)                 \
	{                                                                                          \
		.name = (its_name), .summary = (its_summary), .unit = "",                          \
		.initial = (its_initial), .minimum = 0, .maximum = (its_maximum),                  \
		.value_names = (its_words)                                                         \
	}

// The smallest and the largest size of objects that have several, for kmalloc.
#define PARAMETER_MIN(size)                                                                        \
	PARAMETER_QUIET("min", "smallest size of an object", "bytes", size, 1, 4194304)
#define PARAMETER_MAX(size)                                                                        \
	PARAMETER_QUIET("max", "largest size of an object", "bytes", size, 1, 4194304)

// Relations of workloads whose threads all do the same, and of one thread alone.
#define RELATIONS_OF_WORKERS (RELATION_BIT(RELATION_SAME_NODE) | RELATION_BIT(RELATION_NODE_NEAR))
#define RELATIONS_ALONE      RELATION_BIT(RELATION_ALONE)

// The role of a workload that one thread does, and never more.
#define ROLE_ALONE                                                                                 \
	{                                                                                          \
		.name = "worker", .plural = "workers", .threads = 1, .maximum = 1                  \
	}

// The two bodies of a workload, from one inline function with a constant.
#define WORKLOAD_BODIES(body)                                                                      \
	static bool body##_run(struct workload_context *context, int64_t count)                    \
	{                                                                                          \
		return body(context, count, false);                                                \
	}                                                                                          \
	static bool body##_verify(struct workload_context *context, int64_t count)                 \
	{                                                                                          \
		return body(context, count, true);                                                 \
	}
#define BODY static inline __attribute__((always_inline)) bool

#endif
