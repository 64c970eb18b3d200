// SPDX-License-Identifier: GPL-2.0-or-later
// vfork(2): until it ends or becomes another program, the child runs in its parent's memory and with
// its parent's thread's storage, while other threads of the parent run on. The kernel guards no
// sequence of the child: its registration is gone, and the number of the CPU in the area is the one
// where the parent stopped. So the child writes that it has no area: then each sequence gives up, and
// the child takes the way past the arrays (unguarded.h). The kernel writes the number anew when the parent goes on; one that
// sees no reason to, because the thread is where it was, leaves that to the parent.
//
// The same for clone(2) with the parent's memory and storage. Where the parent goes on beside the
// child, both would use the same area, and there are no sequences any more from then on.
#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "host/cpu.h"
#include "host/rseq.h"
#include "malloc/api.h"
#include "malloc/gate.h"

#if defined(__x86_64__)

// Returns twice on one stack: the return address is kept in a register while the child runs, as the
// child's next call overwrites it. So is the number of the CPU, which goes back in one instruction,
// unless the kernel has written another one.
__asm__(".text\n"
	".globl vfork, __vfork\n"
	".type vfork, @function\n"
	".type __vfork, @function\n"
	"vfork:\n"
	"__vfork:\n\t"
	".cfi_startproc\n\t"
	"endbr64\n\t"
	"popq %rdi\n\t"
	".cfi_adjust_cfa_offset -8\n\t"
	".cfi_register %rip, %rdi\n\t"
	"movq cpu_sequences+8(%rip), %r9\n\t" // rseq
	"testq %r9, %r9\n\t" // before the start nobody knows of an area
	"jz 3f\n\t"
	"movl %fs:4(%r9), %r8d\n\t" // RSEQ_CPU_ID
	"3:\n\t"
	"movl $58, %eax\n\t" // SYS_vfork
	"syscall\n\t"
	"pushq %rdi\n\t"
	".cfi_adjust_cfa_offset 8\n\t"
	"testl %eax, %eax\n\t"
	"jz 1f\n\t"
	"js 2f\n\t"
	"testq %r9, %r9\n\t"
	"jz 4f\n\t"
	"movl %eax, %esi\n\t"
	"movl $-3, %eax\n\t"
	"cmpxchgl %r8d, %fs:4(%r9)\n\t"
	"movl %esi, %eax\n"
	"4:\n\t"
	"ret\n"
	"1:\n\t"
	"testq %r9, %r9\n\t"
	"jz 4b\n\t"
	"movl $-3, %fs:4(%r9)\n\t" // RSEQ_CPU_ID_NEVER
	"ret\n"
	"2:\n\t"
	"movl %eax, %edi\n\t"
	"jmp vfork_failed\n\t"
	".cfi_endproc\n"
	".size vfork, .-vfork\n"
	".size __vfork, .-__vfork\n");

// What the text above says in numbers.
// NOLINTBEGIN(misc-redundant-expression)
_Static_assert(offsetof(struct cpu_sequences, rseq) == 8 && RSEQ_CPU_ID == 4 &&
		       RSEQ_CPU_ID_NEVER == -3 && SYS_vfork == 58,
	"the numbers above");
// NOLINTEND(misc-redundant-expression)

int vfork_failed(int error);
__attribute__((used)) int vfork_failed(int error)
{
	errno = -error;
	return -1;
}

#else

pid_t __vfork(void); // the C library's other name, which its headers leave out

// A vfork() may be a fork(), which has handlers.
API pid_t vfork(void)
{
	return fork();
}

API pid_t __vfork(void)
{
	return fork();
}

#endif

// ---- clone

// The C library's, by its other name.
int __clone(int (*function)(void *), void *stack, int flags, void *argument, ...);

struct child {
	int (*function)(void *argument);
	void *argument;
	bool shares_time; // with its parent, which goes on
};

static int *own_cpu(void)
{
	return (int *)((char *)__builtin_thread_pointer() + cpu_sequences.rseq + RSEQ_CPU_ID);
}

static int begin_child(void *child_)
{
	const struct child *child = child_;

	if (!child->shares_time)
		__atomic_store_n(own_cpu(), RSEQ_CPU_ID_NEVER, __ATOMIC_RELAXED);
	return child->function(child->argument);
}

static void end_sequences(void)
{
	if (!gate_enter())
		return;
	cpu_sequences_end();
	gate_leave();
}

// The child's stack begins with what it is to do.
static struct child *child_place(void *stack)
{
	return (struct child *)(((uintptr_t)stack - sizeof(struct child)) & ~(uintptr_t)15);
}

API int clone(int (*fn)(void *arg), void *stack, int flags, void *arg, ...)
{
	int cpu = __atomic_load_n(own_cpu(), __ATOMIC_RELAXED), none = RSEQ_CPU_ID_NEVER, pid;
	void *parent_tid, *tls, *child_tid;
	struct child *child;
	va_list rest;

	va_start(rest, arg);
	parent_tid = va_arg(rest, void *);
	tls = va_arg(rest, void *);
	child_tid = va_arg(rest, void *);
	va_end(rest);
	if (!(flags & CLONE_VM) || (flags & CLONE_SETTLS) || !stack || !fn || !has_sequences())
		return __clone(fn, stack, flags, arg, parent_tid, tls, child_tid);
	child = child_place(stack);
	*child = (struct child){fn, arg, !(flags & CLONE_VFORK)};
	if (child->shares_time)
		end_sequences();
	pid = __clone(begin_child, child, flags, child, parent_tid, tls, child_tid);
	__atomic_compare_exchange_n(
		own_cpu(), &none, cpu, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
	return pid;
}
