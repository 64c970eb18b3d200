// SPDX-License-Identifier: GPL-2.0-or-later
// `slabmark doctor`: what this machine can measure and how to quiet it. Entry: doctor_command.
// doctor/examination.c looks at it; what a calibration found comes from the store.
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "command.h"
#include "harness/doctor/examination.h"
#include "harness/doctor/tune.h"
#include "harness/measured/machine.h"
#include "harness/place/sites.h"
#include "harness/place/topology.h"
#include "json_output.h"
#include "results/compare/calibration.h"
#include "results/text/memory.h"
#include "results/text/timestamp.h"
#include "rows.h"

struct visit {
	hwloc_topology_t topology;
	hwloc_bitmap_t usable;
	struct machine machine;
	char fingerprint[MACHINE_FACT_SIZE];
	struct finding *findings;
	size_t count;
	struct calibrations calibrations;
	bool has_store;
};

static bool visit_open(struct visit *visit, struct problem *problem)
{
	*visit = (struct visit){.count = doctor_count()};
	if (!machine_topology_load(&visit->topology, problem))
		return false;
	visit->usable = sites_usable_cpus(visit->topology);
	visit->findings = calloc(visit->count, sizeof(*visit->findings));
	visit->machine = (struct machine){visit->topology, visit->usable, ""};
	return (visit->usable && visit->findings) || no_memory(problem, "the findings");
}

static void visit_close(struct visit *visit)
{
	calibrations_free(&visit->calibrations);
	free(visit->findings);
	hwloc_bitmap_free(visit->usable);
	if (visit->topology)
		hwloc_topology_destroy(visit->topology);
}

static const char *fact(const struct visit *visit, const char *key, char text[MACHINE_FACT_SIZE])
{
	snprintf(text, MACHINE_FACT_SIZE, "unknown");
	for (const struct machine_fact *row = machine_facts; row->key; row++)
		if (strcmp(row->key, key) == 0)
			row->read(&visit->machine, text);
	return text;
}

// Reads the calibration where there is a store. A store may not be there yet, also one that is
// named: the machine is looked at before the first run.
static bool calibrations_look(
	struct visit *visit, const struct command_call *call, struct problem *problem)
{
	const char *path = call_text(call, "db");
	struct store *store;

	if (!store_is_url(path) && access(path, F_OK) != 0)
		return true;
	if (!store_open(&store, path, STORE_READ, problem))
		return false;
	visit->has_store = true;
	bool is_good = calibrations_read(store, visit->fingerprint, &visit->calibrations, problem);
	store_close(store);
	return is_good;
}

// ---- showing it

static void show_calibrations(const struct visit *visit, const struct command_call *call)
{
	char date[TIMESTAMP_SIZE];

	if (visit->calibrations.count == 0) {
		fprintf(call->output,
			"\nnoise floor: not known%s; 'slabmark calibrate' finds it out\n",
			visit->has_store ? "" : ", there is no store yet");
		return;
	}
	fprintf(call->output, "\nnoise floor, as calibrated %s:\n",
		timestamp(visit->calibrations.items[0].created_unix_ns, date));
	calibrations_text(&visit->calibrations, call->output);
}

static void show_text(const struct visit *visit, const struct command_call *call)
{
	char model[MACHINE_FACT_SIZE];
	char summary[MACHINE_FACT_SIZE];
	char kernel[MACHINE_FACT_SIZE];

	fprintf(call->output, "machine  %s, %s, %s (%s)\n\n", fact(visit, "cpu_model", model),
		fact(visit, "topology_summary", summary), fact(visit, "kernel", kernel),
		visit->fingerprint);
	for (size_t i = 0; i < visit->count; i++) {
		const struct finding *finding = &visit->findings[i];

		fprintf(call->output, "%-5s %-18s %s\n", finding_state_name(finding->state),
			finding->name, finding->text);
		if (finding->state == FINDING_BAD || call_has(call, "why"))
			fprintf(call->output, "%-24s %s; better: %s\n", "", finding->why,
				finding->better);
		if (*finding->advice)
			fprintf(call->output, "%-24s -> %s\n", "", finding->advice);
	}
	show_calibrations(visit, call);
}

