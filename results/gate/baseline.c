// SPDX-License-Identifier: GPL-2.0-or-later
// Which sessions a baseline is: by commit, by name, by number, the last that passed, the last few.
// Entry: gate_baselines_find(). All of them measured the session's machine and at least one of its
// configs.
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "results/compare/projection.h"
#include "results/store/internal.h"
#include "results/text/memory.h"
#include "results/text/timestamp.h"

enum { ROLLING_MAX = 1000, ANCHOR_NIGHTS = 30, NAME_MAX_LENGTH = 100, COMMIT_LENGTH_MIN = 4 };

// ---- candidates

// Sessions, newest first, that measured a config of the gated session on its machine, for its own
// sake.
#define PASSED_SQL                                                                                 \
	" AND (SELECT g.status FROM gates AS g WHERE g.session_id = p.session_id ORDER BY g.id "   \
	"DESC LIMIT 1) = 0"
#define SESSIONS_SQL(where)                                                                        \
	"SELECT DISTINCT p.session_id FROM processes AS p JOIN builds AS b ON b.id = p.build_id"   \
	" LEFT JOIN machines AS m ON m.id = p.machine_id"                                          \
	" WHERE m.fingerprint IS NOT DISTINCT FROM ?1 AND p.session_id <> ?2"                      \
	" AND p.session_id NOT IN (SELECT id FROM sessions"                                        \
	"  WHERE " SESSION_HAS_PURPOSE("plan") ")"                                                 \
					       " AND p.config IN (SELECT q.config FROM processes " \
					       "AS q WHERE q.session_id = ?3)" where               \
					       " ORDER BY p.session_id DESC"

// Sessions of a query, at most `wanted`.
struct session_list {
	int64_t *items;
	size_t count;
	size_t wanted;
};

// Takes sessions of a query; ?4 is `parameter` where it is not NULL.
static bool list_take(struct store *store, const struct gate *gate, const char *sql,
	const char *parameter, struct session_list *list, struct problem *problem)
{
	struct statement statement;
	bool has_row = true;
	bool is_good;

	list->count = 0;
	list->items = calloc(list->wanted, sizeof(*list->items));
	if (!list->items)
		return no_memory(problem, "the gate");
	is_good = statement_prepare(&statement, store, sql, problem);
	if (is_good) {
		statement_bind_text(&statement, gate->machine);
		statement_bind_integer(&statement, gate->session);
		statement_bind_integer(&statement, gate->session);
	}
	if (is_good && parameter)
		statement_bind_text(&statement, parameter);
	while (is_good && has_row && list->count < list->wanted) {
		is_good = statement_next(&statement, &has_row, problem);
		if (is_good && has_row)
			list->items[list->count++] = statement_integer(&statement, 0);
	}
	statement_close(&statement);
	return is_good;
}

// The same, as the baseline.
static bool sessions_take(struct store *store, struct gate *gate, const char *sql,
	const char *parameter, size_t wanted, struct problem *problem)
{
	struct session_list list = {.wanted = wanted};
	bool is_good = list_take(store, gate, sql, parameter, &list, problem);

	gate->baselines = list.items;
	gate->baselines_count = list.count;
	return is_good;
}

bool gate_sessions_before(struct store *store, const struct gate *gate, size_t wanted,
	int64_t **sessions, size_t *count, struct problem *problem)
{
	struct session_list list = {.wanted = wanted};
	bool is_good = list_take(
		store, gate, SESSIONS_SQL(" AND p.session_id < ?2"), NULL, &list, problem);

	*sessions = list.items;
	*count = list.count;
	return is_good;
}

// ---- by commit

static bool commit_read(const struct statement *row, void *commits, struct problem *problem)
{
	return statement_is_null(row, 0) || names_add(commits, statement_peek(row, 0), problem);
}

// Every commit that any session has.
static bool commits_read(struct store *store, struct store_names *commits, struct problem *problem)
{
	struct statement statement;
	bool is_good =
		statement_prepare(&statement, store,
			"SELECT DISTINCT \"commit\" FROM builds ORDER BY \"commit\"", problem) &&
		statement_each(&statement, commit_read, commits, problem);

	statement_close(&statement);
	return is_good;
}

