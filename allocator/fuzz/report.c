// SPDX-License-Identifier: GPL-2.0-or-later
// In place of the allocator's own host/report.c: here it is given nothing to complain of, so each
// message is a finding; but where a target says that one is due.
#include "host/report.h"

#include "fuzz/target.h"

bool fuzz_expects_report;

void report(const char *format, ...)
{
	va_list arguments;

	if (fuzz_expects_report)
		return;
	va_start(arguments, format);
	fuzz_fail_list("the allocator says: ", format, arguments);
}

void report_fatal(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fuzz_fail_list("the allocator gives up: ", format, arguments);
}
