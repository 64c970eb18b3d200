// SPDX-License-Identifier: GPL-2.0-or-later
// Judgements of changes, and what happened to the machine meanwhile. Entries: triage_read() and
// triage_write().
#include "triage.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "results/store/internal.h"
#include "results/text/memory.h"

// One change of a series, a step or its drift, with where it is.
struct change {
	struct history_series *series;
	struct history_mark *mark;
	const char *kind;
	const struct change_shift *shift;
	size_t index;
};

static size_t changes_of(const struct history_series *series)
{
	return series->found.count + (series->found.drift.is_there ? 1 : 0);
}

static struct change change_at(struct history_series *series, size_t i)
{
	if (i == series->found.count)
		return (struct change){series, &series->drift_mark, "drift",
			&series->found.drift.shift, series->found.drift.first};
	return (struct change){series, &series->marks[i], "step", &series->found.items[i].shift,
		series->found.items[i].index};
}

static const char *direction_of(const struct change *change)
{
	return change->shift->size < 0 ? "down" : "up";
}

// ---- ids

// FNV-1a, of the text and its terminating zero.
static uint64_t hashed(uint64_t hash, const char *text)
{
	do {
		hash ^= (unsigned char)*text;
		hash *= 1099511628211U;
	} while (*text++);
	return hash;
}

void triage_id(const char *name, const char *config, const char *machine, const char *kind,
	int64_t session, char id[HISTORY_ID_SIZE])
{
	uint64_t hash = 14695981039346656037U;
	char number[24];

	(void)snprintf(number, sizeof(number), "%" PRId64, session);
	hash = hashed(hash, name);
	hash = hashed(hash, config);
	hash = hashed(hash, machine);
	hash = hashed(hash, kind);
	hash = hashed(hash, number);
	(void)snprintf(id, HISTORY_ID_SIZE, "%010" PRIx64, hash >> 24);
}

// ---- judgements

// A row of the table, as it is read.
struct judgement {
	const char *id;
	const char *name;
	const char *config;
	const char *machine;
	const char *kind;
	const char *direction;
	int64_t session;
	const char *state;
	const char *note;
};

static const char JUDGEMENTS_SQL[] =
	"SELECT change_id, name, config, machine, kind, direction, session, state, note"
	" FROM triage ORDER BY id";

static struct judgement judgement_of(const struct statement *statement)
{
	return (struct judgement){
		.id = statement_peek(statement, 0),
		.name = statement_peek(statement, 1),
		.config = statement_peek(statement, 2),
		.machine = statement_peek(statement, 3),
		.kind = statement_peek(statement, 4),
		.direction = statement_peek(statement, 5),
		.session = statement_integer(statement, 6),
		.state = statement_peek(statement, 7),
		.note = statement_peek(statement, 8),
	};
}

static bool is_of_series(const struct judgement *judgement, const struct history_series *series)
{
	return series->sessions && strcmp(series->name, judgement->name) == 0 &&
	       strcmp(series->config, judgement->config) == 0 &&
	       strcmp(series->machine, judgement->machine) == 0;
}

// Where in the series a session stands, or would.
static size_t place_of(const struct history_series *series, int64_t session)
{
	size_t place = 0;

	while (place < series->count && series->sessions[place] < session)
		place++;
	return place;
}

static size_t distance(size_t one, size_t two)
{
	return one > two ? one - two : two - one;
}

// The change that a judgement is about; its mark is NULL where there is none any more. A drift has
// no place.
static struct change change_find(struct history_series *series, const struct judgement *judgement)
{
	size_t place = place_of(series, judgement->session);
	struct change nearest = {0};

	for (size_t i = 0; i < changes_of(series); i++) {
		struct change change = change_at(series, i);
		bool is_step = strcmp(change.kind, "step") == 0;

		if (strcmp(change.kind, judgement->kind) != 0 ||
			strcmp(direction_of(&change), judgement->direction) != 0 ||
			(is_step && distance(change.index, place) > TRIAGE_PLACE_SLACK))
			continue;
		if (!nearest.mark || distance(change.index, place) < distance(nearest.index, place))
			nearest = change;
	}
	return nearest;
}

