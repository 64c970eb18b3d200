// SPDX-License-Identifier: GPL-2.0-or-later
// Who registers restartable sequences: glibc since 2.35, unless it was told not to; else this
// library, in an area of its own. The kernel takes one area a thread, so a second registration
// fails and the sequences stay unused.
#include "host/rseq.h"

#include <errno.h>
#include <linux/membarrier.h>
#include <linux/rseq.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// glibc's, from 2.35 on.
extern const ptrdiff_t __rseq_offset __attribute__((weak));
extern const unsigned int __rseq_size __attribute__((weak));

// The kernel writes into it until the thread has ended, when glibc takes its memory back.
static __thread struct rseq own_area __attribute__((tls_model("initial-exec"))) = {
	.cpu_id = (uint32_t)RSEQ_CPU_ID_UNINITIALIZED};

static enum rseq_area area_in_use;

static bool has_libc_area(void)
{
	return &__rseq_offset && &__rseq_size && __rseq_size > 0 && rseq_cpu(__rseq_offset) >= 0;
}

static bool register_own_area(void)
{
	return syscall(SYS_rseq, &own_area, sizeof(own_area), 0, RSEQ_SIGNATURE) == 0;
}

// ---- fences

static bool register_fences(void)
{
	return syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ, 0, 0) == 0;
}

static bool fence(int cpu)
{
	unsigned flags = cpu >= 0 ? MEMBARRIER_CMD_FLAG_CPU : 0;

	return syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ, flags,
		       cpu >= 0 ? cpu : 0) == 0;
}

// The system may not know the child of a fork yet.
bool rseq_fence(int cpu)
{
	if (area_in_use == RSEQ_VIRTUAL)
		return true;
	return fence(cpu) || (register_fences() && fence(cpu));
}

// In a child: where it dies, no core is wanted.
static void try_fences(void)
{
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	if (register_fences())
		fence(-1);
	syscall(SYS_exit_group, 0);
}

// The child is made past the C library, which would call handlers, and sends no signal at its end.
bool rseq_may_fence(void)
{
	int status = 0;
	long child;

	if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) != SECCOMP_MODE_FILTER)
		return true;
	child = syscall(SYS_clone, 0, NULL, NULL, NULL, NULL);
	if (child == 0)
		try_fences();
	return child > 0 && syscall(SYS_wait4, child, &status, __WCLONE, NULL) == child &&
	       status == 0;
}

// ---- areas

static ptrdiff_t own_offset(void)
{
	return (char *)&own_area - (char *)__builtin_thread_pointer();
}

enum rseq_area rseq_init_virtual(ptrdiff_t *offset)
{
	*offset = own_offset();
	area_in_use = RSEQ_IS_KNOWN ? RSEQ_VIRTUAL : RSEQ_NONE;
	return area_in_use;
}

enum rseq_area rseq_init_none(ptrdiff_t *offset)
{
	*offset = own_offset();
	area_in_use = RSEQ_NONE;
	return RSEQ_NONE;
}

void rseq_say_cpu(unsigned cpu)
{
	if (area_in_use == RSEQ_VIRTUAL)
		own_area.cpu_id = cpu;
}

enum rseq_area rseq_init(ptrdiff_t *offset)
{
	*offset = own_offset();
	area_in_use = RSEQ_NONE;
	if (!RSEQ_IS_KNOWN || !rseq_may_fence() || !register_fences())
		return RSEQ_NONE;
	if (has_libc_area()) {
		*offset = __rseq_offset;
		area_in_use = RSEQ_LIBC;
	} else if (register_own_area()) {
		area_in_use = RSEQ_OWN;
	}
	return area_in_use;
}

void rseq_register_thread(void)
{
	if (area_in_use == RSEQ_OWN && (int)own_area.cpu_id == RSEQ_CPU_ID_UNINITIALIZED &&
		!register_own_area())
		own_area.cpu_id = (uint32_t)RSEQ_CPU_ID_REGISTRATION_FAILED;
}
