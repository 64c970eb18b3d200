// SPDX-License-Identifier: GPL-2.0-or-later
// What every workload's row can be asked, and how a body says that it can't go on.
#include "workload.h"

#include <stdarg.h>
#include <stdio.h>

size_t workload_parameters_count(const struct workload *workload)
{
	size_t count = 0;

	while (workload->parameters[count].name)
		count++;
	return count;
}

unsigned workload_threads_count(const struct workload *workload)
{
	unsigned count = 0;

	for (const struct workload_role *role = workload->roles; role->name; role++)
		count += role->threads;
	return count;
}

unsigned workload_role_of(const struct workload *workload, unsigned thread)
{
	unsigned role = 0;

	while (workload->roles[role].name && thread >= workload->roles[role].threads)
		thread -= workload->roles[role++].threads;
	return role;
}

int64_t workload_operations(const struct workload *workload, const int64_t *values)
{
	return workload->operations ? workload->operations(values) : OPERATIONS_PER_RUN;
}

const char *relation_name(enum relation relation)
{
	static const char *const names[RELATION_COUNT] = {
		[RELATION_ALONE] = "alone",
		[RELATION_SAME_CPU] = "same-cpu",
		[RELATION_SMT_SIBLING] = "smt-sibling",
		[RELATION_SAME_CACHE] = "same-cache",
		[RELATION_SAME_NODE] = "same-node",
		[RELATION_NODE_NEAR] = "node-near",
		[RELATION_NODE_FAR] = "node-far",
	};

	return names[relation];
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
