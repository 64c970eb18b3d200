// SPDX-License-Identifier: GPL-2.0-or-later
// Sets, and puts back. Entry: tune_set(), tune_restore(). The table says what is safe to set: a
// change that takes no CPU and no memory away from anybody and that the next start undoes.
#include "tune.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "results/text/first_line.h"
#include "tune_state.h"

enum { VALUE_SIZE = 256, PATH_SIZE = 4096 };

struct setting {
	const char *name; // as the finding is called
	const char *files; // a pattern
	const char *worse; // values that are to be changed, "3|4"; NULL: all but the better one
	const char *better;
};

static const struct setting SETTINGS[] = {
	{"governor", "/sys/devices/system/cpu/cpufreq/policy*/scaling_governor", NULL,
		"performance"},
	{"turbo", "/sys/devices/system/cpu/intel_pstate/no_turbo", "0", "1"},
	{"turbo", "/sys/devices/system/cpu/cpufreq/boost", "1", "0"},
	{"large pages", "/sys/kernel/mm/transparent_hugepage/enabled", "always", "madvise"},
	{"same pages", "/sys/kernel/mm/ksm/run", "1", "0"},
	{"NUMA balancing", "/proc/sys/kernel/numa_balancing", NULL, "0"},
	{"address layout", "/proc/sys/kernel/randomize_va_space", NULL, "2"},
	{"counters' rights", "/proc/sys/kernel/perf_event_paranoid", "3|4", "2"},
	{"NMI watchdog", "/proc/sys/kernel/nmi_watchdog", "1", "0"},
};
enum { SETTINGS_COUNT = sizeof(SETTINGS) / sizeof(SETTINGS[0]) };

// ---- one setting

// Its value: the line, or of "always [madvise] never" the word in brackets.
static bool value_read(const char *file, char value[VALUE_SIZE])
{
	if (!first_line(file, value, VALUE_SIZE))
		return false;
	char *begin = strchr(value, '[');
	char *end = begin ? strchr(begin, ']') : NULL;
	if (end) {
		*end = '\0';
		memmove(value, begin + 1, strlen(begin + 1) + 1);
	}
	return true;
}

// Writes it, and looks whether the kernel took it: some settings take anything and keep their own.
static bool value_write(const char *file, const char *value, struct problem *problem)
{
	char taken[VALUE_SIZE];
	int descriptor = open(file, O_WRONLY | O_TRUNC | O_CLOEXEC);
	ssize_t length = (ssize_t)strlen(value);

	errno = descriptor < 0 ? errno : 0;
	bool is_written = descriptor >= 0 && write(descriptor, value, (size_t)length) == length;
	int error = errno;
	if (descriptor >= 0 && close(descriptor) != 0 && is_written) {
		error = errno;
		is_written = false;
	}
	if (!is_written)
		return problem_set(
			problem, EXIT_NOT_MEASURED, "%s: %s: %s", file, value, strerror(error));
	if (!value_read(file, taken) || strcmp(taken, value) != 0)
		return problem_set(problem, EXIT_NOT_MEASURED, "%s: it stays %s", file, taken);
	return true;
}

static bool is_worse(const struct setting *setting, const char *value)
{
	size_t length = strlen(value);

	if (!setting->worse)
		return strcmp(value, setting->better) != 0;
	for (const char *word = setting->worse; word;) {
		if (strncmp(word, value, length) == 0 &&
			(word[length] == '|' || word[length] == '\0'))
			return true;
		word = strchr(word, '|');
		word = word ? word + 1 : NULL;
	}
	return false;
}

static void show(FILE *output, const struct tuned *item, const char *from, const char *to)
{
	fprintf(output, "%-17s %s: %s -> %s\n", item->name, item->path, from, to);
}

// ---- setting

// Adds the setting's files that are worse. A file that is in the state keeps what that says.
static bool setting_find(const struct setting *setting, const char *root, struct tune_state *state,
	struct problem *problem)
{
	char pattern[PATH_SIZE];
	char value[VALUE_SIZE];
	bool is_good = true;
	glob_t files;

	snprintf(pattern, sizeof(pattern), "%s%s", root, setting->files);
	if (glob(pattern, 0, NULL, &files) != 0)
		return true; // this machine has no such setting
	for (size_t i = 0; i < files.gl_pathc && is_good; i++) {
		char *path = files.gl_pathv[i] + strlen(root);
		struct tuned item = {(char *)setting->name, path, value, (char *)setting->better};

		if (value_read(files.gl_pathv[i], value) && is_worse(setting, value) &&
			!tune_state_find(state, path))
			is_good = tune_state_add(state, &item, problem);
	}
	globfree(&files);
	return is_good;
}

