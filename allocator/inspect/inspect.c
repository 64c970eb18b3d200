// SPDX-License-Identifier: GPL-2.0-or-later
// slabmark-inspect-<config>: what the allocator of one config does, seen from inside. `slabmark
// geometry` and `slabmark replay` run it.
#include "inspect/inspect.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "inspect/replay.h"

// The machine that the ground truth was taken on: 4 nodes of 2 CPUs. Geometry depends on it in
// free_limit alone; a trace says its own.
#define REFERENCE_TOPOLOGY   "node:4 core:2 pu:1"
#define REFERENCE_CACHE_LINE 64

// For one trace. The longest of the real kernel's takes a part of a second.
#define TIMEOUT_S     300.0
#define TIMEOUT_S_MIN 0.001
#define TIMEOUT_S_MAX 86400.0

static const char usage[] =
	"usage: slabmark-inspect-" SLAB_CONFIG_NAME
	" geometry [--option=NAME=VALUE]... [--topology=T] [FILE]\n"
	"       slabmark-inspect-" SLAB_CONFIG_NAME
	" replay [--check [--expect=FILE]] [--no-stats] [--quiet] [--timeout=SECONDS] "
	"[--option=NAME=VALUE]... FILE...\n"
	"geometry prints the geometry of a cache for each row of `size align flags ctor` in FILE "
	"(or standard input).\n"
	"replay runs traces and prints the allocator's state, or compares it with what is "
	"expected.\n"
	"  --option=NAME=VALUE  a boot option of the allocator, such as slab_max_order=3 or "
	"init_on_free=1\n"
	"  --topology=T         machine, an hwloc synthetic description or XML file; "
	"default: " REFERENCE_TOPOLOGY "\n"
	"  --check              compare with FILE.expect beside FILE.trace\n"
	"  --expect=FILE        compare with this file; for one trace\n"
	"  --no-stats           leave out the lines ' stats'\n"
	"  --timeout=SECONDS    stop a trace that has not ended by then, 0.001 to 86400; "
	"default: 300\n"
	"  --quiet              no progress, and nothing at all when all is identical\n";

// What the command line says.
struct wish {
	const char *command; // for messages
	struct slab_options options;
	struct replay_request replay;
};

// ---- options

static int complain_option(const struct wish *wish, const char *name, const char *value, int error)
{
	if (error != -ENOENT) {
		fprintf(stderr, "slabmark %s: --option: '%s' is no value for %s\n", wish->command,
			value ? value : "", name);
		return INSPECT_WRONG_USE;
	}
	fprintf(stderr, "slabmark %s: --option: no option is called '%s'; there are", wish->command,
		name);
	for (const char *const *known = slab_option_names(); *known; known++)
		fprintf(stderr, " %s", *known);
	fputs("\n", stderr);
	return INSPECT_WRONG_USE;
}

static int set_option(struct wish *wish, char *word)
{
	char *value = strchr(word, '=');
	int error;

	if (value)
		*value++ = '\0';
	error = slab_options_set(&wish->options, word, value);
	return error ? complain_option(wish, word, value, error) : INSPECT_GOOD;
}

static int set_timeout(struct wish *wish, const char *text)
{
	char *end;
	double value = strtod(text, &end);

	if (end == text || *end || !(value >= TIMEOUT_S_MIN && value <= TIMEOUT_S_MAX)) {
		fprintf(stderr,
			"slabmark replay: --timeout: '%s' is no number of seconds from %g to %g\n",
			text, TIMEOUT_S_MIN, TIMEOUT_S_MAX);
		return INSPECT_WRONG_USE;
	}
	wish->replay.timeout_s = value;
	return INSPECT_GOOD;
}

static const struct option geometry_options[] = {{"option", required_argument, NULL, 'o'},
	{"topology", required_argument, NULL, 't'}, {"help", no_argument, NULL, 'h'}, {0}};

static const struct option replay_options[] = {{"check", no_argument, NULL, 'c'},
	{"expect", required_argument, NULL, 'e'}, {"no-stats", no_argument, NULL, 's'},
	{"quiet", no_argument, NULL, 'q'}, {"timeout", required_argument, NULL, 'T'},
	{"option", required_argument, NULL, 'o'}, {"help", no_argument, NULL, 'h'}, {0}};

// Takes one option. Returns an exit status, or -1 when help was asked for and given.
static int take_option(struct wish *wish, int option)
{
	switch (option) {
	case 'o':
		return set_option(wish, optarg);
	case 't':
		wish->options.topology = optarg;
		return INSPECT_GOOD;
	case 'c':
		wish->replay.is_check = true;
		return INSPECT_GOOD;
	case 'e':
		wish->replay.expect = optarg;
		return INSPECT_GOOD;
	case 's':
		wish->replay.has_statistics = false;
		return INSPECT_GOOD;
	case 'q':
		wish->replay.is_quiet = true;
		return INSPECT_GOOD;
	case 'T':
		return set_timeout(wish, optarg);
	case 'h':
		fputs(usage, stdout);
		return -1;
	default:
		fputs(usage, stderr);
		return INSPECT_WRONG_USE;
	}
}

