// SPDX-License-Identifier: GPL-2.0-or-later
// The sequences for x86-64. What they promise is in array/percpu.h, which includes this file.
//
// Registers: `slot` is the CPU's slot, later the array in it; the others are what their names say.
// The last instruction before label 2 is the store that makes the sequence happen.
#ifndef SLAB_ARRAY_PERCPU_X86_64_H
#define SLAB_ARRAY_PERCPU_X86_64_H

#include <emmintrin.h>

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
	"cmpl $0, (%[slot])\n\t"                                                                   \
	"jne %l[out]\n\t"

#define SEQUENCE_ENTRY_INPUTS                                                                      \
	[signature] "i"(RSEQ_SIGNATURE), [cs] "i"(RSEQ_CS), [cpu_id] "i"(RSEQ_CPU_ID),             \
		[rseq] "r"(cpu_sequences.rseq), [cpus] "m"(cpu_sequences.cpus),                    \
		[slot_bytes] "m"(cpu_sequences.slot_bytes), [slots] "m"(cpu_sequences.slots),      \
		[at_avail] "i"(ARRAY_AT(avail)), [at_limit] "i"(ARRAY_AT(limit)),                  \
		[at_entry] "i"(ARRAY_AT(entry))

#define SEQUENCE_INPUTS                                                                            \
	SEQUENCE_ENTRY_INPUTS, [at_touched] "i"(ARRAY_AT(touched)), [offset] PERCPU_OFFSET(*offset)

_Static_assert(offsetof(struct cpu_slot, lock) == 0, "the sequences look there");

#define FINDING_INPUTS                                                                             \
	[page_shift] "i"(PAGE_SHIFT), [descriptor_shift] "i"(PAGE_DESCRIPTOR_SHIFT),               \
		[pages] "m"(page_map.page_of_zero), [places] "m"(page_map.place_of_zero),          \
		[s_mem] "i"(offsetof(struct page, slab.s_mem)),                                    \
		[cache] "i"(offsetof(struct page, slab.cache)),                                    \
		[divisor] "i"(offsetof(struct kmem_cache, size_divisor)),                          \
		[object_limit] "i"(offsetof(struct kmem_cache, object_limit))

#define HOME_INPUTS                                                                                \
	[home] "i"(offsetof(struct cpu_slot, home)), [home_bytes] "m"(cpu_sequences.home_bytes)

// A pop, or `count` of them, ends in one store. With statistics the word of avail holds the pops
// that were hits in its upper half (array/hits.h), and a sequence that would bring them to POPS_MAX
// gives up. Each half is loaded by itself: a push stores the lower one alone, and a load of both
// would have to wait until that store is in the cache.
#if CONFIG_SLAB_STATS
#define COUNT_POPS(scratch, count)                                                                 \
	"movl %c[at_avail] + 4(%[slot]), %k[" scratch "]\n\t"                                      \
	"addl " count ", %k[" scratch "]\n\t"                                                      \
	"js %l[out]\n\t"                                                                           \
	"shlq $32, %[" scratch "]\n\t"                                                             \
	"orq %[" scratch "], %[avail]\n\t"
#define STORE_AVAIL_OF_POPS "movq %[avail], %c[at_avail](%[slot])\n"
#define POPS_OUTPUT         [pops] "=&r"(pops),
#else
#define COUNT_POPS(scratch, count)
#define STORE_AVAIL_OF_POPS "movl %k[avail], %c[at_avail](%[slot])\n"
#define POPS_OUTPUT
#endif