// Leaves those that the word names.
static void commits_narrow(struct store_names *commits, const char *word)
{
	size_t kept = 0;

	for (size_t i = 0; i < commits->count; i++) {
		if (key_value_is_named("commit", commits->items[i], word))
			commits->items[kept++] = commits->items[i];
		else
			free(commits->items[i]);
	}
	commits->count = kept;
}

static bool find_commit(
	struct store *store, struct gate *gate, const char *word, struct problem *problem)
{
	struct store_names commits = {0};
	char list[512];
	bool is_good;

	if (strlen(word) < COMMIT_LENGTH_MIN)
		return problem_set(problem, EXIT_WRONG_USE,
			"--baseline=commit:%s: expected at least %d letters of a commit", word,
			COMMIT_LENGTH_MIN);
	is_good = commits_read(store, &commits, problem);
	commits_narrow(&commits, word);
	if (is_good && !key_values_settle(&commits, word) && commits.count > 1)
		is_good = problem_set(problem, EXIT_WRONG_USE,
			"--baseline=commit:%s: begins several commits: %s", word,
			names_text(&commits, list, sizeof(list)));
	is_good = is_good && (commits.count == 0 || sessions_take(store, gate,
							    SESSIONS_SQL(" AND b.\"commit\" = ?4"),
							    commits.items[0], 1, problem));
	store_names_free(&commits);
	return is_good;
}

static bool find_rolling(
	struct store *store, struct gate *gate, const char *number, struct problem *problem)
{
	char *end;
	long count = strtol(number, &end, 10);

	if (end == number || *end || count < 1 || count > ROLLING_MAX)
		return problem_set(problem, EXIT_WRONG_USE,
			"--baseline=rolling:%s: expected a number of sessions from 1 to %d", number,
			ROLLING_MAX);
	// Only what came before: a session is not judged by its future.
	return sessions_take(
		store, gate, SESSIONS_SQL(" AND p.session_id < ?2"), NULL, (size_t)count, problem);
}

static bool find_last_good(struct store *store, struct gate *gate, struct problem *problem)
{
	return sessions_take(store, gate, SESSIONS_SQL(PASSED_SQL), NULL, 1, problem);
}

// ---- the anchor

// The last session of a query; 0: none.
static bool last_find(struct store *store, const struct gate *gate, const char *sql, size_t wanted,
	int64_t *session, struct problem *problem)
{
	struct session_list list = {.wanted = wanted};
	bool is_good = list_take(store, gate, sql, NULL, &list, problem);

	*session = is_good && list.count > 0 ? list.items[list.count - 1] : 0;
	free(list.items);
	return is_good;
}

// Which session the anchor is; 0: none.
static bool anchor_find(
	struct store *store, const struct gate *gate, int64_t *anchor, struct problem *problem)
{
	static const char BY_HAND[] = SESSIONS_SQL(" AND p.session_id < ?2 AND p.session_id IN"
						   " (SELECT g.session_id FROM gates AS g WHERE"
						   " g.baseline = 'by hand' AND g.status = 0)");
	static const char PASSED[] = SESSIONS_SQL(" AND p.session_id < ?2" PASSED_SQL);

	if (!last_find(store, gate, BY_HAND, 1, anchor, problem))
		return false;
	if (*anchor == 0 && !last_find(store, gate, PASSED, ANCHOR_NIGHTS, anchor, problem))
		return false;
	if (*anchor == gate->baselines[0])
		*anchor = 0;
	return true;
}

// ---- one session by its number

static bool take_session(
	struct store *store, struct gate *gate, int64_t session, struct problem *problem)
{
	struct store_builds builds;
	bool is_good = store_session_builds(store, session, &builds, problem);

	for (size_t i = 0; is_good && i < builds.count; i++) {
		const char *machine = builds.items[i].machine;

		if (strcmp(machine ? machine : "", gate->machine ? gate->machine : "") != 0)
			is_good = problem_set(problem, EXIT_WRONG_USE,
				"session %lld ran on machine %s, session %lld on %s; only results "
				"of one machine can be compared",
				(long long)session, machine ? machine : "unknown",
				(long long)gate->session,
				gate->machine ? gate->machine : "unknown");
	}
	if (is_good && builds.count == 0)
		is_good = problem_set(problem, EXIT_NOT_MEASURED,
			"there is no session %lld, or nothing was measured in it",
			(long long)session);
	store_builds_free(&builds);
	if (is_good && session == gate->session)
		is_good = problem_set(problem, EXIT_WRONG_USE,
			"session %lld is the one to judge; it cannot be its own baseline",
			(long long)session);
	gate->baselines = is_good ? calloc(1, sizeof(*gate->baselines)) : NULL;
	if (is_good && !gate->baselines)
		return no_memory(problem, "the gate");
	if (is_good)
		gate->baselines[gate->baselines_count++] = session;
	return is_good;
}

