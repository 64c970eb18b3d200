// SPDX-License-Identifier: GPL-2.0-or-later
// Reads a session's plan.
#include "plan.h"

double gate_plan_real(const json_t *plan, const char *name, double otherwise)
{
	double value = json_number_value(json_object_get(plan, name));

	return value > 0 ? value : otherwise;
}
