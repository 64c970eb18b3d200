// SPDX-License-Identifier: GPL-2.0-or-later
// Messages of the allocator. They are formatted on the stack and written with one write(2), so that
// a report from inside the allocator neither allocates nor mixes with another thread's.
#include "host/report.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define LINE_BYTES_MAX 512

static void write_line(const char *format, va_list arguments)
{
	char line[LINE_BYTES_MAX] = "slab: ";
	int prefix = 6, length, error = errno;

	length = vsnprintf(line + prefix, sizeof(line) - prefix - 1, format, arguments);
	if (length < 0)
		length = 0;
	if (length > (int)sizeof(line) - prefix - 2)
		length = (int)sizeof(line) - prefix - 2;
	line[prefix + length] = '\n';
	if (write(STDERR_FILENO, line, prefix + length + 1) < 0)
		errno = error; // nowhere left to say so
	errno = error;
}

void report(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	write_line(format, arguments);
	va_end(arguments);
}

void report_fatal(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	write_line(format, arguments);
	va_end(arguments);
	abort();
}
