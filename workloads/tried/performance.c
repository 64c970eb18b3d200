// SPDX-License-Identifier: GPL-2.0-or-later
// Runs workloads for tests.
#include "performance.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "small_recording.h"
#include "small_values.h"
#include "workloads/trace.h"

struct performer {
	struct performance *performance;
	unsigned thread;
};

const struct workload *workload_find(const char *name)
{
	for (size_t i = 0; workload_table[i]; i++)
		if (strcmp(workload_table[i]->name, name) == 0)
			return workload_table[i];
	return NULL;
}

static int64_t recording; // its number, once it is loaded

static void recording_load(void)
{
	struct recording_problem problem;
	FILE *file = recording == 0 ? tmpfile() : NULL;

	if (recording != 0)
		return;
	assert_true(file && small_recording_write(file) && fseek(file, 0, SEEK_SET) == 0);
	assert_true(trace_load(file, &recording, &problem));
	fclose(file);
}

void performance_make(struct performance *performance, const char *name)
{
	const struct workload *workload = workload_find(name);

	*performance = (struct performance){.workload = workload};
	if (!workload) {
		fail_msg("no workload %s", name);
		return;
	}
	if (strcmp(name, "trace") == 0)
		recording_load();
	for (size_t i = 0; i < workload_parameters_count(workload); i++)
		performance->values[i] = workload->parameters[i].initial;
	if (strcmp(name, "trace") == 0)
		performance->values[0] = recording;
	workload_threads_initial(workload, performance->counts);
}

void set_value(struct performance *performance, const char *name, int64_t value)
{
	const struct workload_parameter *parameter = performance->workload->parameters;

	while (parameter->name && strcmp(parameter->name, name) != 0)
		parameter++;
	assert_non_null(parameter->name);
	performance->values[parameter - performance->workload->parameters] = value;
}

void performance_make_small(struct performance *performance, const char *name)
{
	performance_make(performance, name);
	for (const struct small_value *small = small_values; small->workload; small++)
		if (strcmp(small->workload, name) == 0)
			set_value(performance, small->parameter, small->value);
}

// One thread calls it while the others wait.
static void all_do(struct performance *performance, unsigned thread, void (*call)(void))
{
	if (!call)
		return;
	pthread_barrier_wait(&performance->barrier);
	if (thread == 0)
		call();
	pthread_barrier_wait(&performance->barrier);
}

// As the harness does: when one thread could not start, none runs.
static bool all_started(struct performance *performance, bool is_good)
{
	if (!is_good)
		atomic_store(&performance->has_failed, true);
	pthread_barrier_wait(&performance->barrier);
	return !atomic_load(&performance->has_failed);
}

static void *perform_thread(void *argument)
{
	struct performer *performer = argument;
	struct performance *performance = performer->performance;
	const struct workload *workload = performance->workload;
	struct workload_context *context = &performance->contexts[performer->thread];
	int64_t share = workload_share(
		workload, performance->counts, context->role, performance->operations);
	bool is_good = performer->thread != 0 || workload->setup(context);

	pthread_barrier_wait(&performance->barrier);
	if (performer->thread != 0)
		context->shared = performance->contexts[0].shared;
	is_good = is_good && (!workload->thread_start || workload->thread_start(context));
	is_good = all_started(performance, is_good);
	all_do(performance, performer->thread, performance->before_run);
	if (is_good && workload->loop_begin)
		workload->loop_begin(context);
	if (is_good)
		is_good = performance->is_checked ? workload->verify(context, share)
						  : workload->run(context, share);
	if (!is_good)
		barrier_close(&performance->meeting);
	all_do(performance, performer->thread, performance->after_run);
	if (workload->thread_end)
		workload->thread_end(context);
	performance->is_good[performer->thread] = is_good;
	return NULL;
}

static const struct workload_clock system_clock = {.ns_per_tick = 1};

bool perform(struct performance *performance, int64_t operations)
{
	struct performer performers[PERFORMANCE_THREADS_MAX];
	pthread_t threads[PERFORMANCE_THREADS_MAX];
	unsigned threads_count = workload_threads_count(performance->workload, performance->counts);
	bool is_good = true;

	assert_in_range(threads_count, 1, PERFORMANCE_THREADS_MAX);
	performance->operations = operations;
	atomic_store(&performance->has_failed, false);
	barrier_open(&performance->meeting, threads_count, true);
	pthread_barrier_init(&performance->barrier, NULL, threads_count);
	for (unsigned i = 0; i < threads_count; i++) {
		performers[i] = (struct performer){performance, i};
		performance->contexts[i] = (struct workload_context){
			.values = performance->values,
			.clock = &system_clock,
			.counts = performance->counts,
			.threads = threads_count,
			.thread = i,
			.cpu = i,
			.shares_cpu = true,
			.random = {1, 2, 3},
			.barrier = &performance->meeting,
		};
		performance->contexts[i].role = workload_role_of(performance->workload,
			performance->counts, i, &performance->contexts[i].index);
	}
	for (unsigned i = 0; i < threads_count; i++)
		pthread_create(&threads[i], NULL, perform_thread, &performers[i]);
	for (unsigned i = 0; i < threads_count; i++) {
		pthread_join(threads[i], NULL);
		is_good = is_good && performance->is_good[i];
	}
	performance->workload->teardown(performance->contexts[0].shared);
	pthread_barrier_destroy(&performance->barrier);
	return is_good;
}
