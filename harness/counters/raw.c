// SPDX-License-Identifier: GPL-2.0-or-later
// Reads raw codes. Entry: raw_find(). A term such as umask=0x1 is put into the bits that the file
// format/umask of the PMU names: "config:8-15", or "config:0-7,32-35" for a field in pieces.
#include "raw.h"

#include <ctype.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/text/first_line.h"

#define DEVICES "/sys/bus/event_source/devices"

enum { TERM_SIZE = 64, TERMS_SIZE = 160 };

static bool hex_read(const char *text, uint64_t *value)
{
	char *end = NULL;

	errno = 0;
	*value = strtoull(text, &end, 16);
	return isxdigit((unsigned char)text[0]) && *end == '\0' && errno == 0;
}

static bool is_r_code(const char *name)
{
	return name[0] == 'r' && name[1] != '\0' &&
	       name[1 + strspn(name + 1, "0123456789abcdefABCDEF")] == '\0';
}

bool raw_is_code(const char *name)
{
	return strncmp(name, "0x", 2) == 0 || is_r_code(name) || strchr(name, '/');
}

// ---- what the kernel says of a PMU

static bool device_line(
	const char *devices, const char *pmu, const char *file, char *line, size_t size)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s/%s", devices ? devices : DEVICES, pmu, file);
	return first_line(path, line, size);
}

// The PMU "cpu" has a fixed number, so that a plain code needs no look.
static bool device_type(const char *devices, const char *pmu, uint32_t *type)
{
	char line[32];

	if (device_line(devices, pmu, "type", line, sizeof(line))) {
		*type = (uint32_t)strtoul(line, NULL, 10);
		return true;
	}
	*type = PERF_TYPE_RAW;
	return strcmp(pmu, "cpu") == 0;
}

// ---- terms

// Spreads the value over the ranges of bits, lowest first. False: it is too large for them.
static bool bits_put(const char *ranges, uint64_t value, uint64_t *config)
{
	unsigned low;
	unsigned high;

	while (isdigit((unsigned char)*ranges)) {
		char *end;

		low = high = (unsigned)strtoul(ranges, &end, 10);
		if (*end == '-')
			high = (unsigned)strtoul(end + 1, &end, 10);
		if (high > 63 || low > high)
			return false;
		for (unsigned bit = low; bit <= high; bit++, value >>= 1)
			*config |= (value & 1) << bit;
		ranges = *end == ',' ? end + 1 : end;
	}
	return value == 0;
}

static bool field_put(const char *devices, const char *pmu, const char *field, uint64_t value,
	struct raw_code *code)
{
	static const char *const words[] = {"config:", "config1:", "config2:"};
	char file[TERM_SIZE + 8];
	char line[128];

	snprintf(file, sizeof(file), "format/%s", field);
	if (strchr(field, '/') || !device_line(devices, pmu, file, line, sizeof(line)))
		return false;
	for (size_t i = 0; i < 3; i++)
		if (strncmp(line, words[i], strlen(words[i])) == 0)
			return bits_put(line + strlen(words[i]), value, &code->config[i]);
	return false;
}

static bool term_put(const char *devices, const char *pmu, char *term, struct raw_code *code)
{
	static const char *const whole[] = {"config", "config1", "config2"};
	uint64_t value = 1;

	if (is_r_code(term))
		return hex_read(term + 1, &code->config[0]);
	char *equals = strchr(term, '=');
	if (equals) {
		char *end = NULL;

		*equals = '\0';
		value = strtoull(equals + 1, &end, 0);
		if (!isdigit((unsigned char)equals[1]) || *end != '\0')
			return false;
	}
	for (size_t i = 0; i < 3; i++) {
		if (strcmp(term, whole[i]) != 0)
			continue;
		code->config[i] = value;
		return true;
	}
	return field_put(devices, pmu, term, value, code);
}

// "PMU/TERM,TERM/".
static bool terms_find(const char *name, const char *devices, struct raw_code *code)
{
	char pmu[TERM_SIZE];
	char terms[TERMS_SIZE];
	char *rest = NULL;
	int used = 0;

	if (sscanf(name, "%63[^/.]/%159[^/]/%n", pmu, terms, &used) != 2 || used == 0 ||
		name[used] != '\0' || !device_type(devices, pmu, &code->type))
		return false;
	for (char *term = strtok_r(terms, ",", &rest); term; term = strtok_r(NULL, ",", &rest))
		if (!term_put(devices, pmu, term, code))
			return false;
	return true;
}

bool raw_find(const char *name, const char *devices, struct raw_code *code)
{
	*code = (struct raw_code){.type = PERF_TYPE_RAW};
	if (strchr(name, '/'))
		return terms_find(name, devices, code);
	return hex_read(name + (name[0] == 'r' ? 1 : 2), &code->config[0]);
}
