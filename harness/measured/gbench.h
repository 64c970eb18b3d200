// SPDX-License-Identifier: GPL-2.0-or-later
// Google Benchmark for C: the few calls that a measured program needs. Its options, its way of
// choosing iterations and its JSON stay its own. No exception comes out of these functions.
#ifndef HARNESS_MEASURED_GBENCH_H
#define HARNESS_MEASURED_GBENCH_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct gbench_state; // one thread of one timed loop; Google Benchmark's State

typedef void (*gbench_body)(struct gbench_state *state, void *user);

// Registers a benchmark: wall-clock time, in nanoseconds. `threads` threads call body with the same
// user pointer; with more than one thread the count becomes part of the name. False: no memory.
// `iterations` 0: Google Benchmark chooses how many there are; else these, and the name has them, too.
bool gbench_register(
	const char *name, int threads, int64_t iterations, gbench_body body, void *user);

// Takes Google Benchmark's own options out of the arguments. --help prints its help by itself.
bool gbench_initialize(int *argument_count, char **arguments);
void gbench_print_help(void); // Google Benchmark's own options, to standard output

// A fact for the JSON's context. To be called before gbench_run().
bool gbench_add_context(const char *key, const char *value);

// Runs what --benchmark_filter selects, or lists it. Returns how many benchmarks it selects; -1
// when an exception ended the run.
int64_t gbench_run(void);
// Whether everything that was written to standard output so far got there.
bool gbench_output_is_good(void);

// ---- inside a body

// Whether `count` more operations are to be done. The first call waits for the other threads and
// starts the clock; the one that returns false stops it.
bool gbench_keep_running(struct gbench_state *state, int64_t count);
// How many operations this thread is to do in this loop; the last call of gbench_keep_running() may
// make them a few more.
int64_t gbench_iterations_wanted(const struct gbench_state *state);
// Stops this thread's clock, and starts it again.
void gbench_pause(struct gbench_state *state);
void gbench_resume(struct gbench_state *state);
// Ends the benchmark with an error; the body returns after it.
void gbench_fail(struct gbench_state *state, const char *message);

int gbench_thread(const struct gbench_state *state);
int64_t gbench_iterations(const struct gbench_state *state); // done by this thread
void gbench_set_items(struct gbench_state *state, int64_t items); // summed over threads
void gbench_set_counter(struct gbench_state *state, const char *name, double value); // summed too
// From now on a report has the same counters for each benchmark: those of single threads and nodes,
// and those of several threads, are left out. A CSV file has one head, and Google Benchmark aborts
// the program when a counter is not in it.
void gbench_keep_one_head(void);
// The same for what some workloads alone report: left out after gbench_keep_one_head().
void gbench_set_figure(struct gbench_state *state, const char *name, double value);
void gbench_set_label(struct gbench_state *state, const char *text);

#ifdef __cplusplus
}
#endif
#endif
