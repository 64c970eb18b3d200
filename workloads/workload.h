// SPDX-License-Identifier: GPL-2.0-or-later
// What a workload is: a row that describes it and a body that the timed loop calls. A workload sees
// <slab/slab.h> and the context given to it, nothing else; the harness decides where its threads
// run.
//
// Life of a benchmark (a workload with its parameter values at one relation): setup once; then, for
// every timed loop, in each of its threads: thread_start, a warm-up by run, run again and again,
// thread_end; teardown once, when no thread runs. Those that return bool return false after
// workload_fail() has said why; the benchmark then ends with that error.
#ifndef WORKLOADS_WORKLOAD_H
#define WORKLOADS_WORKLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WORKLOAD_PARAMETERS_MAX = 8, WORKLOAD_ROLES_MAX = 2, WORKLOAD_THREADS_MAX = 2 };

// How the CPUs of two threads lie to each other. harness/measured/placement.h finds CPUs for it.
enum relation {
	RELATION_ALONE, // one thread: no other CPU matters
	RELATION_SAME_CPU, // both threads take turns on one CPU
	RELATION_SMT_SIBLING, // two hardware threads of one core
	RELATION_SAME_CACHE, // two cores behind one shared cache
	RELATION_SAME_NODE, // two cores of one node, where possible without a shared cache
	RELATION_NODE_NEAR, // two nodes, the nearest to each other
	RELATION_NODE_FAR, // two nodes, the farthest from each other
	RELATION_COUNT
};

#define RELATION_BIT(relation) (1u << (relation))

struct kmem_cache;

struct workload_parameter {
	const char *name;
	const char *summary; // a phrase
	const char *unit; // "bytes", "objects" …; "" where the values have names
	int64_t initial; // the default
	int64_t minimum, maximum;
	// NULL, or what the values from the minimum on are called, NULL at the end
	const char *const *value_names;
	bool is_named_if_changed; // part of the benchmark's name only when it isn't the default
};

// The row that most workloads begin with.
#define PARAMETER_OBJECT_SIZE                                                                      \
	{                                                                                          \
		.name = "size", .summary = "size of an object", .unit = "bytes", .initial = 192,   \
		.minimum = 8, .maximum = 65536                                                     \
	}

struct workload_role {
	const char *name;
	unsigned threads;
};

struct workload_clock;
struct workload_context;

struct workload {
	const char *name;
	const char *summary; // one sentence
	const char *stresses; // which part of the allocator
	const char *published; // where such a load is described
	unsigned relations; // RELATION_BITs to run at
	// How many threads an operation passes through. 1: each thread does operations of its own.
	// 2: each operation (an object handed over) is a part of both threads' work, so that all
	// of them call run() with twice the count of operations that the benchmark counts for one
	// thread.
	unsigned threads_per_operation;
	struct workload_role roles[WORKLOAD_ROLES_MAX + 1]; // a row without a name ends it
	struct workload_parameter
		parameters[WORKLOAD_PARAMETERS_MAX + 1]; // a row without a name ends it

	// NULL, or says what is wrong with values that are in range one by one (false).
	bool (*check)(const int64_t *values, const char **why);
	// How many operations run() is called with, or a multiple of it. NULL: OPERATIONS_PER_RUN.
	int64_t (*operations)(const int64_t *values);
	// Makes context->shared for all threads. Called by the first thread, before any
	// thread_start.
	bool (*setup)(struct workload_context *context);
	bool (*thread_start)(struct workload_context *context); // may be NULL
	// Does `count` operations; the timed code. verify does the same and checks every object:
	// it writes a pattern to the whole object when it gets it, and reads it before it frees it.
	bool (*run)(struct workload_context *context, int64_t count);
	bool (*verify)(struct workload_context *context, int64_t count);
	void (*thread_end)(struct workload_context *context); // may be NULL; also after a failure
	void (*teardown)(void *shared); // frees what setup made and what is still allocated
};

// So many that the question whether to go on, asked once a run, costs an operation nothing.
enum { OPERATIONS_PER_RUN = 1024 };

// What a body is told, and where it keeps its own. One a thread.
struct workload_context {
	const int64_t *values; // of the parameters, in the descriptor's order
	const struct workload_clock *clock; // for single operations: clock.h
	void *shared; // what setup made; the threads' common state
	void *own; // what thread_start made
	struct kmem_cache *cache; // of all objects, set by setup; NULL: they have several
	unsigned thread; // index in the benchmark
	unsigned role; // index into workload->roles
	bool shares_cpu; // with another thread of the benchmark: waiting must yield
	unsigned short random[3]; // seeded; state of nrand48() and erand48()
	bool failed_check; // the failure is a broken promise of the allocator, no lack of memory
	char failure[160]; // empty, or why the benchmark can't go on
};

// Every workload, NULL at the end.
extern const struct workload *const workload_table[];

size_t workload_parameters_count(const struct workload *workload);
unsigned workload_threads_count(const struct workload *workload);
// The role of a thread, counted through the roles in order.
unsigned workload_role_of(const struct workload *workload, unsigned thread);
int64_t workload_operations(const struct workload *workload, const int64_t *values);

// "same-node" and so on; "alone" for RELATION_ALONE.
const char *relation_name(enum relation relation);

// Notes why the benchmark can't go on; the first reason stays. Returns false.
__attribute__((format(printf, 2, 3))) bool workload_fail(
	struct workload_context *context, const char *format, ...);
// The same for an allocation that returned NULL.
bool workload_out_of_memory(struct workload_context *context, size_t size);

#endif