static bool find_session(
	struct store *store, struct gate *gate, const char *number, struct problem *problem)
{
	char *end;
	long long session;

	errno = 0;
	session = strtoll(number, &end, 10);
	if (end == number || *end || errno || session < 1)
		return problem_set(problem, EXIT_WRONG_USE,
			"--baseline=session:%s: expected the number of a session", number);
	return take_session(store, gate, session, problem);
}

static bool find_tag(
	struct store *store, struct gate *gate, const char *name, struct problem *problem)
{
	struct statement statement;
	bool has_row = false;
	int64_t session = 0;
	bool is_good = statement_prepare(
		&statement, store, "SELECT session_id FROM baselines WHERE name = ?", problem);

	if (is_good) {
		statement_bind_text(&statement, name);
		is_good = statement_next(&statement, &has_row, problem);
	}
	if (has_row)
		session = statement_integer(&statement, 0);
	statement_close(&statement);
	if (is_good && !has_row)
		return problem_set(problem, EXIT_NOT_MEASURED,
			"no session has the name '%s'; 'slabmark gate --set-baseline=%s "
			"--session=N' gives it",
			name, name);
	return is_good && take_session(store, gate, session, problem);
}

// ---- other builds of the session itself

static bool find_side(struct gate *gate, struct problem *problem)
{
	gate->baselines = calloc(1, sizeof(*gate->baselines));
	if (!gate->baselines)
		return no_memory(problem, "the gate");
	gate->baselines[gate->baselines_count++] = gate->session;
	return true;
}

// ---- any

// What stands behind the kind's name and a colon; NULL: another kind.
static const char *behind(const char *text, const char *kind)
{
	size_t length = strlen(kind);

	return strncmp(text, kind, length) == 0 && text[length] == ':' ? text + length + 1 : NULL;
}

static bool find(struct store *store, struct gate *gate, struct problem *problem)
{
	const char *asked = gate->asked;

	if (strcmp(asked, "last-good") == 0)
		return find_last_good(store, gate, problem);
	if (behind(asked, "commit"))
		return find_commit(store, gate, behind(asked, "commit"), problem);
	if (behind(asked, "tag"))
		return find_tag(store, gate, behind(asked, "tag"), problem);
	if (behind(asked, "session"))
		return find_session(store, gate, behind(asked, "session"), problem);
	if (behind(asked, "rolling"))
		return find_rolling(store, gate, behind(asked, "rolling"), problem);
	if (behind(asked, "side"))
		return find_side(gate, problem);
	return problem_set(problem, EXIT_WRONG_USE,
		"--baseline=%s: expected commit:PREFIX, tag:NAME, session:N, last-good, rolling:N "
		"or side:BUILD",
		asked);
}

static bool refuse_none(const struct gate *gate, struct problem *problem)
{
	if (strcmp(gate->asked, "last-good") == 0)
		return problem_set(problem, EXIT_NOT_MEASURED,
			"no session of this machine and these configs has passed yet; 'slabmark "
			"gate --set-baseline=last-good --session=N' says which one is good");
	return problem_set(problem, EXIT_NOT_MEASURED,
		"--baseline=%s: the store holds no other session of it with this machine and these "
		"configs%s",
		gate->asked,
		behind(gate->asked, "commit")
			? "; builds with changes on top are commit:PREFIX-dirty"
			: "");
}

// The commit of other builds is in their names, and nobody asks for it.
static bool baseline_commit_read(struct store *store, struct gate *gate, struct problem *problem)
{
	char *machine;
	bool is_good;

	if (gate->baselines[0] == gate->session)
		return true;
	is_good = gate_session_place(
		store, gate->baselines[0], &machine, &gate->baseline_commit, problem);
	free(machine);
	return is_good;
}

// Where the session itself measured a build of the commit that is asked for, that is the baseline when
// there is no other session of it, or when all is to be judged side by side.
static bool own_build_take(
	struct store *store, struct gate *gate, bool is_beside, struct problem *problem)
{
	struct gate_pairs pairs;
	bool has_build;