static bool text_replace(char **text, const char *with)
{
	char *copy = with ? strdup(with) : NULL;

	free(*text);
	*text = copy;
	return copy || !with;
}

static bool judgement_take(
	const struct statement *statement, void *context, struct problem *problem)
{
	struct history *history = context;
	struct judgement judgement = judgement_of(statement);

	for (size_t i = 0; i < history->count; i++) {
		struct change change;

		if (!is_of_series(&judgement, &history->items[i]))
			continue;
		change = change_find(&history->items[i], &judgement);
		if (!change.mark)
			return true;
		(void)snprintf(change.mark->id, HISTORY_ID_SIZE, "%s", judgement.id);
		return (text_replace(&change.mark->state, judgement.state) &&
			       text_replace(&change.mark->note, judgement.note)) ||
		       no_memory(problem, "the history");
	}
	return true;
}

static bool judgements_read(struct store *store, struct history *history, struct problem *problem)
{
	struct statement statement;
	bool is_good = statement_prepare(&statement, store, JUDGEMENTS_SQL, problem) &&
		       statement_each(&statement, judgement_take, history, problem);

	statement_close(&statement);
	return is_good;
}

// ---- events

// Whether something on the series' machine changed when the series did, as near as the place is
// known.
static bool is_with(const struct history_event *event, const struct change *change)
{
	const struct history_series *series = change->series;

	return strcmp(change->kind, "step") == 0 && strcmp(event->machine, series->machine) == 0 &&
	       distance(place_of(series, event->session), change->index) <= TRIAGE_PLACE_SLACK;
}

static bool event_add(struct history_mark *mark, size_t event, struct problem *problem)
{
	size_t *events = array_grown(mark->events, mark->events_count, sizeof(*events));

	if (!events)
		return no_memory(problem, "the history");
	mark->events = events;
	events[mark->events_count++] = event;
	return true;
}

static bool events_take(
	struct history *history, struct history_series *series, struct problem *problem)
{
	for (size_t k = 0; k < history->events_count; k++) {
		struct history_event *event = &history->events[k];
		size_t place = place_of(series, event->session);
		bool has_changed = false;

		if (strcmp(event->machine, series->machine) != 0)
			continue;
		event->series += place > 0 && place < series->count;
		for (size_t i = 0; i < series->found.count; i++) {
			struct change change = change_at(series, i);

			if (!is_with(event, &change))
				continue;
			has_changed = true;
			if (!event_add(change.mark, k, problem))
				return false;
		}
		event->changes += has_changed;
	}
	return true;
}

// ---- together

static bool series_mark(
	struct history *history, struct history_series *series, struct problem *problem)
{
	series->marks = calloc(series->found.count + 1, sizeof(*series->marks));
	if (!series->marks)
		return no_memory(problem, "the history");
	for (size_t i = 0; i < changes_of(series); i++) {
		struct change change = change_at(series, i);

		triage_id(series->name, series->config, series->machine, change.kind,
			series->sessions[change.index], change.mark->id);
		if (!text_replace(&change.mark->state, TRIAGE_STATE_NONE))
			return no_memory(problem, "the history");
	}
	return events_take(history, series, problem);
}

bool triage_read(struct store *store, struct history *history, struct problem *problem)
{
	for (size_t i = 0; i < history->count; i++) {
		if (!series_mark(history, &history->items[i], problem))
			return false;
	}
	return judgements_read(store, history, problem);
}

// ---- writing

static bool state_check(const char *state, struct problem *problem)
{
	const char *at = TRIAGE_STATES;
	size_t length = strlen(state);

	for (; at; at = strchr(at, '|') ? strchr(at, '|') + 1 : NULL) {
		if (strcspn(at, "|") == length && strncmp(at, state, length) == 0)
			return true;
	}
	return problem_set(problem, EXIT_WRONG_USE,
		"'%s' is no state of a change; expected new, expected, fixed or noise", state);
}

// The mark is NULL where there is no such change, or several.
static struct change id_find(struct history *history, const char *id, struct problem *problem)
{
	struct change found = {0};
	size_t count = 0;

