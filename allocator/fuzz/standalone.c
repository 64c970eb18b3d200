// SPDX-License-Identifier: GPL-2.0-or-later
// A fuzz target without libFuzzer: gives it the files named on the command line, one after the
// other, as a test does with the corpus and with what once failed. Usage: PROGRAM FILE...
#include <stdio.h>
#include <stdlib.h>

#include "fuzz/target.h"

static uint8_t *read_file(const char *name, size_t *size)
{
	FILE *input = fopen(name, "re");
	uint8_t *data = NULL;
	size_t room = 0;

	*size = 0;
	if (!input)
		return NULL;
	do {
		uint8_t *longer = realloc(data, room += 65536);

		if (!longer) {
			perror(name);
			exit(3);
		}
		data = longer;
		*size += fread(data + *size, 1, room - *size, input);
	} while (*size == room);
	fclose(input);
	return data;
}

int main(int argc, char **argv)
{
	LLVMFuzzerInitialize(&argc, &argv);
	for (int i = 1; i < argc; i++) {
		size_t size;
		uint8_t *data = read_file(argv[i], &size);

		if (!data) {
			perror(argv[i]);
			return 3;
		}
		printf("%s\n", argv[i]);
		fflush(stdout); // before a failure ends the process
		LLVMFuzzerTestOneInput(data, size);
		free(data);
	}
	return argc > 1 ? 0 : 2;
}