	if (!behind(gate->asked, "commit") || (gate->baselines_count > 0 && !is_beside))
		return true;
	if (!gate_pairs_asked(store, gate, &pairs, problem))
		return false;
	has_build = pairs.count > 0;
	gate_pairs_free(&pairs);
	if (!has_build)
		return true;
	free(gate->baselines);
	gate->baselines_count = 0;
	return find_side(gate, problem);
}

bool gate_baselines_find(
	struct store *store, struct gate *gate, bool is_beside, struct problem *problem)
{
	struct store_session_facts facts;
	bool is_found;

	if (!find(store, gate, problem) || !own_build_take(store, gate, is_beside, problem))
		return false;
	if (gate->baselines_count == 0)
		return refuse_none(gate, problem);
	if (!store_session_read(store, gate->baselines[0], &facts, &is_found, problem))
		return false;
	gate->baseline_started_unix_ns = facts.started_unix_ns;
	store_session_facts_free(&facts);
	return baseline_commit_read(store, gate, problem) &&
	       (strcmp(gate->asked, "last-good") != 0 ||
		       anchor_find(store, gate, &gate->anchor, problem));
}

// ---- names

bool gate_baseline_is_name(const char *name)
{
	size_t length = strlen(name);

	return length > 0 && length <= NAME_MAX_LENGTH &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") ==
		       length;
}

static bool name_check(const char *name, struct problem *problem)
{
	if (gate_baseline_is_name(name))
		return true;
	return problem_set(problem, EXIT_WRONG_USE,
		"--set-baseline=%s: expected a name of letters, digits, dots, dashes and "
		"underscores",
		name);
}

static bool mark_good(
	struct store *store, int64_t session, int64_t now_unix_ns, struct problem *problem)
{
	const struct gate gate = {.session = session, .asked = "by hand"};

	return gate_write(store, &gate, EXIT_GOOD, now_unix_ns, problem);
}

static bool name_write(struct store *store, const char *name, int64_t session, const char *note,
	int64_t now_unix_ns, struct problem *problem)
{
	struct statement statement;
	bool is_good = statement_prepare(&statement, store,
		"INSERT INTO baselines (name, session_id, created_unix_ns, note) VALUES (?, ?, ?, "
		"?) ON CONFLICT (name) DO UPDATE SET session_id = excluded.session_id,"
		" created_unix_ns = excluded.created_unix_ns, note = excluded.note",
		problem);

	if (is_good) {
		statement_bind_text(&statement, name);
		statement_bind_integer(&statement, session);
		statement_bind_integer(&statement, now_unix_ns);
		statement_bind_text(&statement, note);
		is_good = statement_run(&statement, problem);
	}
	statement_close(&statement);
	return is_good;
}

bool gate_baseline_set(struct store *store, const char *name, int64_t session, const char *note,
	int64_t now_unix_ns, struct problem *problem)
{
	struct store_session_facts facts;
	bool is_found;

	if (!name_check(name, problem) ||
		!store_session_read(store, session, &facts, &is_found, problem))
		return false;
	if (!is_found)
		return problem_set(problem, EXIT_WRONG_USE, "there is no session %lld in the store",
			(long long)session);
	store_session_facts_free(&facts);
	return strcmp(name, "last-good") == 0
		       ? mark_good(store, session, now_unix_ns, problem)
		       : name_write(store, name, session, note, now_unix_ns, problem);
}

static bool baseline_print(const struct statement *row, void *output, struct problem *problem)
{
	char date[TIMESTAMP_SIZE];

	(void)problem;
	(void)fprintf(output, "%s\tsession %lld\t%s\t%s\n", statement_peek(row, 0),
		(long long)statement_integer(row, 1), timestamp(statement_integer(row, 2), date),
		statement_is_null(row, 3) ? "" : statement_peek(row, 3));
	return true;
}

bool gate_baselines_list(struct store *store, FILE *output, struct problem *problem)
{
	struct statement statement;
	bool is_good = statement_prepare(&statement, store,
			       "SELECT name, session_id, created_unix_ns, note FROM baselines "
			       "ORDER BY name",
			       problem) &&
		       statement_each(&statement, baseline_print, output, problem);

	statement_close(&statement);
	return is_good;
}
