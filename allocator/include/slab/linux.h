// SPDX-License-Identifier: GPL-2.0-or-later
// Optional: more of Linux 5.10's names, so that kernel code which allocates, and its tests, compile
// in user space with a few lines of glue. slab.h has what the kernel's <linux/slab.h> declares; here
// is what kernel code finds by way of gfp.h, mm.h, string.h, kernel.h, numa.h and rcupdate.h. All is
// inline but the functions slab_*, which every libslab-<config> and peer brings.
//
// Contract shared by all: as slab.h's. Sizes are in bytes. What is handed out belongs to the caller
// until it is given to kfree(), or to kvfree() where kvmalloc's family made it. Functions return
// NULL when memory has run out, and where the size of an array overflows.
#ifndef SLAB_LINUX_H
#define SLAB_LINUX_H

#include <slab/slab.h>

#include <stdarg.h>
#include <stdint.h>
#include <string.h>

// An object that kfree_rcu() takes has a field of this type, of two words. It is liburcu's, so that
// the same field serves call_rcu(); where liburcu's headers are not installed, a stand-in.
#ifdef __has_include
#if __has_include(<urcu/call-rcu.h>)
#include <urcu/call-rcu.h>
#define SLAB_HAS_RCU_HEAD
#endif
#endif
#ifndef SLAB_HAS_RCU_HEAD
struct rcu_head {
	struct rcu_head *next;
	void (*func)(struct rcu_head *head);
};
#endif

