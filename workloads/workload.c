// SPDX-License-Identifier: GPL-2.0-or-later
// What every workload's row can be asked, and how a body says that it can't go on.
#include "workload.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include <slab/slab.h>

size_t workload_parameters_count(const struct workload *workload)
{
	size_t count = 0;

	while (workload->parameters[count].name)
		count++;
	return count;
}

size_t workload_roles_count(const struct workload *workload)
{
	size_t count = 0;

	while (workload->roles[count].name)
		count++;
	return count;
}

// ---- numbers of threads

void workload_threads_initial(const struct workload *workload, unsigned *counts)
{
	for (size_t i = 0; workload->roles[i].name; i++)
		counts[i] = workload->roles[i].threads;
}

unsigned workload_threads_count(const struct workload *workload, const unsigned *counts)
{
	unsigned count = 0;

	for (size_t i = 0; workload->roles[i].name; i++)
		count += counts[i];
	return count;
}

unsigned workload_role_of(
	const struct workload *workload, const unsigned *counts, unsigned thread, unsigned *index)
{
	unsigned role = 0;

	while (workload->roles[role].name && thread >= counts[role])
		thread -= counts[role++];
	*index = thread;
	return role;
}

static bool has_room(const struct workload_role *role, unsigned count)
{
	return role->maximum == 0 || count < role->maximum;
}

// The role that has the least beside its default, the last of several; the number of roles when all
// are full.
static size_t poorest(const struct workload *workload, const unsigned *counts)
{
	size_t roles = workload_roles_count(workload);
	size_t chosen = roles;

	for (size_t i = 0; i < roles; i++) {
		const struct workload_role *role = &workload->roles[i];
		const struct workload_role *other = &workload->roles[chosen];

		if (has_room(role, counts[i]) &&
			(chosen == roles ||
				counts[i] * other->threads <= counts[chosen] * role->threads))
			chosen = i;
	}
	return chosen;
}

static bool share_out(const struct workload *workload, unsigned threads, unsigned *counts)
{
	size_t roles = workload_roles_count(workload);

	for (size_t i = 0; i < roles; i++)
		counts[i] = 1;
	for (unsigned given = (unsigned)roles; given < threads; given++) {
		size_t role = poorest(workload, counts);

		if (role == roles)
			return false;
		counts[role]++;
	}
	return true;
}

bool workload_threads_split(const struct workload *workload, unsigned threads, unsigned *counts,
	char *reason, size_t reason_size)
{
	size_t roles = workload_roles_count(workload);
	const char *why = NULL;

	if (threads < roles)
		snprintf(
			reason, reason_size, "needs %zu threads, one for each of its roles", roles);
	else if (!share_out(workload, threads, counts))
		snprintf(reason, reason_size, "has no use for %u threads", threads);
	else if (workload->check_threads && !workload->check_threads(counts, &why))
		snprintf(reason, reason_size, "%s", why);
	else
		return true;
	return false;
}

// ---- operations

// Of numbers above 0; at least 1.
static int64_t greatest_divisor(int64_t left, int64_t right)
{
	int64_t divisor = right == 0 ? left : greatest_divisor(right, left % right);

	return divisor > 0 ? divisor : 1;
}

// What the operations must be a multiple of, so that each role's threads share all of them evenly.
static int64_t even_number(const struct workload *workload, const unsigned *counts)
{
	int64_t threads = workload_threads_count(workload, counts);
	int64_t number = 1;

	for (size_t i = 0; workload->is_handed_on && workload->roles[i].name; i++) {
		int64_t part = counts[i] / greatest_divisor(counts[i], threads);

		number = number / greatest_divisor(number, part) * part;
	}
	return number > 0 ? number : 1; // it is: each role has a thread
}

int64_t workload_operations(
	const struct workload *workload, const int64_t *values, const unsigned *counts)
{
	int64_t even = even_number(workload, counts);

	return workload->operations ? workload->operations(values) * even
				    : (OPERATIONS_PER_RUN + even - 1) / even * even;
}

int64_t workload_share(
	const struct workload *workload, const unsigned *counts, unsigned role, int64_t operations)
{
	return workload->is_handed_on
		       ? operations * workload_threads_count(workload, counts) / counts[role]
		       : operations;
}

// ---- words and failures

char *workload_value_text(
	const struct workload_parameter *parameter, int64_t value, char *text, size_t size)
{
	if (parameter->value_names)
		snprintf(text, size, "%s", parameter->value_names[value - parameter->minimum]);
	else if (parameter->scale > 0)
		snprintf(text, size, "%.15g", (double)value / (double)parameter->scale);
	else
		snprintf(text, size, "%" PRId64, value);
	return text;
}

bool workload_fail(struct workload_context *context, const char *format, ...)
{
	va_list arguments;

	if (context->failure[0] != '\0')
		return false;
	va_start(arguments, format);
	vsnprintf(context->failure, sizeof(context->failure), format, arguments);
	va_end(arguments);
	return false;
}

bool workload_out_of_memory(struct workload_context *context, size_t size)
{
	return workload_fail(
		context, "the allocator has no memory left for an object of %zu bytes", size);
}

bool workload_meet(struct workload_context *context)
{
	return barrier_wait(context->barrier) ||
	       workload_fail(context, "another thread of this benchmark has failed");
}

#ifndef SLAB_CALLS // by the header that makes them inline
#define SLAB_CALLS "library"
#endif

const char *workload_calls(void)
{
	return SLAB_CALLS;
}
