// SPDX-License-Identifier: GPL-2.0-or-later
// A trace as the mutator changes it: line by line. Without memory these functions end the process.
#ifndef SLAB_FUZZ_SCRIPT_H
#define SLAB_FUZZ_SCRIPT_H

#include <stddef.h>
#include <stdint.h>

#define HEADER_LINES 2 // the magic and the topology

struct script {
	char **lines; // without their newlines
	size_t count;
};

// A copy of so many bytes as a string, for the script to own.
char *script_copy(const char *from, size_t length);

// Puts a line before line `at` and takes it over; takes line `at` out.
void script_insert(struct script *script, size_t at, char *line);
void script_remove(struct script *script, size_t at);
void script_free(struct script *script);

// Puts the header first. It is always the same: a trace of this process's machine.
void script_add_header(struct script *script);

// Adds the operations of a text to the script; headers in it are left out.
void script_read(struct script *script, const uint8_t *data, size_t size);

// Writes as many whole lines as there is room for. Returns the bytes.
size_t script_write(const struct script *script, uint8_t *out, size_t size_max);

#endif
