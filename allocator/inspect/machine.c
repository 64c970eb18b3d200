// SPDX-License-Identifier: GPL-2.0-or-later
// The verbs of a trace that are about the machine: reap passes, CPUs that go and come, nodes
// without memory, policies, options.
#include "inspect/verbs.h"

#include <string.h>

#include "reclaim/reap.h"

bool run_reap(struct run *run, const struct trace_operation *operation)
{
	cache_reap_now(operation->cpu, operation->verb == TRACE_REAP);
	fputs(operation->verb == TRACE_REAP ? "reap" : "reap_early", run->output);
	return true;
}

bool run_cpu_down(struct run *run, const struct trace_operation *operation)
{
	fprintf(run->output, "cpu_down %u r=%d", operation->cpu, slab_cpu_down(operation->cpu));
	return true;
}

bool run_cpu_up(struct run *run, const struct trace_operation *operation)
{
	fprintf(run->output, "cpu_up %u r=%d", operation->cpu, slab_cpu_up(operation->cpu));
	return true;
}

bool run_nomem(struct run *run, const struct trace_operation *operation)
{
	run->nomem = operation->nodes;
	fputs("nomem", run->output);
	return true;
}

bool run_policy(struct run *run, const struct trace_operation *operation)
{
	static const enum slab_mempolicy modes[] = {
		[TRACE_POLICY_NONE] = SLAB_MPOL_DEFAULT,
		[TRACE_POLICY_PREFERRED] = SLAB_MPOL_PREFERRED,
		[TRACE_POLICY_BIND] = SLAB_MPOL_BIND,
		[TRACE_POLICY_INTERLEAVE] = SLAB_MPOL_INTERLEAVE,
	};
	int error = slab_set_mempolicy(modes[operation->policy], operation->nodes);

	if (error)
		return run_complain(run, operation, "the policy is refused: %s", strerror(-error));
	fputs("policy", run->output);
	return true;
}

bool run_option(struct run *run, const struct trace_operation *operation)
{
	bool *is_off = operation->verb == TRACE_OPTION_ALIEN ? &slab_options.noaliencache
							     : &slab_options.slab_nomerge;

	(void)run;
	*is_off = !operation->is_on;
	return true;
}