static int parse(int argc, char **argv, const struct option *known, struct wish *wish)
{
	int status = INSPECT_GOOD, option;

	while (!status && (option = getopt_long(argc, argv, "h", known, NULL)) != -1)
		status = take_option(wish, option);
	return status;
}

// ---- geometry

static int run_geometry(const char *path)
{
	bool is_standard = !path || strcmp(path, "-") == 0;
	FILE *input = is_standard ? stdin : fopen(path, "re");
	int status;

	if (!input) {
		fprintf(stderr, "slabmark geometry: %s: %s\n", path, strerror(errno));
		return INSPECT_WRONG_USE;
	}
	status = inspect_geometry(input, is_standard ? "standard input" : path, stdout);
	if (ferror(input)) {
		fprintf(stderr, "slabmark geometry: %s: %s\n", path ? path : "standard input",
			strerror(errno));
		status = INSPECT_NOT_DONE;
	}
	if (!is_standard)
		fclose(input);
	return status;
}

static int geometry(struct wish *wish, int argc, char **argv)
{
	int status;

	if (argc > 1) {
		fprintf(stderr, "slabmark geometry: one FILE at most, not also '%s'\n", argv[1]);
		return INSPECT_WRONG_USE;
	}
	status = slab_init(&wish->options);
	if (status) {
		fprintf(stderr, "slabmark geometry: the allocator does not start: %s\n",
			strerror(-status));
		return status == -EINVAL ? INSPECT_WRONG_USE : INSPECT_NOT_DONE;
	}
	return run_geometry(argv[0]);
}

// ---- replay

static int replay(struct wish *wish, int argc, char **argv)
{
	const char *wrong = NULL;

	if (argc < 1)
		wrong = "no FILE; which traces are to be run?";
	else if (wish->replay.expect && !wish->replay.is_check)
		wrong = "--expect is what --check compares with; without it there is nothing to do";
	else if (wish->replay.expect && argc > 1)
		wrong = "--expect is for one FILE; without it each trace has its own beside it";
	if (wrong) {
		fprintf(stderr, "slabmark replay: %s\n", wrong);
		return INSPECT_WRONG_USE;
	}
	wish->replay.options = &wish->options;
	wish->replay.files = argv;
	wish->replay.files_count = (size_t)argc;
	return inspect_replay(&wish->replay);
}

// ---- the program

static const struct subcommand {
	const char *name;
	const struct option *options;
	int (*run)(struct wish *wish, int argc, char **argv); // with the operands alone
} subcommands[] = {
	{"geometry", geometry_options, geometry},
	{"replay", replay_options, replay},
	{0},
};

static const struct subcommand *subcommand_find(const char *name)
{
	for (const struct subcommand *known = subcommands; known->name; known++)
		if (name && strcmp(known->name, name) == 0)
			return known;
	return NULL;
}

static bool wish_start(struct wish *wish, const char *command)
{
	*wish = (struct wish){
		.command = command, .replay = {.has_statistics = true, .timeout_s = TIMEOUT_S}};
	if (slab_options_default(&wish->options))
		return false;
	wish->options.slab_nomerge = true; // each cache is its own, unless a trace says otherwise
	if (!wish->options.cache_line)
		wish->options.cache_line = REFERENCE_CACHE_LINE;
	if (!wish->options.topology)
		wish->options.topology = REFERENCE_TOPOLOGY;
	return true;
}

static int output_close(const char *command, int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	fprintf(stderr, "slabmark %s: cannot write the results: %s\n", command, strerror(errno));
	return INSPECT_NOT_DONE;
}

int main(int argc, char **argv)
{
	const struct subcommand *subcommand = subcommand_find(argc > 1 ? argv[1] : NULL);
	struct wish wish;
	int status;

	if (!subcommand) {
		bool is_help = argc > 1 && strcmp(argv[1], "--help") == 0;

		fputs(usage, is_help ? stdout : stderr);
		return is_help ? INSPECT_GOOD : INSPECT_WRONG_USE;
	}
	if (!wish_start(&wish, subcommand->name))
		return INSPECT_WRONG_USE;
	status = parse(argc - 1, argv + 1, subcommand->options, &wish);
	if (status == INSPECT_GOOD)
		status = subcommand->run(&wish, argc - 1 - optind, argv + 1 + optind);
	return output_close(subcommand->name, status < 0 ? INSPECT_GOOD : status);
}
