// SPDX-License-Identifier: GPL-2.0-or-later
// Reading a machine's files, and saying what was found.
#include "look.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/text/first_line.h"

void found(struct finding *finding, enum finding_state state, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(finding->text, sizeof(finding->text), format, arguments);
	va_end(arguments);
	finding->state = state;
}

void advise(struct finding *finding, const char *advice)
{
	snprintf(finding->advice, sizeof(finding->advice), "%s", advice);
}

bool line_read(const struct machine *machine, const char *path, char line[LINE_SIZE])
{
	char full[PATH_SIZE];

	snprintf(full, sizeof(full), "%s%s", machine->root, path);
	return first_line(full, line, LINE_SIZE);
}

bool number_read(const struct machine *machine, const char *path, long *number)
{
	char line[LINE_SIZE];
	char *end;

	if (!line_read(machine, path, line))
		return false;
	*number = strtol(line, &end, 10);
	return end != line;
}

void fact_read(const struct machine *machine, const char *key, char *text)
{
	for (const struct machine_fact *fact = machine_facts; fact->key; fact++)
		if (strcmp(fact->key, key) == 0)
			fact->read(machine, text);
}

bool is_unknown(const char *fact)
{
	return strncmp(fact, "unknown", strlen("unknown")) == 0;
}

void list_write(hwloc_const_bitmap_t set, char *list, size_t size)
{
	list[0] = '\0';
	if (set && !hwloc_bitmap_iszero(set))
		hwloc_bitmap_list_snprintf(list, size, set);
}
