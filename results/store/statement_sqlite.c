// SPDX-License-Identifier: GPL-2.0-or-later
// SQLite's statements behind the driver's interface, and the one place that turns its statuses into
// words.
#include "sqlite.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "results/text/memory.h"

struct sqlite_handle {
	struct store_handle base;
	sqlite3_stmt *statement;
	int status; // of the first bind that failed, else SQLITE_OK
};

static struct sqlite_handle *of(struct store_handle *handle)
{
	return (struct sqlite_handle *)handle;
}

static sqlite3_stmt *row_of(const struct store_handle *handle)
{
	return ((const struct sqlite_handle *)handle)->statement;
}

// Whether a write failed where the process may write no larger files (ulimit -f). SQLite has
// forgotten errno by the time that it is asked, because it undoes the transaction first.
static bool is_at_limit(const struct store *store)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
		return false;
	switch (sqlite3_extended_errcode(store->sqlite)) {
	case SQLITE_IOERR_WRITE:
	case SQLITE_IOERR_TRUNCATE:
	case SQLITE_IOERR_SHMSIZE:
		return true;
	default:
		return false;
	}
}

// Why there is no room for what is written; NULL: that is not what failed.
static const char *room_lacks(const struct store *store, int status)
{
	int error = status == SQLITE_IOERR ? sqlite3_system_errno(store->sqlite) : 0;

	if (is_at_limit(store))
		error = EFBIG;
	switch (error) {
	case ENOSPC:
		return "the disk is full";
	case EDQUOT:
		return "the disk quota is used up";
	case EFBIG:
		return "a file may grow no larger (ulimit -f)";
	default:
		return status == SQLITE_FULL ? "the disk is full" : NULL;
	}
}

// Of a file that ends too early, where; else what tells.
static void damage_describe(const struct store *store, char *text, size_t size)
{
	unsigned char head[32] = {0};
	FILE *file = fopen(store->path, "rb");
	size_t length = file ? fread(head, 1, sizeof(head), file) : 0;
	// Of the file format, big-endian: bytes of a page (1: 65536), pages.
	unsigned long long page = (unsigned)head[16] << 8 | head[17];
	unsigned long long pages = (unsigned)head[28] << 24 | (unsigned)head[29] << 16 |
				   (unsigned)head[30] << 8 | head[31];
	off_t end = file && fseeko(file, 0, SEEK_END) == 0 ? ftello(file) : -1;

	if (file)
		(void)fclose(file);
	page = page == 1 ? 65536 : page;
	if (length == sizeof(head) && end >= 0 && (unsigned long long)end < page * pages)
		(void)snprintf(text, size, "it ends after %lld of %llu bytes", (long long)end,
			page * pages);
	else
		(void)snprintf(text, size, "`slabmark db verify` may tell where");
}

// Why a file could not be made, opened or written; SQLite only says that it could not.
static void refusal_describe(const struct store *store, char *text, size_t size)
{
	const char *slash = strrchr(store->path, '/');
	int length = slash ? (int)(slash - store->path) : 1;
	int error = sqlite3_system_errno(store->sqlite);
	char folder[PATH_MAX];

	(void)snprintf(folder, sizeof(folder), "%.*s", slash == store->path ? 1 : length,
		slash ? store->path : ".");
	if (access(store->path, F_OK) == 0 && access(store->path, W_OK) != 0)
		(void)snprintf(text, size, "%s", strerror(errno));
	else if (access(folder, W_OK) != 0)
		(void)snprintf(text, size, "its folder %.300s: %s", folder, strerror(errno));
	else
		(void)snprintf(
			text, size, "%s", error ? strerror(error) : sqlite3_errmsg(store->sqlite));
}

static bool is_refusal(int status)
{
	return status == SQLITE_CANTOPEN || status == SQLITE_IOERR || status == SQLITE_READONLY ||
	       status == SQLITE_PERM;
}

bool sqlite_failed(struct store *store, const char *doing, struct problem *problem)
{
	int status = sqlite3_errcode(store->sqlite) & 0xff; // the primary code of an extended one
	const char *lack = room_lacks(store, status);
	char place[512];

	if (lack)
		return problem_set(problem, EXIT_NOT_MEASURED,
			"%s: %s, could not %s; what was stored before stays readable", store->path,
			lack, doing);
	if (status == SQLITE_CORRUPT || status == SQLITE_NOTADB) {
		damage_describe(store, place, sizeof(place));
		return problem_set(problem, EXIT_WRONG_USE,
			"%s: the store is damaged, could not %s (%s): %s; expected an intact "
			"SQLite file",
			store->path, doing, sqlite3_errmsg(store->sqlite), place);
	}
	if (status == SQLITE_ERROR && strcmp(sqlite3_errmsg(store->sqlite), "malformed JSON") == 0)
		return store_damaged(store, "a text in it is no JSON", problem);
	if (status == SQLITE_BUSY || status == SQLITE_LOCKED)
		return problem_set(problem, EXIT_NOT_MEASURED,
			"%s: another program keeps the store locked, could not %s; try again when "
			"it has ended",
			store->path, doing);
	(void)snprintf(place, sizeof(place), "%s", sqlite3_errmsg(store->sqlite));
	if (is_refusal(status))
		refusal_describe(store, place, sizeof(place));
	return problem_set(
		problem, EXIT_NOT_MEASURED, "%s: could not %s: %s", store->path, doing, place);
}