	for (size_t i = 0; i < history->count; i++) {
		struct history_series *series = &history->items[i];

		for (size_t k = 0; k < changes_of(series); k++) {
			struct change change = change_at(series, k);

			if (*id == '\0' || strncmp(change.mark->id, id, strlen(id)) != 0)
				continue;
			found = change;
			count++;
		}
	}
	if (count == 0)
		problem_set(problem, EXIT_WRONG_USE,
			"no change has the id '%s'; `slabmark history` shows them", id);
	else if (count > 1)
		problem_set(problem, EXIT_WRONG_USE, "%zu changes have an id that begins with '%s'",
			count, id);
	return count == 1 ? found : (struct change){0};
}

static void bind_change(struct statement *statement, const struct change *change, int64_t now)
{
	const struct history_series *series = change->series;

	statement_bind_text(statement, change->mark->id);
	statement_bind_text(statement, series->name);
	statement_bind_text(statement, series->config);
	statement_bind_text(statement, series->machine);
	statement_bind_text(statement, change->kind);
	statement_bind_text(statement, direction_of(change));
	statement_bind_integer(statement, series->sessions[change->index]);
	statement_bind_text(statement, change->mark->state);
	statement_bind_text(statement, change->mark->note);
	statement_bind_integer(statement, now);
}

// The place is kept as it is now, so that a judgement can follow a change that moves little by
// little.
static bool change_store(
	struct store *store, const struct change *change, int64_t now, struct problem *problem)
{
	struct statement statement;
	bool is_good = statement_prepare(&statement, store,
		"INSERT INTO triage (change_id, name, config, machine, kind, direction, session, "
		"state, note, changed_unix_ns) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
		" ON CONFLICT (change_id) DO UPDATE SET direction = excluded.direction, session = "
		"excluded.session, state = excluded.state, note = excluded.note, changed_unix_ns = "
		"excluded.changed_unix_ns",
		problem);

	if (is_good) {
		bind_change(&statement, change, now);
		is_good = statement_run(&statement, problem);
	}
	statement_close(&statement);
	return is_good;
}

bool triage_write(struct store *store, struct history *history, const char *id, const char *state,
	const char *note, int64_t now_unix_ns, struct problem *problem)
{
	struct change change;

	if (!state_check(state, problem))
		return false;
	change = id_find(history, id, problem);
	if (!change.mark)
		return false;
	if (!text_replace(&change.mark->state, state) ||
		(note && !text_replace(&change.mark->note, note)))
		return no_memory(problem, "the history");
	return change_store(store, &change, now_unix_ns, problem);
}

bool triage_begin(struct store *store, struct problem *problem)
{
	return store_begin(store, problem);
}

bool triage_end(struct store *store, bool is_good, struct problem *problem)
{
	is_good = is_good && store_commit(store, problem);
	if (!is_good)
		store_rollback(store);
	return is_good;
}

// ---- choosing

static bool is_kept(const struct history_mark *mark, const char *const *states, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(mark->state, states[i]) == 0)
			return true;
	}
	return false;
}

static void series_keep(struct history_series *series, const char *const *states, size_t count)
{
	struct change_points *found = &series->found;
	size_t kept = 0;

	for (size_t i = 0; i < found->count; i++) {
		struct history_mark mark = series->marks[i];

		if (!is_kept(&mark, states, count)) {
			history_mark_free(&series->marks[i]);
			continue;
		}
		series->marks[i] = (struct history_mark){0};
		series->marks[kept] = mark;
		found->items[kept++] = found->items[i];
	}
	found->count = kept;
	found->drift.is_there =
		found->drift.is_there && is_kept(&series->drift_mark, states, count);
}

void triage_keep(struct history *history, const char *const *states, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < history->count; i++) {
		struct history_series series;

		series_keep(&history->items[i], states, count);
		if (changes_of(&history->items[i]) == 0)
			continue;
		series = history->items[i];
		history->items[i] = history->items[kept];
		history->items[kept++] = series;
	}
	while (history->count > kept)
		history_series_free(&history->items[--history->count]);
}
