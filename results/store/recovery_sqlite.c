// SPDX-License-Identifier: GPL-2.0-or-later
// A SQLite file whose writer died in the middle of a write, with a rollback journal beside it, or
// with a write-ahead log that cannot be read here (journal_sqlite.c). Entry: sqlite_recover().
//
// Only SQLite can undo the half of it, and only by writing to the file. But a file that is not ours
// must stay as it is. So a copy is undone and looked at first, and the file itself follows when the
// copy proves to be ours. The copy goes into the folder for temporary files.
#include "sqlite.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "results/text/memory.h"

enum { CHUNK_BYTES = 1 << 16, NAME_SIZE = 4096 };

// Beside the file, and the file at last: a writer that lives may end in between, and then there is
// nothing to undo.
static const char *const SUFFIXES[] = {"-journal", "-wal", ""};
enum { SUFFIXES_COUNT = sizeof(SUFFIXES) / sizeof(SUFFIXES[0]) };

static FILE *beside_open(const char *path, const char *suffix, const char *mode)
{
	char name[NAME_SIZE];

	return snprintf(name, sizeof(name), "%s%s", path, suffix) < (int)sizeof(name)
		       ? fopen(name, mode)
		       : NULL;
}

// A journal that has been played back is empty or begins with zeros.
bool sqlite_was_cut(const char *path)
{
	static const unsigned char MAGIC[] = {0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7};
	FILE *file = beside_open(path, "-journal", "rbe");
	unsigned char head[sizeof(MAGIC)];
	bool is_journal = file && fread(head, 1, sizeof(head), file) == sizeof(head) &&
			  memcmp(head, MAGIC, sizeof(head)) == 0;

	if (file)
		(void)fclose(file);
	return is_journal;
}

// ---- the copy

static bool bytes_copy(FILE *from, FILE *to)
{
	char chunk[CHUNK_BYTES];
	size_t count;

	while ((count = fread(chunk, 1, sizeof(chunk), from)) > 0) {
		if (fwrite(chunk, 1, count, to) != count)
			return false;
	}
	return !ferror(from);
}

// A file that is not there needs no copy.
static bool file_copy(const char *path, const char *copy, const char *suffix)
{
	FILE *from = beside_open(path, suffix, "rbe");
	FILE *to = from ? beside_open(copy, suffix, "wbe") : NULL;
	bool is_good = from ? to && bytes_copy(from, to) : errno == ENOENT;

	if (to)
		is_good = fclose(to) == 0 && is_good;
	if (from)
		(void)fclose(from);
	return is_good;
}

struct copy {
	char folder[NAME_SIZE];
	char file[NAME_SIZE + 8];
};

static bool copy_make(struct copy *copy, const char *path, struct problem *problem)
{
	const char *temporary = getenv("TMPDIR");
	bool is_good;

	(void)snprintf(copy->folder, sizeof(copy->folder), "%s/slabmark-XXXXXX",
		temporary && *temporary ? temporary : "/tmp");
	is_good = mkdtemp(copy->folder) != NULL;
	(void)snprintf(copy->file, sizeof(copy->file), "%s/copy", copy->folder);
	for (int i = 0; is_good && i < SUFFIXES_COUNT; i++)
		is_good = file_copy(path, copy->file, SUFFIXES[i]);
	return is_good ||
	       problem_set(problem, EXIT_NOT_MEASURED,
		       "%s: a program died while it wrote to it, and it could not be copied to %s "
		       "to look at it: %s",
		       path, copy->folder, strerror(errno));
}

static void copy_remove(const struct copy *copy)
{
	static const char *const MADE[] = {"", "-journal", "-wal", "-shm"};
	char name[NAME_SIZE + 16];

	for (size_t i = 0; i < sizeof(MADE) / sizeof(MADE[0]); i++) {
		(void)snprintf(name, sizeof(name), "%s%s", copy->file, MADE[i]);
		(void)unlink(name);
	}
	(void)rmdir(copy->folder);
}

// ---- the file

static bool schema_read(struct store *store)
{
	return sqlite3_exec(store->sqlite, "SELECT count(*) FROM sqlite_master", NULL, NULL,
		       NULL) == SQLITE_OK;
}

static bool file_undo(struct store *store, struct problem *problem)
{
	if (!sqlite_connect(store, store->path, "?mode=rw", problem))
		return false;
	if (sqlite_without_log(store, NULL))
		return true;
	return problem_set(problem, EXIT_NOT_MEASURED,
		"%s: a program died while it wrote to it, and the half cannot be undone here "
		"(%s); it must be opened once where the file and its folder may be written",
		store->path, sqlite3_errmsg(store->sqlite));
}

bool sqlite_recover(struct store *store, sqlite_look look, struct problem *problem)
{
	struct copy copy = {{0}, {0}};
	bool is_ours = copy_make(&copy, store->path, problem) &&
		       sqlite_connect(store, copy.file, "?mode=rw", problem) &&
		       (schema_read(store) || sqlite_failed(store, "undo a write", problem)) &&
		       look(store, problem);

	sqlite_disconnect(store);
	copy_remove(&copy);
	return is_ours && file_undo(store, problem);
}