bool sqlite_execute(struct store *store, const char *sql, struct problem *problem)
{
	if (sqlite3_exec(store->sqlite, sql, NULL, NULL, NULL) != SQLITE_OK)
		return sqlite_failed(store, "write to it", problem);
	return true;
}

struct store_handle *sqlite_prepare(struct store *store, const char *sql, struct problem *problem)
{
	struct sqlite_handle *handle = calloc(1, sizeof(*handle));

	if (handle)
		handle->base = (struct store_handle){.store = store, .sql = strdup(sql)};
	if (!handle || !handle->base.sql) {
		free(handle);
		no_memory(problem, "the store");
		return NULL;
	}
	if (sqlite3_prepare_v3(store->sqlite, sql, -1, SQLITE_PREPARE_PERSISTENT,
		    &handle->statement, NULL) == SQLITE_OK)
		return &handle->base;
	// Our SQL is right for the version that the store claims to be.
	if ((sqlite3_errcode(store->sqlite) & 0xff) == SQLITE_ERROR)
		problem_set(problem, EXIT_WRONG_USE,
			"%s: the store's tables are not those that slabmark makes (%s); expected "
			"an intact store",
			store->path, sqlite3_errmsg(store->sqlite));
	else
		sqlite_failed(store, "read it", problem);
	sqlite_finalize(&handle->base);
	return NULL;
}

struct store_handle *sqlite_prepare_rows(struct store *store, const char *sql, const char *table,
	const char *columns, struct problem *problem)
{
	(void)table;
	(void)columns;
	return sqlite_prepare(store, sql, problem);
}

void sqlite_bind(struct store_handle *handle, int index, const struct store_value *value)
{
	sqlite3_stmt *statement = of(handle)->statement;
	int status = SQLITE_OK;

	switch (value->kind) {
	case VALUE_NULL:
		status = sqlite3_bind_null(statement, index);
		break;
	case VALUE_TEXT:
		status = sqlite3_bind_text(statement, index, value->text, -1, SQLITE_STATIC);
		break;
	case VALUE_INTEGER:
		status = sqlite3_bind_int64(statement, index, value->integer);
		break;
	case VALUE_REAL:
		status = sqlite3_bind_double(statement, index, value->real);
		break;
	}
	if (of(handle)->status == SQLITE_OK)
		of(handle)->status = status;
}

bool sqlite_next(struct store_handle *handle, bool *has_row, struct problem *problem)
{
	int status;

	if (of(handle)->status != SQLITE_OK)
		return problem_set(problem, EXIT_NOT_MEASURED,
			"%s: a value does not fit into the store: %s", handle->store->path,
			sqlite3_errstr(of(handle)->status));
	status = sqlite3_step(of(handle)->statement);
	*has_row = status == SQLITE_ROW;
	if (status != SQLITE_ROW && status != SQLITE_DONE)
		return sqlite_failed(handle->store, "read or write it", problem);
	return true;
}

bool sqlite_flush(struct store_handle *handle, struct problem *problem)
{
	(void)handle; // each row was written as it came
	(void)problem;
	return true;
}

void sqlite_reset(struct store_handle *handle)
{
	sqlite3_reset(of(handle)->statement);
	of(handle)->status = SQLITE_OK;
}

// Texts are bound as borrowed, and whoever owns them will soon free them.
void sqlite_release(struct store_handle *handle)
{
	sqlite_reset(handle);
	sqlite3_clear_bindings(of(handle)->statement);
}

void sqlite_finalize(struct store_handle *handle)
{
	sqlite3_finalize(of(handle)->statement);
	free(handle->sql);
	free(handle);
}

bool sqlite_is_null(const struct store_handle *handle, int column)
{
	return sqlite3_column_type(row_of(handle), column) == SQLITE_NULL;
}

int64_t sqlite_integer(const struct store_handle *handle, int column)
{
	return sqlite3_column_int64(row_of(handle), column);
}

double sqlite_real(const struct store_handle *handle, int column)
{
	return sqlite3_column_double(row_of(handle), column);
}

const char *sqlite_text(const struct store_handle *handle, int column)
{
	return (const char *)sqlite3_column_text(row_of(handle), column);
}

int64_t sqlite_changes(const struct store_handle *handle)
{
	return sqlite3_changes64(handle->store->sqlite);
}
