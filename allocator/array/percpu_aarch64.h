// SPDX-License-Identifier: GPL-2.0-or-later
// The sequences for aarch64. What they promise is in array/percpu.h, which includes this file.
//
// The lock is read with acquire: its last holder may have worked on the array from another CPU.
// Nothing else needs order, because all other users of the array run on this CPU. The last
// instruction before label 2 is the store that makes the sequence happen.
#ifndef SLAB_ARRAY_PERCPU_AARCH64_H
#define SLAB_ARRAY_PERCPU_AARCH64_H

#define ARRAY_AT(member) offsetof(struct array_cache, member)

// Enters a sequence from label 1 to label 2 that is left for `out`, and finds this CPU's slot. The
// signature stands right before the abort address.
#define SEQUENCE_ENTER                                                                             \
	".pushsection __rseq_cs, \"aw\"\n\t"                                                       \
	".balign 32\n"                                                                             \
	"3:\n\t"                                                                                   \
	".long 0, 0\n\t"                                                                           \
	".quad 1f, 2f - 1f, 4f\n\t"                                                                \
	".popsection\n\t"                                                                          \
	".pushsection .text.rseq_abort, \"ax\"\n\t"                                                \
	".inst %c[signature]\n"                                                                    \
	"4:\n\t"                                                                                   \
	"b %l[lost]\n\t"                                                                           \
	".popsection\n\t"                                                                          \
	"adrp %[slot], 3b\n\t"                                                                     \
	"add %[slot], %[slot], :lo12:3b\n\t"                                                       \
	"str %[slot], [%[rseq], %c[cs]]\n"                                                         \
	"1:\n\t"                                                                                   \
	"ldr %w[slot], [%[rseq], %c[cpu_id]]\n\t"                                                  \
	"cmp %w[slot], %w[cpus]\n\t"                                                               \
	"b.hs %l[out]\n\t"                                                                         \
	"madd %[slot], %[slot], %[slot_bytes], %[slots]\n\t"                                       \
	"ldar %w[avail], [%[slot]]\n\t"                                                            \
	"cbnz %w[avail], %l[out]\n\t"

// slot := the array.
#define SEQUENCE_FIND_ARRAY                                                                        \
	"ldr %[avail], [%[offset]]\n\t"                                                            \
	"add %[slot], %[slot], %[avail]\n\t"                                                       \
	"ldr %w[avail], [%[slot], %c[at_avail]]\n\t"

#define SEQUENCE_ENTRY_INPUTS                                                                      \
	[signature] "i"(RSEQ_SIGNATURE), [cs] "i"(RSEQ_CS), [cpu_id] "i"(RSEQ_CPU_ID),             \
		[rseq] "r"((char *)__builtin_thread_pointer() + cpu_sequences.rseq),               \
		[cpus] "r"(cpu_sequences.cpus), [slot_bytes] "r"(cpu_sequences.slot_bytes),        \
		[slots] "r"(cpu_sequences.slots), [at_avail] "i"(ARRAY_AT(avail)),                 \
		[at_limit] "i"(ARRAY_AT(limit)), [at_touched] "i"(ARRAY_AT(touched)),              \
		[at_entry] "i"(ARRAY_AT(entry))

#define SEQUENCE_INPUTS SEQUENCE_ENTRY_INPUTS, [offset] "r"(offset)

#define FINDING_INPUTS                                                                             \
	[page_shift] "i"(PAGE_SHIFT), [descriptor_shift] "i"(PAGE_DESCRIPTOR_SHIFT),               \
		[page_of_zero] "r"(page_map.page_of_zero),                                         \
		[place_of_zero] "r"(page_map.place_of_zero),                                       \
		[s_mem] "i"(offsetof(struct page, slab.s_mem)),                                    \
		[cache] "i"(offsetof(struct page, slab.cache)),                                    \
		[divisor] "i"(offsetof(struct kmem_cache, size_divisor)),                          \
		[object_limit] "i"(offsetof(struct kmem_cache, object_limit))

#define HOME_INPUTS                                                                                \
	[home] "i"(offsetof(struct cpu_slot, home)), [home_bytes] "r"(cpu_sequences.home_bytes)

_Static_assert(offsetof(struct cpu_slot, lock) == 0, "ldar takes no offset");

