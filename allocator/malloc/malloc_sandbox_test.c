// SPDX-License-Identifier: GPL-2.0-or-later
// libslabmalloc where little is allowed: limits of memory and addresses, sandboxes that refuse system
// calls or kill whoever makes them, locked memory, no sysfs. The program runs itself again under each:
// the library starts there as it would in any program.
#include "malloc/malloc_test.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#define SKIPPED 77
#define KIB     ((size_t)1 << 10)

// ---- work, in whatever surroundings

static void *churn(void *argument)
{
	unsigned seed = (unsigned)(uintptr_t)argument;
	unsigned char *held[32] = {NULL};

	for (unsigned i = 0; i < 30000; i++) {
		unsigned place = (unsigned)rand_r(&seed) % 32;
		size_t size = 1 + (size_t)rand_r(&seed) % (i % 50 ? 2000 : 30000);

		CHECK(!held[place] || held[place][0] == place);
		release(held[place]);
		held[place] = allocate(size);
		CHECK(held[place]);
		held[place][0] = (unsigned char)place;
	}
	for (unsigned i = 0; i < 32; i++)
		release(held[i]);
	return NULL;
}

static void churn_in_threads(void)
{
	pthread_t thread[3];

	for (uintptr_t i = 0; i < 3; i++)
		CHECK(pthread_create(&thread[i], NULL, churn, (void *)(i + 1)) == 0);
	for (unsigned i = 0; i < 3; i++)
		CHECK(pthread_join(thread[i], NULL) == 0);
}

static void churn_in_child(void)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		churn(NULL);
		malloc_trim(0);
		_exit(0);
	}
	CHECK(child > 0 && waitpid(child, &status, 0) == child && status == 0);
}

// ---- the program again

static const char *own_path;

static void begin_again(const char *part)
{
	execl(own_path, own_path, part, NULL);
	_exit(3);
}

// The exit status of a part of the test in a child, after `prepare`.
static int status_of(void (*prepare)(void), const char *part)
{
	pid_t child;
	int status;

	fflush(stdout);
	child = fork();
	CHECK(child >= 0);
	if (child == 0) {
		alarm(120);
		prepare();
		begin_again(part);
	}
	CHECK(waitpid(child, &status, 0) == child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// ---- limits

static void limit(int resource, size_t bytes)
{
	struct rlimit most = {bytes, bytes};

	CHECK(setrlimit(resource, &most) == 0);
}

static size_t limit_kib;

static void limit_data(void)
{
	limit(RLIMIT_DATA, limit_kib * KIB);
}

static void limit_addresses(void)
{
	limit(RLIMIT_AS, limit_kib * KIB);
}

static void part_small(void)
{
	static void *block[1000];

	for (unsigned i = 0; i < 1000; i++) {
		block[i] = allocate(10 + i);
		CHECK(block[i]);
		fill(block[i], 10 + i, i);
	}
	for (unsigned i = 0; i < 1000; i++) {
		CHECK(is_filled(block[i], 10 + i, i));
		release(block[i]);
	}
}

// Until the system refuses: then NULL and ENOMEM, and what was freed can be had again.
static void part_all(void)
{
	void **last = NULL;
	size_t count = 0;

	for (;;) {
		void **made = allocate(20000);

		if (!made)
			break;
		*made = last;
		last = made;
		count++;
	}
	CHECK(errno == ENOMEM && count > 100);
	while (last) {
		void **next = *last;

		release(last);
		last = next;
	}
	CHECK(allocate(20000));
}

static void it_starts_under_any_limit(void)
{
	static const size_t data[] = {4000, 20000, 130000, 1000000};
	static const size_t addresses[] = {16000, 20000, 60000, 130000, 300000, 1000000};

	for (size_t i = 0; i < sizeof(data) / sizeof(*data); i++) {
		limit_kib = data[i];
		CHECK(status_of(limit_data, "small") == 0);
		if (data[i] <= 130000)
			CHECK(status_of(limit_data, "all") == 0);
	}
	for (size_t i = 0; i < sizeof(addresses) / sizeof(*addresses); i++) {
		limit_kib = addresses[i];
		CHECK(status_of(limit_addresses, "small") == 0);
		CHECK(status_of(limit_addresses, "all") == 0);
	}
}

// ---- locked memory

static size_t status_kib(const char *name)
{
	char line[256];
	FILE *file = fopen("/proc/self/status", "r");
	size_t kib = 0;

	while (file && fgets(line, sizeof(line), file))
		if (strncmp(line, name, strlen(name)) == 0)
			kib = strtoul(line + strlen(name), NULL, 10);
	if (file)
		fclose(file);
	return kib;
}

static void part_locked(void)
{
	if (mlockall(MCL_CURRENT | MCL_FUTURE) != 0)
		_exit(SKIPPED);
	churn(NULL);
	CHECK(status_kib("VmRSS:") < 40 * KIB);
}

static void nothing(void)
{
}

static void locked_memory_is_what_is_used(void)
{
	int status = status_of(nothing, "locked");

	CHECK(status == 0 || status == SKIPPED);
}

// What debuggers write into a core: mappings that are not marked otherwise.
static void what_is_reserved_is_in_no_core(void)
{
	char line[512];
	FILE *file = fopen("/proc/self/smaps", "r");
	size_t kib = 0, dumped = 0;

	CHECK(file);
	while (fgets(line, sizeof(line), file)) {
		if (strncmp(line, "Size:", 5) == 0)
			kib = strtoul(line + 5, NULL, 10);
		if (strncmp(line, "VmFlags:", 8) == 0 && !strstr(line, " dd"))
			dumped += kib;
	}
	fclose(file);
	CHECK(dumped < 64 * KIB);
}

// ---- sandboxes

static unsigned action;
static long refused_call[3];

// Each of the system calls is answered by the action.
static void enter_sandbox(void)
{
	struct sock_filter code[16] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr))};
	unsigned short length = 1;
	struct sock_fprog program;

	for (unsigned i = 0; i < 3 && refused_call[i] >= 0; i++) {
		code[length++] = (struct sock_filter)BPF_JUMP(
			BPF_JMP | BPF_JEQ | BPF_K, (unsigned)refused_call[i], 0, 1);
		code[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action);
	}
	code[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	program = (struct sock_fprog){.len = length, .filter = code};
	CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) != 0)
		_exit(SKIPPED);
}

