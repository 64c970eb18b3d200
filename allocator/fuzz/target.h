// SPDX-License-Identifier: GPL-2.0-or-later
// What all fuzz targets share: the calls that libFuzzer makes, the machine they run on, and how a
// broken promise ends the process.
#ifndef SLAB_FUZZ_TARGET_H
#define SLAB_FUZZ_TARGET_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// libFuzzer's side; standalone.c makes the first two calls where there is no libFuzzer.
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

#define FUZZ_ARENA_BYTES                                                                           \
	((size_t)64 << 20) // of a node: the least there is, so that no input eats the real machine

// The virtual machine of this process: SLABMARK_FUZZ_MACHINE=NODESxCPUS_PER_NODE, else 4x2.
struct fuzz_machine {
	unsigned nodes;
	unsigned cpus_per_node;
};

extern struct fuzz_machine fuzz_machine; // written by fuzz_start() alone

// While it is true the allocator may say something; else every message of it is a bug.
extern bool fuzz_expects_report;

// Starts the allocator, every node with little memory so that running out is part of the game. Call
// it from LLVMFuzzerInitialize(); exits with 2 when the machine is out of range.
void fuzz_start(void);

// The input showed a bug: says what, also where libFuzzer has closed standard error, and aborts.
__attribute__((format(printf, 1, 2), noreturn)) void fuzz_fail(const char *format, ...);

// The same with words before the text.
__attribute__((format(printf, 2, 0), noreturn)) void fuzz_fail_list(
	const char *before, const char *format, va_list arguments);

#endif