// A pop, or `count` of them, ends in one store. With statistics the word of avail holds the pops
// that were hits in its upper half (array/hits.h), and a sequence that would bring them to POPS_MAX
// gives up.
#if CONFIG_SLAB_STATS
#define COUNT_POPS(scratch, count)                                                                 \
	"ldr %w[" scratch "], [%[slot], %c[at_avail] + 4]\n\t"                                     \
	"adds %w[" scratch "], %w[" scratch "], " count "\n\t"                                     \
	"b.mi %l[out]\n\t"                                                                         \
	"orr %[avail], %[avail], %[" scratch "], lsl #32\n\t"
#define STORE_AVAIL_OF_POPS "str %[avail], [%[slot], %c[at_avail]]\n"
#else
#define COUNT_POPS(scratch, count)
#define STORE_AVAIL_OF_POPS "str %w[avail], [%[slot], %c[at_avail]]\n"
#endif

// Takes the newest entry. false when the array is empty.
static inline __attribute__((always_inline)) bool percpu_pop_one(
	const size_t *offset, void **popped)
{
	void *object;
	unsigned long slot, avail;

	__asm__ volatile goto(SEQUENCE_ENTER SEQUENCE_FIND_ARRAY
			      "cbz %w[avail], %l[out]\n\t"
			      "sub %w[avail], %w[avail], #1\n\t" COUNT_POPS("object",
				      "#1") "mov %w[object], #1\n\t"
					    "str %w[object], [%[slot], %c[at_touched]]\n\t"
					    "add %[object], %[slot], %c[at_entry]\n\t"
					    "ldr %[object], [%[object], %w[avail], uxtw "
					    "#3]\n\t" STORE_AVAIL_OF_POPS "2:\n\t"
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

// Hardened builds, and files that ask for it: an object that is the newest entry already is left to the slow path's report.
#if CONFIG_SLAB_FREELIST_HARDENED || defined(PERCPU_REFUSES_NEWEST)
#define REFUSE_NEWEST                                                                              \
	"cbz %w[avail], 5f\n\t"                                                                    \
	"add %[place], %[slot], %c[at_entry] - 8\n\t"                                              \
	"ldr %[place], [%[place], %w[avail], uxtw #3]\n\t"                                         \
	"cmp %[place], %[object]\n\t"                                                              \
	"b.eq %l[out]\n"                                                                           \
	"5:\n\t"
#else
#define REFUSE_NEWEST ""
#endif

// Gives up where the object is not the CPU's node's: another's, or no memory of this allocator.
#define REFUSE_STRANGERS                                                                           \
	"ldr %[place], [%[slot], %c[home]]\n\t"                                                    \
	"sub %[place], %[object], %[place]\n\t"                                                    \
	"cmp %[place], %[home_bytes]\n\t"                                                          \
	"b.hs %l[out]\n\t"

// The push itself, once `slot` is the array and `avail` its word.
#define REFUSE_WITHOUT_ROOM                                                                        \
	"ldr %w[place], [%[slot], %c[at_limit]]\n\t"                                               \
	"cmp %w[avail], %w[place]\n\t"                                                             \
	"b.hs %l[out]\n\t"
#define STORE_OBJECT                                                                               \
	"add %[place], %[slot], %c[at_entry]\n\t"                                                  \
	"str %[object], [%[place], %w[avail], uxtw #3]\n\t"                                        \
	"add %w[avail], %w[avail], #1\n\t"                                                         \
	"str %w[avail], [%[slot], %c[at_avail]]\n"                                                 \
	"2:\n\t"

// false when the array is full or the object another node's.
static inline __attribute__((always_inline)) bool percpu_push_one(
	const size_t *offset, void *object)
{
	unsigned long slot, avail, place;

	__asm__ volatile goto(SEQUENCE_ENTER REFUSE_STRANGERS SEQUENCE_FIND_ARRAY
				      REFUSE_WITHOUT_ROOM REFUSE_NEWEST STORE_OBJECT
			      : [slot] "=&r"(slot), [avail] "=&r"(avail), [place] "=&r"(place)
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
// object begins there (object_cache() in object_fast.h). false, too, for what is no object.
static inline __attribute__((always_inline)) bool percpu_push_found(const void *object)
{
	unsigned long slot, avail, place, page, rule;

	__asm__ volatile goto(
		SEQUENCE_ENTER REFUSE_STRANGERS
		"lsr %[page], %[object], %[page_shift]\n\t"
		"ldr %w[avail], [%[place_of_zero], %[page], lsl #2]\n\t"
		"add %[page], %[page_of_zero], %[page], lsl %[descriptor_shift]\n\t"
		"add %[slot], %[slot], %[avail]\n\t"
		"ldr %w[avail], [%[slot], %c[at_avail]]\n\t" REFUSE_WITHOUT_ROOM
		"ldr %[place], [%[page], %c[s_mem]]\n\t"
		"ldr %[page], [%[page], %c[cache]]\n\t"
		"sub %[place], %[object], %[place]\n\t"
		"ldr %[rule], [%[page], %c[divisor]]\n\t"
		"mul %[place], %[place], %[rule]\n\t"
		"ldr %[rule], [%[page], %c[object_limit]]\n\t"
		"cmp %[place], %[rule]\n\t"
		"b.hs %l[out]\n\t" REFUSE_NEWEST STORE_OBJECT
		: [slot] "=&r"(slot), [avail] "=&r"(avail), [place] "=&r"(place),
		[page] "=&r"(page), [rule] "=&r"(rule)
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
	unsigned long slot, avail, left, one, other, count = max;
	void **to = objects;

	__asm__ volatile goto(
		SEQUENCE_ENTER SEQUENCE_FIND_ARRAY
		"cbz %w[avail], %l[out]\n\t"
		"cmp %w[avail], %w[count]\n\t"
		"csel %w[count], %w[avail], %w[count], lo\n\t"
		"add %[one], %[slot], %c[at_entry]\n\t"
		"add %[one], %[one], %w[avail], uxtw #3\n\t" // behind the newest entry
		"sub %w[avail], %w[avail], %w[count]\n\t"
		"mov %w[left], #1\n\t"
		"str %w[left], [%[slot], %c[at_touched]]\n\t"
		"mov %w[left], %w[count]\n\t"
		"tbz %w[left], #0, 5f\n\t"
		"ldr %[other], [%[one], #-8]!\n\t"
		"str %[other], [%[to]], #8\n"
		"5:\n\t"
		"lsr %w[left], %w[left], #1\n\t"
		"cbz %w[left], 7f\n"
		"6:\n\t"
		"ldr %[other], [%[one], #-8]!\n\t"
		"str %[other], [%[to]], #8\n\t"
		"ldr %[other], [%[one], #-8]!\n\t"
		"str %[other], [%[to]], #8\n\t"
		"sub %w[left], %w[left], #1\n\t"
		"cbnz %w[left], 6b\n"
		"7:\n\t" COUNT_POPS("left", "%w[count]") STORE_AVAIL_OF_POPS "2:\n\t"
		: [slot] "=&r"(slot), [avail] "=&r"(avail), [left] "=&r"(left), [one] "=&r"(one),
		[other] "=&r"(other), [to] "+&r"(to), [count] "+&r"(count)
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
// full or one of them is another node's. max is at most PERCPU_MANY_MAX.
//
// All are this node's if the distances from its first byte, or-ed together, are below the length of
// its range, which is a power of two.
static inline unsigned percpu_push_many(const size_t *offset, void **objects, unsigned max)
{
	unsigned long slot, avail, left, object, place, home, distances, count = max;
	void **from = objects;

	__asm__ volatile goto(SEQUENCE_ENTER "ldr %[home_of], [%[slot], %c[home]]\n\t"
					     "mov %[distances], #0\n\t" SEQUENCE_FIND_ARRAY
					     "ldr %w[left], [%[slot], %c[at_limit]]\n\t"
					     "subs %w[left], %w[left], %w[avail]\n\t"
					     "b.ls %l[out]\n\t"
					     "cmp %w[left], %w[count]\n\t"
					     "csel %w[count], %w[left], %w[count], lo\n\t"
					     "mov %w[left], %w[count]\n\t"
					     "add %[place], %[slot], %c[at_entry]\n\t"
					     "add %[place], %[place], %w[avail], uxtw #3\n\t"
					     "add %w[avail], %w[avail], %w[count]\n"
					     "6:\n\t"
					     "ldr %[object], [%[from]], #8\n\t"
					     "str %[object], [%[place]], #8\n\t"
					     "sub %[object], %[object], %[home_of]\n\t"
					     "orr %[distances], %[distances], %[object]\n\t"
					     "sub %w[left], %w[left], #1\n\t"
					     "cbnz %w[left], 6b\n\t"
					     "cmp %[distances], %[home_bytes]\n\t"
					     "b.hs %l[out]\n\t"
					     "str %w[avail], [%[slot], %c[at_avail]]\n"
					     "2:\n\t"
			      : [slot] "=&r"(slot), [avail] "=&r"(avail), [left] "=&r"(left),
			      [object] "=&r"(object), [place] "=&r"(place), [home_of] "=&r"(home),
			      [distances] "=&r"(distances), [from] "+&r"(from), [count] "+&r"(count)
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