// Sets what is not set; goes on after a failure, and tells the first.
static bool items_set(
	const char *root, const struct tune_state *state, FILE *output, struct problem *problem)
{
	char file[PATH_SIZE];
	char value[VALUE_SIZE];
	bool is_good = true;

	for (size_t i = 0; i < state->count; i++) {
		const struct tuned *item = &state->items[i];

		snprintf(file, sizeof(file), "%s%s", root, item->path);
		if (value_read(file, value) && strcmp(value, item->after) == 0)
			continue;
		if (value_write(file, item->after, is_good ? problem : NULL))
			show(output, item, value, item->after);
		else
			is_good = false;
	}
	return is_good;
}

static void boot_read(const char *root, char boot[BOOT_SIZE])
{
	char file[PATH_SIZE];

	snprintf(file, sizeof(file), "%s/proc/sys/kernel/random/boot_id", root);
	first_line(file, boot, BOOT_SIZE);
}

// The state of this start of the machine, where there is one; an older one says nothing any more.
static bool state_open(
	const char *root, const char *file, struct tune_state *state, struct problem *problem)
{
	char boot[BOOT_SIZE];

	boot_read(root, boot);
	if (access(file, F_OK) == 0 && !tune_state_read(state, file, problem))
		return false;
	if (strcmp(state->boot, boot) != 0)
		tune_state_free(state);
	memcpy(state->boot, boot, sizeof(boot));
	return true;
}

bool tune_set(const char *root, const char *file, FILE *output, struct problem *problem)
{
	struct tune_state state = {0};
	bool is_good = state_open(root, file, &state, problem);

	for (size_t i = 0; i < SETTINGS_COUNT && is_good; i++)
		is_good = setting_find(&SETTINGS[i], root, &state, problem);
	if (is_good && state.count == 0)
		fprintf(output,
			"nothing to set: every setting is good, or this machine has none\n");
	is_good = is_good && (state.count == 0 || tune_state_write(&state, file, problem)) &&
		  items_set(root, &state, output, problem);
	if (is_good && state.count > 0)
		fprintf(output,
			"'slabmark doctor --restore' puts it back; what was found is in %s\n",
			file);
	tune_state_free(&state);
	return is_good;
}

// ---- putting back

static bool item_restore(
	const char *root, const struct tuned *item, FILE *output, struct problem *problem)
{
	char file[PATH_SIZE];
	char value[VALUE_SIZE];

	snprintf(file, sizeof(file), "%s%s", root, item->path);
	if (!value_read(file, value))
		return problem_set(problem, EXIT_NOT_MEASURED, "%s: %s", file,
			errno != 0 ? strerror(errno) : "it is empty");
	if (strcmp(value, item->before) == 0)
		return true;
	if (strcmp(value, item->after) != 0) {
		fprintf(output, "%-17s %s: stays %s, which somebody else has set\n", item->name,
			item->path, value);
		return true;
	}
	if (!value_write(file, item->before, problem))
		return false;
	show(output, item, value, item->before);
	return true;
}

bool tune_restore(const char *root, const char *file, FILE *output, struct problem *problem)
{
	struct tune_state state = {0};
	char boot[BOOT_SIZE];
	bool is_good = true;

	if (access(file, F_OK) != 0)
		return problem_set(problem, EXIT_WRONG_USE,
			"%s: %s; 'slabmark doctor --tune' writes it", file, strerror(errno));
	if (!tune_state_read(&state, file, problem)) {
		tune_state_free(&state);
		return false;
	}
	boot_read(root, boot);
	if (strcmp(boot, state.boot) != 0)
		fprintf(output, "the machine was started anew since, which put everything back\n");
	for (size_t i = state.count; i-- > 0 && strcmp(boot, state.boot) == 0;)
		is_good = item_restore(root, &state.items[i], output, is_good ? problem : NULL) &&
			  is_good;
	tune_state_free(&state);
	if (is_good && unlink(file) != 0)
		return problem_set(problem, EXIT_NOT_MEASURED, "%s: %s", file, strerror(errno));
	return is_good;
}
