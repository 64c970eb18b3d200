// SPDX-License-Identifier: GPL-2.0-or-later
// Machines under fingerprints that older slabmarks gave them: how each becomes the machine that it
// is today. Entries: store_machines_lead() for a store, store_document_lead() for a document on its
// way in, store_machine_today() for a record. The table former_machines keeps what was led where,
// so that a record that comes later finds its machine.
#include "machines.h"

#include <stdio.h>
#include <string.h>

#include "driver.h"
#include "internal.h"
#include "results/document/document.h"
#include "results/text/memory.h"

// Runs SQL whose parameters are these texts, up to NULL.
static bool texts_run(
	struct store *store, const char *sql, const char *const *texts, struct problem *problem)
{
	struct statement statement;
	bool is_good = statement_prepare(&statement, store, sql, problem);

	for (size_t i = 0; is_good && texts[i]; i++)
		statement_bind_text(&statement, texts[i]);
	is_good = is_good && statement_run(&statement, problem);
	statement_close(&statement);
	return is_good;
}

// ---- a store ------------------------------------------------------------------------------------

// The contexts come first, because they are found by the machine's old name.
static const char LEAD_CONTEXTS[] =
	"UPDATE processes SET context = replace(context, ?1, ?2) WHERE machine_id = "
	"(SELECT id FROM machines WHERE fingerprint = ?3)";

// ?1 is today's fingerprint, ?2 the former one. The first machine that gets a fingerprint is
// renamed, each further one joins it.
static const char *const LEADS[] = {
	"INSERT INTO former_machines (today, fingerprint) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
	"UPDATE machines SET fingerprint = ?1 WHERE fingerprint = ?2 AND NOT EXISTS "
	"(SELECT 1 FROM machines WHERE fingerprint = ?1)",
	"UPDATE processes SET machine_id = (SELECT id FROM machines WHERE fingerprint = ?1) "
	"WHERE machine_id = (SELECT id FROM machines WHERE fingerprint = ?2)",
	"DELETE FROM machines WHERE fingerprint <> ?1 AND fingerprint = ?2",
	"UPDATE calibrations SET fingerprint = ?1 WHERE fingerprint = ?2",
	"UPDATE accepted SET fingerprint = ?1 WHERE fingerprint = ?2",
	"UPDATE triage SET machine = ?1 WHERE machine = ?2",
};

static bool former_take(const struct statement *row, void *context, struct problem *problem)
{
	const char *former = statement_peek(row, 0);
	char today[FINGERPRINT_SIZE];

	if (fingerprint_is_former(former, statement_peek(row, 1), statement_peek(row, 2), today) &&
		json_object_set_new(context, former, json_string(today)) != 0)
		return no_memory(problem, "the store");
	return true;
}

// The machines that have to be led, {former: today}; NULL with a problem, on failure.
static json_t *formers_read(struct store *store, struct problem *problem)
{
	json_t *formers = json_object();
	struct statement statement;
	bool is_good = statement_prepare(&statement, store,
			       "SELECT fingerprint, cpu_model, topology_digest FROM machines "
			       "ORDER BY id",
			       problem) &&
		       statement_each(&statement, former_take, formers, problem);

	statement_close(&statement);
	if (is_good)
		return formers;
	json_decref(formers);
	return NULL;
}

// The member of a context: no text of it can hold the same, because quotes within a text are
// escaped.
static bool contexts_lead(
	struct store *store, const char *former, const char *today, struct problem *problem)
{
	char was[64];
	char is[64];

	(void)snprintf(was, sizeof(was), "\"machine\":\"%s\"", former);
	(void)snprintf(is, sizeof(is), "\"machine\":\"%s\"", today);
	return texts_run(
		store, LEAD_CONTEXTS, (const char *const[]){was, is, former, NULL}, problem);
}

static bool machine_lead(
	struct store *store, const char *former, const char *today, struct problem *problem)
{
	const char *const names[] = {today, former, NULL};
	bool is_good = contexts_lead(store, former, today, problem);

	for (size_t i = 0; is_good && i < sizeof(LEADS) / sizeof(LEADS[0]); i++)
		is_good = texts_run(store, LEADS[i], names, problem);
	return is_good;
}

bool store_machines_lead(struct store *store, struct problem *problem)
{
	json_t *formers = formers_read(store, problem);
	bool is_good = formers != NULL;
	const char *former;
	json_t *today;

	json_object_foreach(formers, former, today)
	{
		is_good = is_good && machine_lead(store, former, json_string_value(today), problem);
	}
	json_decref(formers);
	return is_good;
}

// ---- what comes in ------------------------------------------------------------------------------

// A shallow copy whose context is its own; NULL: no memory.
static json_t *document_with_machine(const json_t *document, const char *machine)
{
	// Copying takes a const value and changes nothing.
	json_t *copy = json_copy((json_t *)document);
	json_t *context = json_copy(json_object_get(document, "context"));

	if (copy && json_object_set_new(context, "machine", json_string(machine)) == 0 &&
		json_object_set(copy, "context", context) == 0) {
		json_decref(context);
		return copy;
	}
	json_decref(context);
	json_decref(copy);
	return NULL;
}

json_t *store_document_lead(struct store *store, const json_t *document, struct problem *problem)
{
	char today[FINGERPRINT_SIZE];
	json_t *led;

	if (!document_is_former(document, today))
		return json_incref((json_t *)document); // as above
	if (!texts_run(store, LEADS[0],
		    (const char *const[]){today, document_fact(document, "machine"), NULL},
		    problem))
		return NULL;
	led = document_with_machine(document, today);
	if (!led)
		(void)no_memory(problem, "the store");
	return led;
}

bool store_machine_today(
	struct store *store, const char *fingerprint, char **today, struct problem *problem)
{
	struct statement statement;
	bool has_row = false;
	bool is_good = statement_prepare(&statement, store,
		"SELECT today FROM former_machines WHERE fingerprint = ?", problem);

	*today = NULL;
	if (is_good) {
		statement_bind_text(&statement, fingerprint);
		is_good = statement_next(&statement, &has_row, problem);
	}
	if (is_good) {
		*today = has_row ? statement_text(&statement, 0) : strdup(fingerprint);
		is_good = *today || no_memory(problem, "the store");
	}
	statement_close(&statement);
	return is_good;
}
