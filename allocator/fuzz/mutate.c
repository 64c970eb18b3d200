// SPDX-License-Identifier: GPL-2.0-or-later
// The mutator without libFuzzer: changes traces over and over from a seed and runs each result, then
// says which rules of the allocator the results met, and fails when one was not. So a test knows
// that the fuzzer reaches them. Usage: PROGRAM COUNT SEED FILE...
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/target.h"
#include "model/expectation.h"

#define INPUT_BYTES 8192 // as ci/fuzz has it
#define POOL        200 // inputs at a time: those given, and what became of them

static struct input {
	uint8_t bytes[INPUT_BYTES];
	size_t size;
} pool[POOL];
static unsigned pool_count;

// For the mutator's few results that are no traces: one byte becomes another.
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size)
{
	if (size < max_size)
		data[(unsigned)random() % size] = (uint8_t)random();
	return size;
}

// Longer ones are left out, as libFuzzer leaves them out.
static bool pool_read(const char *name)
{
	struct input *input = &pool[pool_count];
	FILE *file = fopen(name, "re");

	if (!file) {
		perror(name);
		return false;
	}
	input->size = fread(input->bytes, 1, INPUT_BYTES, file);
	if (input->size > 0 && input->size < INPUT_BYTES)
		pool_count++;
	fclose(file);
	return true;
}

// One input becomes another, in its own place or in another's.
static void mutate_one(unsigned seed)
{
	static struct input next;

	next = pool[(unsigned)random() % pool_count];
	next.size = LLVMFuzzerCustomMutator(next.bytes, next.size, INPUT_BYTES, seed);
	if (next.size == 0)
		return;
	LLVMFuzzerTestOneInput(next.bytes, next.size);
	pool[(unsigned)random() % pool_count] = next;
}

// The trace language has no word for spreading.
static bool must_be_met(enum rule rule)
{
	return rule != SPREAD_PAST_POLICY && rule_can_be_met(rule);
}

static int missing_rules(void)
{
	int missing = 0;

	rules_print(stdout);
	for (enum rule rule = 0; rule < RULES; rule++) {
		if (!must_be_met(rule) || rule_count(rule) > 0)
			continue;
		printf("no trace met: %s\n", rule_name(rule));
		missing = 1;
	}
	return missing;
}

int main(int argc, char **argv)
{
	unsigned count = argc > 3 ? (unsigned)strtoul(argv[1], NULL, 10) : 0;
	unsigned seed = argc > 3 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;

	if (count == 0) {
		(void)fputs("usage: PROGRAM COUNT SEED FILE...\n", stderr);
		return 2;
	}
	LLVMFuzzerInitialize(&argc, &argv);
	srandom(seed);
	for (int i = 3; i < argc && pool_count < POOL; i++)
		if (!pool_read(argv[i]))
			return 3;
	for (unsigned i = 0; i < count && pool_count > 0; i++)
		mutate_one(seed + i);
	printf("%u traces, seed %u, on %u nodes of %u CPUs:\n", count, seed, fuzz_machine.nodes,
		fuzz_machine.cpus_per_node);
	return missing_rules();
}
