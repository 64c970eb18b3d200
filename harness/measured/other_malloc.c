// SPDX-License-Identifier: GPL-2.0-or-later
#include "other_malloc.h"

#include <dlfcn.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <xxhash.h>

#include "gbench.h"

static const char *wanted_path(void)
{
	const char *path = getenv("SLABMARK_MALLOC");

	return path && *path ? path : NULL;
}

// The file that a function comes from. NULL: nobody has it.
static const char *origin_of(const char *function)
{
	void *address = dlsym(RTLD_DEFAULT, function);
	Dl_info info;

	return address && dladdr(address, &info) ? info.dli_fname : NULL;
}

static bool is_same_file(const char *one, const char *other)
{
	struct stat first, second;

	return stat(one, &first) == 0 && stat(other, &second) == 0 &&
	       first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

// The loader goes on without a library that it cannot load; its reason is asked for here.
static bool is_loaded(const char *path, struct problem *problem)
{
	if (dlopen(path, RTLD_LAZY | RTLD_NOLOAD))
		return true;
	(void)dlopen(path, RTLD_LAZY);
	const char *reason = dlerror();
	return problem_set(problem, EXIT_WRONG_USE, "%s is not loaded as a malloc: %s", path,
		reason ? reason : "the loader ignored it");
}

bool other_malloc_check(struct problem *problem)
{
	static const char *const functions[] = {
		"malloc", "free", "calloc", "realloc", "aligned_alloc", "malloc_usable_size"};
	const char *path = wanted_path();

	if (!path)
		return true;
	if (!is_loaded(path, problem))
		return false;
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		const char *origin = origin_of(functions[i]);

		if (!origin || !is_same_file(origin, path))
			return problem_set(problem, EXIT_WRONG_USE,
				"%s is no whole malloc: %s comes from %s, not from it", path,
				functions[i], origin ? origin : "nowhere");
	}
	return true;
}

// ---- what the results say

static bool digest_of(const char *path, char *text, size_t size, uint64_t *bytes)
{
	FILE *file = fopen(path, "rbe");
	XXH3_state_t *state = XXH3_createState();
	char part[1 << 14];
	size_t count = 0;
	bool is_read = file && state;

	*bytes = 0;
	if (is_read)
		XXH3_64bits_reset(state);
	while (is_read && (count = fread(part, 1, sizeof(part), file)) > 0) {
		XXH3_64bits_update(state, part, count);
		*bytes += count;
	}
	is_read = is_read && !ferror(file);
	if (is_read)
		snprintf(text, size, "%016" PRIx64, (uint64_t)XXH3_64bits_digest(state));
	XXH3_freeState(state);
	if (file)
		fclose(file);
	return is_read;
}

// As jemalloc, gperftools and mimalloc tell it; "" where a library has none of their calls.
static void version_of(char *text, size_t size)
{
	int (*control)(const char *, void *, size_t *, void *, size_t) = (int (*)(
		const char *, void *, size_t *, void *, size_t))dlsym(RTLD_DEFAULT, "mallctl");
	const char *(*of_gperftools)(int *, int *, const char **) =
		(const char *(*)(int *, int *, const char **))dlsym(RTLD_DEFAULT, "tc_version");
	int (*of_mimalloc)(void) = (int (*)(void))dlsym(RTLD_DEFAULT, "mi_version");
	const char *told = NULL;
	size_t told_size = sizeof(told);

	if (!control || control("version", &told, &told_size, NULL, 0) != 0)
		told = of_gperftools ? of_gperftools(NULL, NULL, NULL) : NULL;
	snprintf(text, size, "%s", told ? told : "");
	if (!told && of_mimalloc)
		snprintf(text, size, "%d", of_mimalloc()); // one number, as mi_version() has it
}

void other_malloc_say(void)
{
	const char *path = wanted_path();
	char text[128];
	uint64_t bytes;

	if (!path)
		return;
	gbench_add_context("malloc_path", path);
	if (digest_of(path, text, sizeof(text), &bytes)) {
		gbench_add_context("malloc_digest", text);
		snprintf(text, sizeof(text), "%" PRIu64, bytes);
		gbench_add_context("malloc_bytes", text);
	}
	version_of(text, sizeof(text));
	if (*text)
		gbench_add_context("malloc_version", text);
}