#ifdef __cplusplus
extern "C" {
#endif

// ---- gfp.h

// Bits are the kernel's. Those that slab.h does not explain have no effect here: the allocator
// neither sleeps nor reclaims, has no reserves, and counts for no control group.
#define __GFP_HIGHMEM        0x02u
#define __GFP_DMA32          0x04u
#define __GFP_MOVABLE        0x08u
#define __GFP_HIGH           0x20u
#define __GFP_IO             0x40u
#define __GFP_FS             0x80u
#define __GFP_ATOMIC         0x200u
#define __GFP_DIRECT_RECLAIM 0x400u
#define __GFP_KSWAPD_RECLAIM 0x800u
#define __GFP_RECLAIM        (__GFP_DIRECT_RECLAIM | __GFP_KSWAPD_RECLAIM)
#define __GFP_WRITE          0x1000u
#define __GFP_RETRY_MAYFAIL  0x4000u
#define __GFP_NORETRY        0x10000u
#define __GFP_MEMALLOC       0x20000u
#define __GFP_COMP           0x40000u
#define __GFP_NOMEMALLOC     0x80000u
#define __GFP_HARDWALL       0x100000u
#define __GFP_ACCOUNT        0x400000u

#define GFP_ATOMIC           (__GFP_HIGH | __GFP_ATOMIC | __GFP_KSWAPD_RECLAIM)
#define GFP_NOWAIT           __GFP_KSWAPD_RECLAIM
#define GFP_NOIO             __GFP_RECLAIM
#define GFP_NOFS             (__GFP_RECLAIM | __GFP_IO)
#define GFP_USER             (GFP_KERNEL | __GFP_HARDWALL)
#define GFP_HIGHUSER         (GFP_USER | __GFP_HIGHMEM)
#define GFP_HIGHUSER_MOVABLE (GFP_HIGHUSER | __GFP_MOVABLE)
#define GFP_KERNEL_ACCOUNT   (GFP_KERNEL | __GFP_ACCOUNT)
#define GFP_DMA              __GFP_DMA
#define GFP_DMA32            __GFP_DMA32

// ---- numa.h

#define NUMA_NO_NODE (-1)

// ---- what the inlines below stand on

// kmalloc_node(); where that has nothing, the size is above 4096 and flags has all of GFP_KERNEL,
// pages straight from the system, zeroed, at a multiple of 4096, wherever the thread's memory policy
// says (the node is a wish). size has no limit but memory.
SLAB_API void *slab_kvmalloc_node(size_t size, gfp_t flags, int node)
	__attribute__((malloc, warn_unused_result));

// Takes back what slab_kvmalloc_node() or kmalloc() handed out, with kfree()'s reports. NULL does
// nothing.
SLAB_API void slab_kvfree(const void *object);

// slab_kvfree() once every reader of now has left (liburcu's "bp" flavour: urcu_bp_read_lock()).
// head lies in the object; both are the allocator's from now on. Returns at once, allocates nothing.
// A child of fork() may use it, too; where the parent has readers in other threads, the program calls
// urcu_bp_before_fork() and its companions, as liburcu asks for. A fork() waits for the readers that a
// thread of the allocator's waits for, a second at most, and not at all if its caller is one. Where some
// were left, the child waits for no readers: it keeps what it hands over here, and the two functions
// below return at once.
SLAB_API void slab_kvfree_rcu(const void *object, struct rcu_head *head);

// The same without a head: waits for the readers itself. Never between read_lock and read_unlock.
SLAB_API void slab_kvfree_rcu_wait(const void *object);

// Returns when all that slab_kvfree_rcu() took before has been freed. Never between read_lock and
// read_unlock. Before a kmem_cache_destroy().
SLAB_API void slab_kvfree_rcu_barrier(void);

// Whether an address lies in a read-only part of the program or of a library that is loaded.
SLAB_API bool slab_is_rodata(const void *address);

// ---- mm.h: kmalloc, or more than it serves

static inline __attribute__((malloc, warn_unused_result)) void *kvmalloc_node(
	size_t size, gfp_t flags, int node)
{
	return slab_kvmalloc_node(size, flags, node);
}

static inline __attribute__((malloc, warn_unused_result)) void *kvmalloc(size_t size, gfp_t flags)
{
	return slab_kvmalloc_node(size, flags, NUMA_NO_NODE);
}

static inline __attribute__((malloc, warn_unused_result)) void *kvzalloc_node(
	size_t size, gfp_t flags, int node)
{
	return slab_kvmalloc_node(size, flags | __GFP_ZERO, node);
}

static inline __attribute__((malloc, warn_unused_result)) void *kvzalloc(size_t size, gfp_t flags)
{
	return slab_kvmalloc_node(size, flags | __GFP_ZERO, NUMA_NO_NODE);
}

static inline __attribute__((malloc, warn_unused_result)) void *kvmalloc_array(
	size_t count, size_t size, gfp_t flags)
{
	size_t bytes;

	return __builtin_mul_overflow(count, size, &bytes) ? NULL : kvmalloc(bytes, flags);
}

static inline __attribute__((malloc, warn_unused_result)) void *kvcalloc(
	size_t count, size_t size, gfp_t flags)
{
	return kvmalloc_array(count, size, flags | __GFP_ZERO);
}

static inline void kvfree(const void *object)
{
	slab_kvfree(object);
}

// kvfree() of `size` bytes that are zero before.
static inline void kvfree_sensitive(const void *object, size_t size)
{
	if (ZERO_OR_NULL_PTR(object))
		return;
	memset((void *)object, 0, size);
	__asm__ volatile(""
			 :
			 : "r"(object)
			 : "memory"); // or the compiler sees that nobody reads them
	slab_kvfree(object);
}

// ---- string.h, kernel.h

// A copy of `size` bytes.
static inline __attribute__((malloc, warn_unused_result)) void *kmemdup(
	const void *from, size_t size, gfp_t flags)
{
	void *copy = kmalloc(size, flags);

	if (copy && size > 0)
		memcpy(copy, from, size);
	return copy;
}

// A copy of `size` bytes and a final zero.
static inline __attribute__((malloc, warn_unused_result)) char *kmemdup_nul(
	const char *from, size_t size, gfp_t flags)
{
	char *copy = from ? (char *)kmalloc(size + 1, flags) : NULL;

	if (!copy)
		return NULL;
	memcpy(copy, from, size);
	copy[size] = '\0';
	return copy;
}

// A copy of a text, or of its first `max` bytes where it has more; NULL gives NULL.
static inline __attribute__((malloc, warn_unused_result)) char *kstrdup(
	const char *text, gfp_t flags)
{
	return text ? (char *)kmemdup(text, strlen(text) + 1, flags) : NULL;
}

static inline __attribute__((malloc, warn_unused_result)) char *kstrndup(
	const char *text, size_t max, gfp_t flags)
{
	const char *end = text ? (const char *)memchr(text, '\0', max) : NULL;

	return kmemdup_nul(text, end ? (size_t)(end - text) : max, flags);
}

// A text that need not be copied where it is a constant of the program's or of a library's that
// stays loaded; and its end.
static inline __attribute__((warn_unused_result)) const char *kstrdup_const(
	const char *text, gfp_t flags)
{
	return text && slab_is_rodata(text) ? text : kstrdup(text, flags);
}

static inline void kfree_const(const void *object)
{
	if (!slab_is_rodata(object))
		kfree(object);
}

// A text as printf() makes it; NULL also for a format that it refuses.
static inline __attribute__((format(printf, 2, 0), malloc, warn_unused_result)) char *kvasprintf(
	gfp_t flags, const char *format, va_list arguments)
{
	va_list again;
	char *text;
	int length;

	va_copy(again, arguments);
	length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	text = length < 0 ? NULL : (char *)kmalloc((size_t)length + 1, flags);
	if (text)
		(void)vsnprintf(text, (size_t)length + 1, format, arguments);
	return text;
}

// NOLINTNEXTLINE(cert-dcl50-cpp): the kernel's is variadic
static inline __attribute__((format(printf, 2, 3), malloc, warn_unused_result)) char *kasprintf(
	gfp_t flags, const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = kvasprintf(flags, format, arguments);
	va_end(arguments);
	return text;
}

// ---- rcupdate.h

// kfree_rcu(object, field): kfree() once every reader of now has left; field is the object's struct
// rcu_head. kfree_rcu(object): the same, and waits for them. NULL does nothing. kvfree_rcu() is for
// kvmalloc's family; here they are one. kvfree_rcu_barrier(): see slab_kvfree_rcu_barrier().
#define kvfree_rcu(...)                                                                            \
	SLAB_PICK_3(__VA_ARGS__, SLAB_KVFREE_RCU_2, SLAB_KVFREE_RCU_1, 0)(__VA_ARGS__)
#define kfree_rcu(...) kvfree_rcu(__VA_ARGS__)

#define SLAB_PICK_3(one, two, three, ...) three
#define SLAB_KVFREE_RCU_1(object)                                                                  \
	do {                                                                                       \
		const void *slab_object = (object);                                                \
		if (slab_object)                                                                   \
			slab_kvfree_rcu_wait(slab_object);                                         \
	} while (0)
#define SLAB_KVFREE_RCU_2(object, field)                                                           \
	do {                                                                                       \
		__typeof__(object) slab_object = (object);                                         \
		if (slab_object)                                                                   \
			slab_kvfree_rcu(slab_object, &slab_object->field);                         \
	} while (0)

static inline void kvfree_rcu_barrier(void)
{
	slab_kvfree_rcu_barrier();
}

#ifdef __cplusplus
}
#endif
#endif
