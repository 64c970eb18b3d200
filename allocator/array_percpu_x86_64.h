// SPDX-License-Identifier: GPL-2.0-or-later
// The sequences for x86-64. What they promise is in array_percpu.h, which includes this file.
//
// Registers: `slot` is the CPU's slot, later the array in it; the others are what their names say. The
// last instruction before label 2 is the store that makes the sequence happen.
#ifndef SLAB_ARRAY_PERCPU_X86_64_H
#define SLAB_ARRAY_PERCPU_X86_64_H

#define ARRAY_AT(member) offsetof(struct array_cache, member)

// Enters a sequence from label 1 to label 2 that is left for `out`, and finds this CPU's slot. The
// signature before the abort address tells the kernel that it is one.
#define SEQUENCE_ENTER                                                                             \
	".pushsection __rseq_cs, \"aw\"\n\t"                                                       \
	".balign 32\n"                                                                             \
	"3:\n\t"                                                                                   \
	".long 0, 0\n\t"                                                                           \
	".quad 1f, 2f - 1f, 4f\n\t"                                                                \
	".popsection\n\t"                                                                          \
	".pushsection .text.rseq_abort, \"ax\"\n\t"                                                \
	".byte 0x0f, 0xb9, 0x3d\n\t" /* an undefined instruction, the signature its operand */     \
	".long %c[signature]\n"                                                                    \
	"4:\n\t"                                                                                   \
	"jmp %l[lost]\n\t"                                                                         \
	".popsection\n\t"                                                                          \
	"leaq 3b(%%rip), %[slot]\n\t"                                                              \
	"movq %[slot], %%fs:%c[cs](%[rseq])\n"                                                     \
	"1:\n\t"                                                                                   \
	"movl %%fs:%c[cpu_id](%[rseq]), %k[slot]\n\t"                                              \
	"cmpl %[cpus], %k[slot]\n\t"                                                               \
	"jae %l[out]\n\t"                                                                          \
	"imulq %[slot_bytes], %[slot]\n\t"                                                         \
	"addq %[slots], %[slot]\n\t"                                                               \
	"cmpl $0, %c[lock](%[slot])\n\t"                                                           \
	"jne %l[out]\n\t"

#define SEQUENCE_INPUTS                                                                            \
	[signature] "i"(RSEQ_SIGNATURE), [cs] "i"(RSEQ_CS), [cpu_id] "i"(RSEQ_CPU_ID),             \
		[rseq] "r"(cpu_sequences.rseq), [cpus] "m"(cpu_sequences.cpus),                    \
		[slot_bytes] "m"(cpu_sequences.slot_bytes), [slots] "m"(cpu_sequences.slots),      \
		[lock] "i"(offsetof(struct cpu_slot, lock)), [offset] "m"(*offset),                \
		[at_avail] "i"(ARRAY_AT(avail)), [at_limit] "i"(ARRAY_AT(limit)),                  \
		[at_touched] "i"(ARRAY_AT(touched)), [at_entry] "i"(ARRAY_AT(entry))

// Takes the newest entry. false when the array is empty.
static inline __attribute__((always_inline)) bool percpu_pop_one(
	const size_t *offset, void **popped)
{
	void *object;
	unsigned long slot, avail;

	__asm__ volatile goto(SEQUENCE_ENTER
			      "addq %[offset], %[slot]\n\t"
			      "movl %c[at_avail](%[slot]), %k[avail]\n\t"
			      "subl $1, %k[avail]\n\t"
			      "jb %l[out]\n\t"
			      "movq %c[at_entry](%[slot], %[avail], 8), %[object]\n\t"
			      "movl $1, %c[at_touched](%[slot])\n\t"
			      "movl %k[avail], %c[at_avail](%[slot])\n"
			      "2:\n\t"
			      : [object] "=&r"(object), [slot] "=&r"(slot), [avail] "=&r"(avail)
			      : SEQUENCE_INPUTS
			      : "memory", "cc"
			      : out, lost);
	*popped = object;
	return true;
lost:
	cpu_count_lost_sequence();
out:
	return false;
}

// Hardened builds: an object that is the newest entry already is left to the slow path's report.
#if CONFIG_SLAB_FREELIST_HARDENED
#define REFUSE_NEWEST                                                                              \
	"testl %k[avail], %k[avail]\n\t"                                                           \
	"jz 5f\n\t"                                                                                \
	"cmpq %[object], %c[at_entry] - 8(%[slot], %[avail], 8)\n\t"                               \
	"je %l[out]\n"                                                                             \
	"5:\n\t"
#else
#define REFUSE_NEWEST ""
#endif

