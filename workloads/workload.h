// SPDX-License-Identifier: GPL-2.0-or-later
// What a workload is: a row that describes it and a body that the timed loop calls. A workload sees
// <slab/slab.h> and the context given to it, nothing else; the harness decides where its threads
// run.
//
// Life of a benchmark (a workload with its parameter values and numbers of threads at one relation):
// setup once, in the first thread; then, for every timed loop, in each of its threads:
// thread_start, a warm-up by run, run again and again, thread_end; teardown once, when no thread
// runs. Those that return bool return false after workload_fail() has said why; the benchmark then
// ends with that error.
//
// Threads. A workload's roles (producers, consumers, workers) have as many threads as the user asks
// for, from one each to all CPUs. Threads are numbered through the roles in order. All of them leave
// one spin barrier when the clock has started, and all call run() equally often.
#ifndef WORKLOADS_WORKLOAD_H
#define WORKLOADS_WORKLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "barrier.h"
#include "relation.h"

enum { WORKLOAD_PARAMETERS_MAX = 16, WORKLOAD_ROLES_MAX = 4, WORKLOAD_TALLIES_MAX = 8 };

struct kmem_cache;

struct workload_parameter {
	const char *name;
	const char *summary; // a phrase
	const char *unit; // "bytes", "objects" …; "" where the values have names
	int64_t initial; // the default
	int64_t minimum, maximum;
	// 0: whole numbers. Else values are typed and shown as fractions, and each is so many parts
	// of 1: with a scale of 1000 the user's 0.1 is 100.
	int64_t scale;
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

// What some of a workload's threads do, and how many there are: a parameter of its own, called
// `plural`, from 1 on.
struct workload_role {
	const char *name; // "producer"
	const char *plural; // "producers"
	unsigned threads; // the default
	unsigned maximum; // 0: as many as there are CPUs
};

// The row of a workload whose threads all do the same.
#define ROLE_WORKERS(number)                                                                       \
	{                                                                                          \
		.name = "worker", .plural = "workers", .threads = (number)                         \
	}

struct workload_clock;
struct workload_context;

// Of a promise: fewer than one an operation, and how many depends on the threads' luck.
#define WORKLOAD_FEWER (-1.0)

// What an operation of a workload is made of. The tests count what it really does, and compare.
struct workload_promise {
	double allocations; // objects made by an operation of a thread, on average of whole runs
	double remote_min, remote_max; // share of objects freed by another thread than made them
	int64_t live_min, live_max; // the most objects alive at a time, of all threads together
	int64_t size_min, size_max; // bytes that are asked for
	bool is_by_cache; // each size has caches of its own, kmem_cache_alloc(); else kmalloc()
	bool is_mixed; // some of them
};

// Where a workload tells what it found beside the time.
struct workload_report {
	// A figure of the timed loop, by its name in the report.
	void (*tell)(struct workload_report *report, const char *name, double value);
	// A line as the original prints it; dropped unless somebody asked for such lines.
	void (*classic)(struct workload_report *report, const char *line);
	int64_t operations; // of all threads in the timed loop
	double seconds; // that it took
};

struct workload {
	const char *name;
	const char *summary; // one sentence
	const char *stresses; // which part of the allocator
	const char *published; // where such a load is described
	unsigned relations; // RELATION_BITs to run at with the default numbers of threads
	// False: each thread does operations of its own. True: each operation (an object handed
	// over) passes through one thread of each role, and the threads of a role share all
	// operations evenly. Example: 1 producer and 3 consumers hand 12 objects over. The
	// producer's run() is told 12, each consumer's 4; the benchmark counts 3 for each thread.
	bool is_handed_on;
	struct workload_role roles[WORKLOAD_ROLES_MAX + 1]; // a row without a name ends it
	struct workload_parameter
		parameters[WORKLOAD_PARAMETERS_MAX + 1]; // a row without a name ends it

	// NULL, or says what is wrong with values that are in range one by one (false).
	bool (*check)(const int64_t *values, const char **why);
	// NULL, or says what is wrong with these numbers of threads, one a role (false).
	bool (*check_threads)(const unsigned *counts, const char **why);
	// What the count of each run() is a multiple of. NULL: it is OPERATIONS_PER_RUN or more.
	int64_t (*operations)(const int64_t *values);
	// Makes context->shared for all threads. Called by the first thread, before any
	// thread_start. Also makes what threads share one by one, such as a queue a thread:
	// context->counts says how many there are.
	bool (*setup)(struct workload_context *context);
	bool (*thread_start)(struct workload_context *context); // may be NULL
	// Does `count` operations; the timed code. verify does the same and checks every object:
	// it writes a pattern to the whole object when it gets it, and reads it before it frees it.
	// All threads are called equally often, and with the same count within a role.
	bool (*run)(struct workload_context *context, int64_t count);
	bool (*verify)(struct workload_context *context, int64_t count);
	void (*thread_end)(struct workload_context *context); // may be NULL; also after a failure
	void (*teardown)(void *shared); // frees what setup made and what is still allocated