// Takes the newest entry. false when the array is empty.
static inline __attribute__((always_inline)) bool percpu_pop_one(
	const size_t *offset, void **popped)
{
	void *object;
	unsigned long slot, avail, pops __attribute__((unused));

	__asm__ volatile goto(
		SEQUENCE_ENTER "addq %[offset], %[slot]\n\t"
			       "movl %c[at_avail](%[slot]), %k[avail]\n\t"
			       "subl $1, %k[avail]\n\t"
			       "jb %l[out]\n\t"
			       "movq %c[at_entry](%[slot], %[avail], 8), %[object]\n\t"
			       "movl $1, %c[at_touched](%[slot])\n\t" COUNT_POPS("pops", "$1")
				       STORE_AVAIL_OF_POPS "2:\n\t"
		: [object] "=&r"(object), POPS_OUTPUT[slot] "=&r"(slot), [avail] "=&r"(avail)
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

// Hardened builds, and files that ask for it: an object that is the newest entry already is left to the slow path's report.
#if CONFIG_SLAB_FREELIST_HARDENED || defined(PERCPU_REFUSES_NEWEST)
#define REFUSE_NEWEST                                                                              \
	"testl %k[avail], %k[avail]\n\t"                                                           \
	"jz 5f\n\t"                                                                                \
	"cmpq %[object], %c[at_entry] - 8(%[slot], %[avail], 8)\n\t"                               \
	"je %l[out]\n"                                                                             \
	"5:\n\t"
#else
#define REFUSE_NEWEST ""
#endif

// Gives up where the object is not the CPU's node's: another's, or no memory of this allocator.
#define REFUSE_STRANGERS                                                                           \
	"movq %[object], %[avail]\n\t"                                                             \
	"subq %c[home](%[slot]), %[avail]\n\t"                                                     \
	"cmpq %[home_bytes], %[avail]\n\t"                                                         \
	"jae %l[out]\n\t"

// The push itself, once `slot` is the array.
#define LOAD_AVAIL_WITH_ROOM                                                                       \
	"movl %c[at_avail](%[slot]), %k[avail]\n\t"                                                \
	"cmpl %c[at_limit](%[slot]), %k[avail]\n\t"                                                \
	"jae %l[out]\n\t"
#define STORE_OBJECT                                                                               \
	"movq %[object], %c[at_entry](%[slot], %[avail], 8)\n\t"                                   \
	"addl $1, %k[avail]\n\t"                                                                   \
	"movl %k[avail], %c[at_avail](%[slot])\n"                                                  \
	"2:\n\t"

// false when the array is full or the object another node's.
static inline __attribute__((always_inline)) bool percpu_push_one(
	const size_t *offset, void *object)
{
	unsigned long slot, avail;

	__asm__ volatile goto(
		SEQUENCE_ENTER REFUSE_STRANGERS
		"addq %[offset], %[slot]\n\t" LOAD_AVAIL_WITH_ROOM REFUSE_NEWEST STORE_OBJECT
		: [slot] "=&r"(slot), [avail] "=&r"(avail)
		: SEQUENCE_INPUTS, HOME_INPUTS, [object] "r"(object)
		: "memory", "cc"
		: out, lost);
	return true;
lost:
	cpu_count_lost_sequence();
out:
	return false;
}

// The same for an object of whatever cache: its page says where the arrays lie, its cache whether an
// object begins there (object_cache() in object_fast.h). false, too, for what is no object. What is
// found out about the object waits for nothing that the array does, nor that for it.
static inline __attribute__((always_inline)) bool percpu_push_found(const void *object)
{
	unsigned long slot, avail, page, base, place, offset;

	__asm__ volatile goto(
		SEQUENCE_ENTER REFUSE_STRANGERS "movq %[object], %[page]\n\t"
						"movq %[places], %[base]\n\t"
						"shrq %[page_shift], %[page]\n\t"
						"movl (%[base], %[page], 4), %k[place]\n\t"
						"movq %[pages], %[base]\n\t"
						"shlq %[descriptor_shift], %[page]\n\t"
						"movq %[object], %[offset]\n\t"
						"subq %c[s_mem](%[base], %[page]), %[offset]\n\t"
						"movq %c[cache](%[base], %[page]), %[page]\n\t"
						"addq %[place], %[slot]\n\t" LOAD_AVAIL_WITH_ROOM
						"imulq %c[divisor](%[page]), %[offset]\n\t"
						"cmpq %c[object_limit](%[page]), %[offset]\n\t"
						"jae %l[out]\n\t" REFUSE_NEWEST STORE_OBJECT
		: [slot] "=&r"(slot), [avail] "=&r"(avail), [page] "=&r"(page), [base] "=&r"(base),
		[place] "=&r"(place), [offset] "=&r"(offset)
		: SEQUENCE_ENTRY_INPUTS, HOME_INPUTS, FINDING_INPUTS, [object] "r"(object)
		: "memory", "cc"
		: out, lost);
	return true;
lost:
	cpu_count_lost_sequence();
out:
	return false;
}

// Up to `max` newest entries, the newest first, as so many single pops would give them. Returns how
// many; 0 as well where one would get none. max is at most PERCPU_MANY_MAX. Two at a time, an odd
// one first.
static inline unsigned percpu_pop_many(const size_t *offset, void **objects, unsigned max)
{
	unsigned long slot, avail, left, count = max;
	void **to = objects;
	__m128i two;

	__asm__ volatile goto(SEQUENCE_ENTER
			      "addq %[offset], %[slot]\n\t"
			      "movl %c[at_avail](%[slot]), %k[avail]\n\t"
			      "testl %k[avail], %k[avail]\n\t"
			      "jz %l[out]\n\t"
			      "cmpl %k[count], %k[avail]\n\t"
			      "cmovbl %k[avail], %k[count]\n\t"
			      "movl %k[count], %k[left]\n\t"
			      "shrl $1, %k[left]\n\t"
			      "jnc 5f\n\t"
			      "movq %c[at_entry] - 8(%[slot], %[avail], 8), %[two]\n\t"
			      "movq %[two], (%[to])\n\t"
			      "leaq 8(%[to]), %[to]\n\t"
			      "leal -1(%k[avail]), %k[avail]\n\t"
			      "testl %k[left], %k[left]\n"
			      "5:\n\t"
			      "jz 7f\n"
			      "6:\n\t"
			      "movups %c[at_entry] - 16(%[slot], %[avail], 8), %[two]\n\t"
			      "pshufd $0x4e, %[two], %[two]\n\t"
			      "movups %[two], (%[to])\n\t"
			      "addq $16, %[to]\n\t"
			      "subl $2, %k[avail]\n\t"
			      "subl $1, %k[left]\n\t"
			      "jnz 6b\n"
			      "7:\n\t"
			      "movl $1, %c[at_touched](%[slot])\n\t" COUNT_POPS("left", "%k[count]")
				      STORE_AVAIL_OF_POPS "2:\n\t"
			      : [slot] "=&r"(slot), [avail] "=&r"(avail), [left] "=&r"(left),
			      [two] "=&x"(two), [to] "+&r"(to), [count] "+&r"(count)
			      : SEQUENCE_INPUTS
			      : "memory", "cc"
			      : out, lost);
	return (unsigned)count;
lost:
	cpu_count_lost_sequence();
out:
	return 0;
}

// Pushes the first of `max` objects as far as there is room. Returns how many; 0 where the array is
// full or one of them is another node's. max is at most PERCPU_MANY_MAX. Two at a time, an odd one
// first.
//
// All are this node's if the distances from its first byte, or-ed together, are below the length of
// its range, which is a power of two.
static inline unsigned percpu_push_many(const size_t *offset, void **objects, unsigned max)
{
	unsigned long slot, avail, left, distances, count = max;
	void **from = objects;
	__m128i two, home, all;

	__asm__ volatile goto(SEQUENCE_ENTER "movq %c[home](%[slot]), %[home_of]\n\t"
					     "punpcklqdq %[home_of], %[home_of]\n\t"
					     "pxor %[all], %[all]\n\t"
					     "addq %[offset], %[slot]\n\t"
					     "movl %c[at_avail](%[slot]), %k[avail]\n\t"
					     "movl %c[at_limit](%[slot]), %k[left]\n\t"
					     "subl %k[avail], %k[left]\n\t"
					     "jbe %l[out]\n\t"
					     "cmpl %k[count], %k[left]\n\t"
					     "cmovbl %k[left], %k[count]\n\t"
					     "movl %k[count], %k[left]\n\t"
					     "shrl $1, %k[left]\n\t"
					     "jnc 5f\n\t"
					     "movq (%[from]), %[all]\n\t"
					     "movq %[all], %c[at_entry](%[slot], %[avail], 8)\n\t"
					     "psubq %[home_of], %[all]\n\t"
					     "movq %[all], %[all]\n\t"
					     "leaq 8(%[from]), %[from]\n\t"
					     "leal 1(%k[avail]), %k[avail]\n\t"
					     "testl %k[left], %k[left]\n"
					     "5:\n\t"
					     "jz 7f\n"
					     "6:\n\t"
					     "movups (%[from]), %[two]\n\t"
					     "movups %[two], %c[at_entry](%[slot], %[avail], 8)\n\t"
					     "psubq %[home_of], %[two]\n\t"
					     "por %[two], %[all]\n\t"
					     "addq $16, %[from]\n\t"
					     "addl $2, %k[avail]\n\t"
					     "subl $1, %k[left]\n\t"
					     "jnz 6b\n"
					     "7:\n\t"
					     "movhlps %[all], %[two]\n\t"
					     "por %[all], %[two]\n\t"
					     "movq %[two], %[distances]\n\t"
					     "cmpq %[home_bytes], %[distances]\n\t"
					     "jae %l[out]\n\t"
					     "movl %k[avail], %c[at_avail](%[slot])\n"
					     "2:\n\t"
			      : [slot] "=&r"(slot), [avail] "=&r"(avail), [left] "=&r"(left),
			      [distances] "=&r"(distances), [two] "=&x"(two), [home_of] "=&x"(home),
			      [all] "=&x"(all), [from] "+&r"(from), [count] "+&r"(count)
			      : SEQUENCE_INPUTS, HOME_INPUTS
			      : "memory", "cc"
			      : out, lost);
	return (unsigned)count;
lost:
	cpu_count_lost_sequence();
out:
	return 0;
}

#endif
