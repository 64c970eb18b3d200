// SPDX-License-Identifier: GPL-2.0-or-later
// What the fuzz targets of the parsers share.
#include "target.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int report_descriptor = STDERR_FILENO; // written by LLVMFuzzerInitialize() alone

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	report_descriptor = dup(STDERR_FILENO);
	return 0;
}

void fuzz_fail(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	dprintf(report_descriptor, "fuzz: ");
	vdprintf(report_descriptor, format, arguments);
	dprintf(report_descriptor, "\n");
	va_end(arguments);
	abort();
}

char *fuzz_copy(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	if (!text)
		fuzz_fail("no memory for a copy of the input");
	memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

void fuzz_check_problem(const struct problem *problem)
{
	if (problem->status != EXIT_WRONG_USE)
		fuzz_fail("a bad input ended with status %d, and not with %d: %s", problem->status,
			EXIT_WRONG_USE, problem->text);
	if (!*problem->text)
		fuzz_fail("a bad input was refused without a word");
	for (const char *c = problem->text; *c; c++) {
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			fuzz_fail("the message holds the control character 0x%02x: %s",
				(unsigned char)*c, problem->text);
	}
}
