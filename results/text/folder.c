// SPDX-License-Identifier: GPL-2.0-or-later
// Writes a page's files beside those that are there and renames them when all are complete. Entry:
// site_folder_write(). Files that somebody added to the folder stay.
#include "folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "memory.h"
#include "output_file.h"

enum { NAME_SIZE = 256 };

static bool is_empty(DIR *entries)
{
	const struct dirent *entry;

	while ((entry = readdir(entries))) {
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			return false;
	}
	return true;
}

static bool check_ours(const char *folder, int descriptor, struct problem *problem)
{
	int copy = dup(descriptor);
	DIR *entries = copy >= 0 ? fdopendir(copy) : NULL;
	bool is_ours;

	if (!entries) {
		if (copy >= 0)
			close(copy);
		return problem_set(problem, EXIT_NOT_MEASURED, "%s: could not read the folder: %s",
			folder, strerror(errno));
	}
	is_ours = faccessat(descriptor, SITE_MARKER, F_OK, 0) == 0 || is_empty(entries);
	closedir(entries);
	if (!is_ours)
		return problem_set(problem, EXIT_WRONG_USE,
			"%s: the folder is neither empty nor an earlier page or export (it has no "
			"%s); name "
			"another folder",
			folder, SITE_MARKER);
	return true;
}

// The folder that a file lies in, one level below ours. False: it lies in ours.
static bool parent_of(const char *name, char parent[NAME_SIZE])
{
	const char *slash = strchr(name, '/');

	if (slash)
		(void)snprintf(parent, NAME_SIZE, "%.*s", (int)(slash - name), name);
	return slash;
}

static void make_parent(int descriptor, const char *name)
{
	char parent[NAME_SIZE];

	if (parent_of(name, parent))
		(void)mkdirat(descriptor, parent, 0777); // opening the file says what went wrong
}

// Takes away the folders that were made for nothing: those that are empty.
static void remove_parents(int descriptor, const struct site_file *files, size_t count)
{
	char parent[NAME_SIZE];

	for (size_t i = 0; i < count; i++) {
		if (parent_of(files[i].name, parent))
			(void)unlinkat(descriptor, parent, AT_REMOVEDIR);
	}
}

static bool one_write(struct output_file *output, const char *path, const struct site_file *file,
	struct problem *problem)
{
	if (!output_file_begin(output, path, problem))
		return false;
	(void)fwrite(file->text, 1, file->length, output->stream);
	return output_file_written(output, problem) || output_file_end(output, false, NULL);
}

// The files that are written but not yet in place.
struct written {
	struct output_file *outputs;
	char **paths;
	size_t count;
};

static bool all_write(struct written *written, const char *folder, int descriptor,
	const struct site_file *files, size_t count, struct problem *problem)
{
	for (size_t i = 0; i < count; i++) {
		make_parent(descriptor, files[i].name);
		if (asprintf(&written->paths[i], "%s/%s", folder, files[i].name) < 0) {
			written->paths[i] = NULL;
			return no_memory(problem, "the folder's files");
		}
		if (!one_write(&written->outputs[i], written->paths[i], &files[i], problem))
			return false;
		written->count++;
	}
	return true;
}

static bool all_end(struct written *written, bool is_good, struct problem *problem)
{
	for (size_t i = 0; i < written->count; i++)
		is_good =
			output_file_end(&written->outputs[i], is_good, is_good ? problem : NULL) &&
			is_good;
	return is_good;
}

static bool files_replace(const char *folder, int descriptor, const struct site_file *files,
	size_t count, struct problem *problem)
{
	struct written written = {.outputs = calloc(count + 1, sizeof(*written.outputs)),
		.paths = calloc(count + 1, sizeof(*written.paths))};
	bool is_good = written.outputs && written.paths
			       ? all_write(&written, folder, descriptor, files, count, problem)
			       : no_memory(problem, "the folder's files");

	is_good = all_end(&written, is_good, problem);
	for (size_t i = 0; written.paths && i < count; i++)
		free(written.paths[i]);
	free(written.paths);
	free(written.outputs);
	return is_good;
}

bool site_folder_write(
	const char *folder, const struct site_file *files, size_t count, struct problem *problem)
{
	bool is_new = mkdir(folder, 0777) == 0;
	bool is_good;
	int descriptor;

	if (!is_new && errno != EEXIST)
		return problem_set(problem, EXIT_NOT_MEASURED, "%s: could not make the folder: %s",
			folder, strerror(errno));
	descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (descriptor < 0)
		return problem_set(problem, errno == ENOTDIR ? EXIT_WRONG_USE : EXIT_NOT_MEASURED,
			"%s: could not open the folder: %s", folder, strerror(errno));
	is_good = check_ours(folder, descriptor, problem);
	if (is_good && !files_replace(folder, descriptor, files, count, problem)) {
		remove_parents(descriptor, files, count);
		is_good = false;
	}
	close(descriptor);
	if (!is_good && is_new)
		rmdir(folder);
	return is_good;
}