static bool show_json(
	const struct visit *visit, const struct command_call *call, struct problem *problem)
{
	json_t *findings = json_array();
	json_t *facts = json_object();

	for (size_t i = 0; i < visit->count; i++) {
		const struct finding *finding = &visit->findings[i];

		json_array_append_new(findings,
			json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "name", finding->name, "state",
				finding_state_name(finding->state), "text", finding->text, "better",
				finding->better, "why", finding->why, "advice", finding->advice));
	}
	for (const struct machine_fact *row = machine_facts; row->key; row++) {
		char text[MACHINE_FACT_SIZE];

		row->read(&visit->machine, text);
		json_object_set_new(facts, row->key, json_string(text));
	}
	json_t *json = json_pack("{s:o, s:o, s:o}", "machine", facts, "findings", findings,
		"calibrations", calibrations_json(&visit->calibrations));
	return json_output(json, JSON_INDENT(2), call->output, problem);
}

// ---- the call

static int verdict(
	const struct visit *visit, const struct command_call *call, struct problem *problem)
{
	size_t bad = 0;

	for (size_t i = 0; i < visit->count; i++)
		bad += visit->findings[i].state == FINDING_BAD;
	if (!call_has(call, "check") || bad == 0)
		return EXIT_GOOD;
	problem_set(problem, EXIT_REGRESSION, "%zu of %zu findings are bad", bad, visit->count);
	return EXIT_REGRESSION;
}

static int look_and_tell(const struct command_call *call, struct problem *problem)
{
	struct visit visit;
	int status = EXIT_NOT_MEASURED;
	bool is_good = visit_open(&visit, problem);

	if (is_good) {
		fact(&visit, "machine", visit.fingerprint);
		for (size_t i = 0; i < visit.count; i++)
			doctor_examine(&visit.machine, i, &visit.findings[i]);
		is_good = calibrations_look(&visit, call, problem);
	}
	if (is_good && strcmp(call_text(call, "format"), "json") == 0)
		is_good = show_json(&visit, call, problem);
	else if (is_good)
		show_text(&visit, call);
	status = is_good ? verdict(&visit, call, problem) : (int)problem->status;
	visit_close(&visit);
	return status;
}

static int run(const struct command_call *call, struct problem *problem)
{
	bool is_tuning = call_has(call, "tune");
	bool is_restoring = call_has(call, "restore");

	if (is_tuning && is_restoring) {
		problem_set(
			problem, EXIT_WRONG_USE, "--tune sets what --restore puts back: give one");
		return EXIT_WRONG_USE;
	}
	if (!is_tuning && !is_restoring)
		return look_and_tell(call, problem);
	bool is_good = (is_tuning ? tune_set : tune_restore)(
		"", call_text(call, "state"), call->output, problem);
	return is_good ? EXIT_GOOD : (int)problem->status;
}

static const struct option_row OPTIONS[] = {
	{.name = "check", .kind = OPTION_SWITCH, .help = "Exit status 1 when any finding is bad."},
	{.name = "why",
		.kind = OPTION_SWITCH,
		.help = "Say of every finding why it matters and which value is better, not only "
			"of bad ones."},
	{.name = "tune",
		.kind = OPTION_SWITCH,
		.help = "As root: set what is safe to set (governor, turbo, large pages, same "
			"pages, "
			"NUMA balancing, address layout, counters' rights, NMI watchdog), and say "
			"what was set. What was found is kept first, so that nothing is lost where "
			"this is killed."},
	{.name = "restore",
		.kind = OPTION_SWITCH,
		.help = "Put back what --tune found. What somebody else has changed since stays."},
	{.name = "state",
		.kind = OPTION_TEXT,
		.argument = "FILE",
		.default_text = TUNE_STATE,
		.help = "Where --tune keeps what it found, and --restore reads it."},
	ROW_FORMAT_TEXT_JSON,
	ROW_DB(" that has the machine's calibration, if any", ""),
	{0},
};

const struct command doctor_command = {
	.name = "doctor",
	.summary = "Show what this machine can measure, and how to quiet it.",
	.description =
		"Looks at what makes figures noisy (load, time that a host takes away, a CPU "
		"quota, "
		"clock frequency, SMT, large pages, NUMA balancing) and at what they need (a quick "
		"clock, restartable sequences, hardware counters), and says what to type against "
		"it; most of that needs root. Last comes the noise floor that 'slabmark calibrate' "
		"found on this machine. It changes nothing without --tune.\n\n"
		"'slabmark run --require-quiet' refuses to measure where a finding is bad. A "
		"machine's next start undoes what --tune has set.",
	.options = OPTIONS,
	.run = run,
};
