// SPDX-License-Identifier: GPL-2.0-or-later
// Judgements of changes, and what happened to the machine meanwhile. Entries: triage_read() and
// triage_write().
#include "triage.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "results/store/internal.h"
#include "results/text/memory.h"

// One change of a series, a step, its drift or an alarm, with where it is.
struct change {
	struct history_series *series;
	struct history_mark *mark;
	const char *kind;
	const struct change_shift *shift;
	size_t index;
};

static const char ALARM[] = "alarm";

static bool is_alarm(const char *kind)
{
	return strcmp(kind, ALARM) == 0;
}

static size_t changes_of(const struct history_series *series)
{
	return series->found.count + (series->found.drift.is_there ? 1 : 0) + series->alarms_count;
}

static struct change change_at(struct history_series *series, size_t i)
{
	size_t alarm = i - (changes_of(series) - series->alarms_count);

	if (alarm < series->alarms_count)
		return (struct change){series, &series->alarms[alarm].mark, ALARM,
			&series->alarms[alarm].shift, series->alarms[alarm].since};
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

// Whether a judgement of the one kind may be about the other. Steps and alarms are two views of one
// change; a drift has no place.
static bool is_kind(const struct change *change, const char *kind)
{
	if (strcmp(change->kind, "drift") == 0 || strcmp(kind, "drift") == 0)
		return strcmp(change->kind, kind) == 0;
	return true;
}

// The change that a judgement is about, of the alarms or of all others; its mark is NULL where there
// is none any more.
static struct change change_find(
	struct history_series *series, const struct judgement *judgement, bool of_alarms)
{
	size_t place = place_of(series, judgement->session);
	struct change nearest = {0};

	for (size_t i = 0; i < changes_of(series); i++) {
		struct change change = change_at(series, i);
		bool has_place = strcmp(change.kind, "drift") != 0;

		if (is_alarm(change.kind) != of_alarms || !is_kind(&change, judgement->kind) ||
			strcmp(direction_of(&change), judgement->direction) != 0 ||
			(has_place && distance(change.index, place) > TRIAGE_PLACE_SLACK))
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

static bool mark_judge(
	struct history_mark *mark, const struct judgement *judgement, struct problem *problem)
{
	if (!mark)
		return true;
	(void)snprintf(mark->id, HISTORY_ID_SIZE, "%s", judgement->id);
	return (text_replace(&mark->state, judgement->state) &&
		       text_replace(&mark->note, judgement->note)) ||
	       no_memory(problem, "the history");
}

static bool judgement_take(
	const struct statement *statement, void *context, struct problem *problem)
{
	struct history *history = context;
	struct judgement judgement = judgement_of(statement);

	for (size_t i = 0; i < history->count; i++) {
		struct history_series *series = &history->items[i];

		if (is_of_series(&judgement, series))
			return mark_judge(change_find(series, &judgement, false).mark, &judgement,
				       problem) &&
			       mark_judge(change_find(series, &judgement, true).mark, &judgement,
				       problem);
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

// The step that an alarm is about has the same id.
static const struct history_mark *step_of_alarm(
	struct history_series *series, const struct change *alarm)
{
	const struct judgement judgement = {
		.kind = "step",
		.direction = direction_of(alarm),
		.session = series->sessions[alarm->index],
	};

	return is_alarm(alarm->kind) ? change_find(series, &judgement, false).mark : NULL;
}

static bool series_mark(
	struct history *history, struct history_series *series, struct problem *problem)
{
	series->marks = calloc(series->found.count + 1, sizeof(*series->marks));
	if (!series->marks)
		return no_memory(problem, "the history");
	for (size_t i = 0; i < changes_of(series); i++) {
		struct change change = change_at(series, i);
		const struct history_mark *step = step_of_alarm(series, &change);

		if (step)
			(void)snprintf(change.mark->id, HISTORY_ID_SIZE, "%s", step->id);
		else
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

// Whether the one is an alarm about the other.
static bool is_twin(const struct change *alarm, const struct change *step)
{
	return is_alarm(alarm->kind) && step->mark && step->series == alarm->series &&
	       strcmp(alarm->mark->id, step->mark->id) == 0;
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
			if (is_twin(&change, &found))
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

// The alarm of the same id is judged with its step.
static bool alarms_follow(const struct change *change)
{
	struct history_series *series = change->series;

	for (size_t i = 0; i < series->alarms_count; i++) {
		struct history_mark *mark = &series->alarms[i].mark;

		if (mark != change->mark && strcmp(mark->id, change->mark->id) == 0 &&
			(!text_replace(&mark->state, change->mark->state) ||
				!text_replace(&mark->note, change->mark->note)))
			return false;
	}
	return true;
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
		(note && !text_replace(&change.mark->note, note)) || !alarms_follow(&change))
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