// false when the array is full or the object another node's.
static inline __attribute__((always_inline)) bool percpu_push_one(
	const size_t *offset, void *object)
{
	unsigned long slot, avail;

	__asm__ volatile goto(SEQUENCE_ENTER
			      "movq %[object], %[avail]\n\t"
			      "subq %c[home](%[slot]), %[avail]\n\t"
			      "cmpq %[home_bytes], %[avail]\n\t"
			      "jae %l[out]\n\t"
			      "addq %[offset], %[slot]\n\t"
			      "movl %c[at_avail](%[slot]), %k[avail]\n\t"
			      "cmpl %c[at_limit](%[slot]), %k[avail]\n\t"
			      "jae %l[out]\n\t" REFUSE_NEWEST
			      "movq %[object], %c[at_entry](%[slot], %[avail], 8)\n\t"
			      "addl $1, %k[avail]\n\t"
			      "movl %k[avail], %c[at_avail](%[slot])\n"
			      "2:\n\t"
			      : [slot] "=&r"(slot), [avail] "=&r"(avail)
			      : SEQUENCE_INPUTS, [object] "r"(object),
			      [home] "i"(offsetof(struct cpu_slot, home)),
			      [home_bytes] "m"(cpu_sequences.home_bytes)
			      : "memory", "cc"
			      : out, lost);
	return true;
lost:
	cpu_count_lost_sequence();
out:
	return false;
}

// Up to `max` newest entries, the newest first, as so many single pops would give them. Returns how
// many; 0 as well where one would get none. max is at most PERCPU_MANY_MAX.
static inline unsigned percpu_pop_many(const size_t *offset, void **objects, unsigned max)
{
	unsigned long slot, avail, left, moving, count = max;
	void **to = objects;

	__asm__ volatile goto(SEQUENCE_ENTER
			      "addq %[offset], %[slot]\n\t"
			      "movl %c[at_avail](%[slot]), %k[avail]\n\t"
			      "testl %k[avail], %k[avail]\n\t"
			      "jz %l[out]\n\t"
			      "cmpl %k[count], %k[avail]\n\t"
			      "cmovbl %k[avail], %k[count]\n\t"
			      "movl %k[count], %k[left]\n"
			      "6:\n\t"
			      "movq %c[at_entry] - 8(%[slot], %[avail], 8), %[moving]\n\t"
			      "movq %[moving], (%[to])\n\t"
			      "addq $8, %[to]\n\t"
			      "subl $1, %k[avail]\n\t"
			      "subl $1, %k[left]\n\t"
			      "jnz 6b\n\t"
			      "movl $1, %c[at_touched](%[slot])\n\t"
			      "movl %k[avail], %c[at_avail](%[slot])\n"
			      "2:\n\t"
			      : [slot] "=&r"(slot), [avail] "=&r"(avail), [left] "=&r"(left),
			      [moving] "=&r"(moving), [to] "+&r"(to), [count] "+&r"(count)
			      : SEQUENCE_INPUTS
			      : "memory", "cc"
			      : out, lost);
	return (unsigned)count;
lost:
	cpu_count_lost_sequence();
out:
	return 0;
}

// Pushes the first of `max` objects, which are all this node's, as far as there is room. Returns how many.
// max is at most PERCPU_MANY_MAX.
static inline unsigned percpu_push_many(
	const size_t *offset, void **objects, unsigned max, unsigned node)
{
	unsigned long slot, avail, room, moving, count = max;
	void **from = objects;

	__asm__ volatile goto(
		SEQUENCE_ENTER "cmpl %[node], %c[at_node](%[slot])\n\t"
			       "jne %l[out]\n\t"
			       "addq %[offset], %[slot]\n\t"
			       "movl %c[at_avail](%[slot]), %k[avail]\n\t"
			       "movl %c[at_limit](%[slot]), %k[room]\n\t"
			       "subl %k[avail], %k[room]\n\t"
			       "jbe %l[out]\n\t"
			       "cmpl %k[count], %k[room]\n\t"
			       "cmovbl %k[room], %k[count]\n\t"
			       "movl %k[count], %k[room]\n"
			       "6:\n\t"
			       "movq (%[from]), %[moving]\n\t"
			       "movq %[moving], %c[at_entry](%[slot], %[avail], 8)\n\t"
			       "addq $8, %[from]\n\t"
			       "addl $1, %k[avail]\n\t"
			       "subl $1, %k[room]\n\t"
			       "jnz 6b\n\t"
			       "movl %k[avail], %c[at_avail](%[slot])\n"
			       "2:\n\t"
		: [slot] "=&r"(slot), [avail] "=&r"(avail), [room] "=&r"(room),
		[moving] "=&r"(moving), [from] "+&r"(from), [count] "+&r"(count)
		: SEQUENCE_INPUTS, [node] "r"(node), [at_node] "i"(offsetof(struct cpu_slot, node))
		: "memory", "cc"
		: out, lost);
	return (unsigned)count;
lost:
	cpu_count_lost_sequence();
out:
	return 0;
}

#endif
