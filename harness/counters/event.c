// SPDX-License-Identifier: GPL-2.0-or-later
// Names of events by libpfm4. Entry: event_find().
//
// That libpfm4 sees a PMU says what processor this is, not that its counters are there: in most
// virtual machines they are not. Whether an event counts is probe.c's to find out.
#include "event.h"

#include <perfmon/pfmlib.h>
#include <perfmon/pfmlib_perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "raw.h"

static bool library_is_ready(void)
{
	static enum { UNTRIED, READY, BROKEN } state = UNTRIED; // written by the first call alone

	if (state == UNTRIED)
		state = pfm_initialize() == PFM_SUCCESS ? READY : BROKEN;
	return state == READY;
}

// ---- what was taken

static const char *type_name(uint32_t type)
{
	static const char *const names[] = {
		[PERF_TYPE_HARDWARE] = "hardware",
		[PERF_TYPE_SOFTWARE] = "software",
		[PERF_TYPE_TRACEPOINT] = "tracepoint",
		[PERF_TYPE_HW_CACHE] = "hw-cache",
		[PERF_TYPE_RAW] = "raw",
	};

	return type <= PERF_TYPE_RAW ? names[type] : "pmu";
}

// libpfm4's full name has every modifier behind it, ":e=0:i=0…", which the encoding says already.
static void taken_write(struct event *event, const char *name)
{
	const struct perf_event_attr *attributes = &event->attributes;
	const char *modifiers = strstr(name, ":e=");
	char more[32] = "";

	if (!modifiers)
		modifiers = strstr(name, ":u=");
	if (attributes->config1)
		snprintf(more, sizeof(more), "/0x%llx", (unsigned long long)attributes->config1);
	snprintf(event->taken, sizeof(event->taken), "%.*s %s 0x%llx%s",
		modifiers ? (int)(modifiers - name) : (int)strlen(name), name,
		type_name(attributes->type), (unsigned long long)attributes->config, more);
}

// ---- finding

static bool find_raw(const char *name, struct event *event)
{
	struct raw_code code;

	if (!raw_find(name, NULL, &code))
		return false;
	event->attributes.type = code.type;
	event->attributes.config = code.config[0];
	event->attributes.config1 = code.config[1];
	event->attributes.config2 = code.config[2];
	event->attributes.exclude_kernel = 1;
	taken_write(event, name);
	return true;
}

static bool find_named(const char *name, struct event *event)
{
	char *full = NULL;
	pfm_perf_encode_arg_t argument = {
		.attr = &event->attributes, .fstr = &full, .size = sizeof(argument)};

	if (!library_is_ready() || pfm_get_os_event_encoding(name, PFM_PLM3, PFM_OS_PERF_EVENT,
					   &argument) != PFM_SUCCESS)
		return false;
	taken_write(event, full ? full : name);
	free(full);
	return true;
}

bool event_find(const char *name, struct event *event)
{
	*event = (struct event){0};
	if (!(raw_is_code(name) ? find_raw(name, event) : find_named(name, event)))
		return false;
	event->attributes.size = sizeof(event->attributes);
	event->attributes.disabled = 1;
	event->attributes.exclude_hv = 1;
	return true;
}

// ---- PMUs and their names

static bool pmu_info(int i, pfm_pmu_info_t *info)
{
	*info = (pfm_pmu_info_t){.size = sizeof(*info)};
	return pfm_get_pmu_info((pfm_pmu_t)i, info) == PFM_SUCCESS;
}

static bool has_word(const char *words, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = strstr(words, word); at; at = strstr(at + 1, word))
		if ((at == words || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
			return true;
	return false;
}

bool event_has_pmu(const char *pmus)
{
	pfm_pmu_info_t info;

	if (strcmp(pmus, "*") == 0)
		return true;
	for (int i = 0; library_is_ready() && i < PFM_PMU_MAX; i++)
		if (pmu_info(i, &info) && info.is_present && has_word(pmus, info.name))
			return true;
	return false;
}

static void pmu_names(
	const pfm_pmu_info_t *pmu, void (*take)(void *context, const char *name), void *context)
{
	for (int i = pmu->first_event; i != -1; i = pfm_get_event_next(i)) {
		pfm_event_info_t event = {.size = sizeof(event)};

		if (pfm_get_event_info(i, PFM_OS_PERF_EVENT, &event) == PFM_SUCCESS)
			take(context, event.name);
	}
}

void event_names(void (*take)(void *context, const char *name), void *context)
{
	pfm_pmu_info_t info;

	for (int i = 0; library_is_ready() && i < PFM_PMU_MAX; i++)
		if (pmu_info(i, &info) && info.is_present)
			pmu_names(&info, take, context);
}

// ---- other processors

struct search {
	const char *name;
	size_t length;
	bool is_found;
};

static void search_name(void *context, const char *name)
{
	struct search *search = context;

	search->is_found |= strlen(name) == search->length &&
			    strncasecmp(name, search->name, search->length) == 0;
}

bool event_is_elsewhere(const char *name, char *pmu, size_t size)
{
	const char *prefix_end = strstr(name, "::");
	const char *start = prefix_end ? prefix_end + 2 : name;
	struct search search = {start, strcspn(start, ":"), false};
	pfm_pmu_info_t info;

	for (int i = 0; library_is_ready() && !search.is_found && i < PFM_PMU_MAX; i++) {
		if (!pmu_info(i, &info) || info.is_present)
			continue;
		if (prefix_end && (strlen(info.name) != (size_t)(prefix_end - name) ||
					  strncmp(info.name, name, strlen(info.name)) != 0))
			continue;
		pmu_names(&info, search_name, &search);
		snprintf(pmu, size, "%s", info.name);
	}
	return search.is_found;
}