static void part_work(void)
{
	churn_in_threads();
	churn_in_child();
	malloc_trim(0);
	churn_in_threads();
}

static const struct {
	unsigned action;
	long call[3];
} sandboxes[] = {
	{SECCOMP_RET_ERRNO | EPERM, {SYS_membarrier, -1, -1}},
	{SECCOMP_RET_ERRNO | ENOSYS, {SYS_membarrier, SYS_rseq, -1}},
	{SECCOMP_RET_ERRNO | EPERM, {SYS_rseq, -1, -1}},
	{SECCOMP_RET_ERRNO | EPERM, {SYS_membarrier, SYS_rseq, SYS_sched_setaffinity}},
	{SECCOMP_RET_ERRNO | EPERM, {SYS_membarrier, SYS_sched_setaffinity, -1}},
	{SECCOMP_RET_ERRNO | EPERM, {SYS_madvise, -1, -1}},
	{SECCOMP_RET_KILL_PROCESS, {SYS_membarrier, -1, -1}},
};

static void choose_sandbox(size_t i)
{
	action = sandboxes[i].action;
	memcpy(refused_call, sandboxes[i].call, sizeof(refused_call));
}

static void it_starts_in_a_sandbox(void)
{
	for (size_t i = 0; i < sizeof(sandboxes) / sizeof(*sandboxes); i++) {
		int status;

		choose_sandbox(i);
		status = status_of(enter_sandbox, "work");
		if (status != 0 && status != SKIPPED)
			printf("sandbox %zu: status %d\n", i, status);
		CHECK(status == 0 || status == SKIPPED);
	}
}

// The C library itself ends a program whose threads get no rseq(2) any more.
static bool has_rseq(size_t i)
{
	return sandboxes[i].call[0] != SYS_rseq && sandboxes[i].call[1] != SYS_rseq;
}

static void it_goes_on_in_a_sandbox(void)
{
	for (size_t i = 0; i < sizeof(sandboxes) / sizeof(*sandboxes); i++) {
		pid_t child;
		int status;

		if (!has_rseq(i))
			continue;
		child = fork();
		CHECK(child >= 0);
		if (child == 0) {
			alarm(120);
			churn_in_threads();
			choose_sandbox(i);
			enter_sandbox();
			part_work();
			_exit(0);
		}
		CHECK(waitpid(child, &status, 0) == child);
		if (status != 0 && WEXITSTATUS(status) != SKIPPED)
			printf("sandbox %zu: wait status %#x\n", i, (unsigned)status);
		CHECK(status == 0 || WEXITSTATUS(status) == SKIPPED);
	}
}

// ---- no sysfs

static void hide_sysfs(void)
{
	if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
		mount("tmpfs", "/sys", "tmpfs", 0, NULL) != 0)
		_exit(SKIPPED);
}

static void hide_proc(void)
{
	hide_sysfs();
	if (mount("tmpfs", "/proc", "tmpfs", 0, NULL) != 0)
		_exit(SKIPPED);
	limit(RLIMIT_AS, 300000 * KIB);
}

static void it_needs_no_sysfs_nor_proc(void)
{
	int status = status_of(hide_sysfs, "work");

	CHECK(status == 0 || status == SKIPPED);
	status = status_of(hide_proc, "work");
	CHECK(status == 0 || status == SKIPPED);
}

int main(int argc, char **argv)
{
	static const struct test parts[] = {{"small", part_small}, {"all", part_all},
		{"work", part_work}, {"locked", part_locked}};
	static const struct test tests[] = {
		TEST(it_starts_under_any_limit),
		TEST(locked_memory_is_what_is_used),
		TEST(what_is_reserved_is_in_no_core),
		TEST(it_starts_in_a_sandbox),
		TEST(it_goes_on_in_a_sandbox),
		TEST(it_needs_no_sysfs_nor_proc),
	};

	own_path = "/proc/self/exe";
	for (size_t i = 0; argc == 2 && i < sizeof(parts) / sizeof(*parts); i++)
		if (strcmp(argv[1], parts[i].name) == 0) {
			parts[i].function();
			return 0;
		}
	own_path = argv[0];
	return run_tests(tests, sizeof(tests) / sizeof(*tests));
}
