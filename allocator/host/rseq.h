// SPDX-License-Identifier: GPL-2.0-or-later
// Restartable sequences, rseq(2): a few instructions that the kernel promises to run on one CPU
// without another thread or a signal handler in between; interrupted, they are left for their abort
// address. This file finds the thread's area and fences other CPUs; the sequences themselves are in
// array/percpu_<architecture>.h.
#ifndef SLAB_HOST_RSEQ_H
#define SLAB_HOST_RSEQ_H

#include <stdbool.h>
#include <stddef.h>

// The kernel's struct rseq: offsets that have not changed since 4.18.
#define RSEQ_CPU_ID 4 // this thread's CPU; negative while no area is registered
#define RSEQ_CS     8 // the descriptor of the sequence that the thread is in

#if defined(__x86_64__)
#define RSEQ_SIGNATURE 0x53053053
#define RSEQ_IS_KNOWN  1
#elif defined(__aarch64__)
#define RSEQ_SIGNATURE 0xd428bc00
#define RSEQ_IS_KNOWN  1
#else
#define RSEQ_SIGNATURE 0
#define RSEQ_IS_KNOWN  0
#endif

// In place of a CPU's number: this task is never to get an area. Neither the kernel nor the C library
// writes it.
#define RSEQ_CPU_ID_NEVER -3

enum rseq_area {
	RSEQ_NONE,
	RSEQ_LIBC, // the C library registers every thread
	RSEQ_OWN, // this library does, thread by thread: rseq_register_thread()
	RSEQ_VIRTUAL, // nobody does: a thread is on the CPU that it says
};

// Finds or registers the calling thread's area, and registers the process for rseq_fence().
// *offset: of the area from any thread's thread pointer. RSEQ_NONE, as rseq_init_none(), where the
// system lacks one of the two.
enum rseq_area rseq_init(ptrdiff_t *offset);

// No sequence gets anywhere, but each begins with a store into the thread's area: here one that
// nobody reads. Returns RSEQ_NONE.
enum rseq_area rseq_init_none(ptrdiff_t *offset);

// Areas that no kernel knows of: sequences run as they are, unprotected, on the CPU that the thread
// says, so that two threads must not say the same one. Returns RSEQ_VIRTUAL.
enum rseq_area rseq_init_virtual(ptrdiff_t *offset);

// RSEQ_VIRTUAL: the calling thread is on this CPU from now on.
void rseq_say_cpu(unsigned cpu);

// RSEQ_OWN: gives a new thread its area. Does nothing where it has one, or was refused it.
void rseq_register_thread(void);

// When it returns true, no thread on the CPU (every CPU: -1) is in a sequence that it began before
// the call. false: the system refuses, and nothing is sure. A system call.
bool rseq_fence(int cpu);

// Whether membarrier(2) may be called at all: a sandbox may kill who does. A child process tries,
// where there is a sandbox that nobody has tried yet; that costs as much as a vfork(2).
bool rseq_may_fence(void);

// The CPU that the thread runs on as its area says; negative without one.
static inline int rseq_cpu(ptrdiff_t offset)
{
#if defined(__x86_64__)
	int cpu;

	__asm__ volatile("movl %%fs:%c1(%2), %0" : "=r"(cpu) : "i"(RSEQ_CPU_ID), "r"(offset));
	return cpu;
#else
	return *(volatile int *)((char *)__builtin_thread_pointer() + offset + RSEQ_CPU_ID);
#endif
}

#endif
