// SPDX-License-Identifier: GPL-2.0-or-later
// A trace as a list of lines.
#include "fuzz/script.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/target.h"
#include "inspect/list.h"

char *script_copy(const char *from, size_t length)
{
	char *copy = malloc(length + 1);

	if (!copy)
		fuzz_fail("no memory left to change a trace");
	memcpy(copy, from, length);
	copy[length] = '\0';
	return copy;
}

void script_insert(struct script *script, size_t at, char *line)
{
	char **longer = list_make_room(script->lines, script->count, sizeof(*longer));

	if (!longer)
		fuzz_fail("no memory left to change a trace");
	script->lines = longer;
	memmove(longer + at + 1, longer + at, (script->count - at) * sizeof(*longer));
	longer[at] = line;
	script->count++;
}

void script_remove(struct script *script, size_t at)
{
	free(script->lines[at]);
	script->count--;
	memmove(script->lines + at, script->lines + at + 1,
		(script->count - at) * sizeof(*script->lines));
}

void script_free(struct script *script)
{
	while (script->count)
		script_remove(script, script->count - 1);
	free(script->lines);
}

void script_add_header(struct script *script)
{
	char topology[60];

	snprintf(topology, sizeof(topology), "topology nodes=%u cpus_per_node=%u",
		fuzz_machine.nodes, fuzz_machine.cpus_per_node);
	script_insert(script, 0, script_copy("slabtrace 1", strlen("slabtrace 1")));
	script_insert(script, 1, script_copy(topology, strlen(topology)));
}

static bool is_header(const char *line)
{
	return strncmp(line, "slabtrace", 9) == 0 || strncmp(line, "topology", 8) == 0;
}

void script_read(struct script *script, const uint8_t *data, size_t size)
{
	const char *text = (const char *)data, *end = text + size;

	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *stop = newline ? newline : end;
		char *line = script_copy(text, (size_t)(stop - text));

		if (is_header(line))
			free(line);
		else
			script_insert(script, script->count, line);
		text = stop + 1;
	}
}

size_t script_write(const struct script *script, uint8_t *out, size_t size_max)
{
	size_t size = 0;

	for (size_t i = 0; i < script->count; i++) {
		size_t length = strlen(script->lines[i]);

		if (size + length + 1 > size_max)
			break;
		memcpy(out + size, script->lines[i], length);
		out[size + length] = '\n';
		size += length + 1;
	}
	return size;
}