	// NULL, or says why this program cannot run it at all (false).
	bool (*is_possible)(char *reason, size_t size);
	// NULL, or forgets what was noted beside the tallies: called by each thread between the warm-up and
	// the timed loop.
	void (*loop_begin)(struct workload_context *context);
	// NULL, or tells its figures when all threads have ended the timed loop; called by the last
	// one. The others may be through thread_end: what they noted lies in their tallies or in
	// `shared`. contexts: of all threads.
	void (*report)(const struct workload_context *contexts, struct workload_report *report);
	// What is promised with these values and numbers of threads.
	void (*promise)(
		const int64_t *values, const unsigned *counts, struct workload_promise *promise);
};

// So many that the question whether to go on, asked once a run, costs an operation nothing.
enum { OPERATIONS_PER_RUN = 1024 };

// What a body is told, and where it keeps its own. One a thread, on cache lines of its own.
struct workload_context {
	_Alignas(
		BARRIER_LINE) const int64_t *values; // of the parameters, in the descriptor's order
	const struct workload_clock *clock; // for single operations: clock.h
	void *shared; // what setup made; the threads' common state
	void *own; // what thread_start made; its memory lies on this thread's node
	// Of all objects, set by setup; NULL: they have several.
	struct kmem_cache *cache;
	const unsigned *counts; // the number of threads of each role
	unsigned threads; // of the benchmark, in all roles
	unsigned thread; // index in the benchmark
	unsigned role; // index into workload->roles
	unsigned index; // within the role
	int node; // whose memory the thread uses, as kmem_cache_alloc_node() takes it
	bool shares_cpu; // with another thread of the benchmark: waiting must yield
	// Seeded by the run's seed and the thread; state of nrand48() and erand48(). The same seed
	// gives the same numbers to the same thread.
	unsigned short random[3];
	struct barrier *barrier; // of all threads; workload_meet()
	unsigned cpu; // that the thread is bound to
	uint64_t checked; // objects that verify wrote a pattern to
	// Sums that a body keeps for its report; the harness sets them to 0 before the timed loop.
	double tallies[WORKLOAD_TALLIES_MAX];
	bool failed_check; // the failure is a broken promise of the allocator, no lack of memory
	char failure[160]; // empty, or why the benchmark can't go on
};

// Waits by spinning until all threads of the benchmark are here: between the phases of a run(),
// where each thread comes by equally often. False, with a failure set, when another thread has
// failed: nobody waits for it.
bool workload_meet(struct workload_context *context);

// Every workload, NULL at the end.
extern const struct workload *const workload_table[];

size_t workload_parameters_count(const struct workload *workload);
size_t workload_roles_count(const struct workload *workload);

// The default number of threads of each role.
void workload_threads_initial(const struct workload *workload, unsigned *counts);
// Shares a number of threads out to the roles: each gets one, then as many more as keep the
// proportions of the defaults, the later role first, and none more than it can have. False, with a
// reason, where they are too few or too many, or check_threads refuses them.
bool workload_threads_split(const struct workload *workload, unsigned threads, unsigned *counts,
	char *reason, size_t reason_size);
// The sum over the roles.
unsigned workload_threads_count(const struct workload *workload, const unsigned *counts);
// The role of a thread, and its index in it; threads are counted through the roles in order.
unsigned workload_role_of(
	const struct workload *workload, const unsigned *counts, unsigned thread, unsigned *index);

// How many operations the benchmark counts for each thread in one run().
int64_t workload_operations(
	const struct workload *workload, const int64_t *values, const unsigned *counts);
// The count that run() of a thread of the role is then called with.
int64_t workload_share(
	const struct workload *workload, const unsigned *counts, unsigned role, int64_t operations);

// A value as the user types it: a word, a fraction or a whole number.
char *workload_value_text(
	const struct workload_parameter *parameter, int64_t value, char *text, size_t size);

// How the workloads' calls reach the allocator: "library" for calls of its functions, "inline malloc" and
// "inline stacks" where a peer's are inline, as its users have them. Static storage.
const char *workload_calls(void);

// Notes why the benchmark can't go on; the first reason stays. Returns false.
__attribute__((format(printf, 2, 3))) bool workload_fail(
	struct workload_context *context, const char *format, ...);
// The same for an allocation that returned NULL.
bool workload_out_of_memory(struct workload_context *context, size_t size);

#endif
