// SPDX-License-Identifier: GPL-2.0-or-later
// Puts the data, the tables, the script and the style into HTML. Entries: pages_write_folder() and
// pages_write_file(). The frame is page/index.html, in which @WORDS@ stand for what is put in.
#include "pages.h"

#include <stdlib.h>
#include <string.h>

#include "assets.h"
#include "results/text/memory.h"
#include "results/text/output_file.h"

// Only files of the site's own folder; nothing inline.
#define POLICY_FOLDER                                                                              \
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "          \
	"base-uri 'none'; form-action 'none'"

struct frame {
	const struct site *site;
	const json_t *index;
	bool is_single;
	bool with_everything; // tables.html: tables alone, no script
};

static void print_asset(FILE *output, const char *begin, const char *end)
{
	(void)fwrite(begin, 1, (size_t)(end - begin), output);
}

// Only what has the very digest that the build knew runs.
static void print_policy(const struct frame *frame, FILE *output)
{
	if (!frame->is_single) {
		fputs(POLICY_FOLDER, output);
		return;
	}
	fputs("default-src 'none'; script-src 'sha256-", output);
	print_asset(output, asset_script_digest, asset_script_digest_end);
	fputs("'; style-src 'sha256-", output);
	print_asset(output, asset_style_digest, asset_style_digest_end);
	fputs("'; img-src data:; base-uri 'none'; form-action 'none'", output);
}

static void print_style(const struct frame *frame, FILE *output)
{
	if (!frame->is_single) {
		fputs("<link rel=\"stylesheet\" href=\"style.css\">", output);
		return;
	}
	fputs("<style>", output);
	print_asset(output, asset_style_css, asset_style_css_end);
	fputs("</style>", output);
}

// A chunk's JSON as an element that holds data and is no script.
static void print_data(const struct site_file *file, FILE *output)
{
	const char *begin = memchr(file->text, '(', file->length);
	const char *comma = begin ? memchr(begin, ',', file->length) : NULL;

	if (!comma)
		return;
	fputs("<script type=\"application/json\" data-chunk=", output);
	(void)fwrite(begin + 1, 1, (size_t)(comma - begin - 1), output); // a name in quotes
	fputc('>', output);
	(void)fwrite(comma + 1, 1, file->length - (size_t)(comma + 1 - file->text) - 3, output);
	fputs("</script>\n", output);
}

static void print_scripts(const struct frame *frame, FILE *output)
{
	const struct chunks *chunks = &frame->site->chunks;

	if (frame->with_everything)
		return;
	if (!frame->is_single) {
		fputs("<script src=\"slabmark.js\"></script>\n"
		      "<script src=\"data/index.js\"></script>",
			output);
		return;
	}
	for (size_t i = 0; i < chunks->count; i++)
		print_data(&chunks->files[i], output);
	fputs("<script>", output);
	print_asset(output, asset_slabmark_js, asset_slabmark_js_end);
	fputs("</script>", output);
}

static void print_tables(const struct frame *frame, FILE *output)
{
	tables_print(frame->site, frame->index, frame->with_everything, output);
}

static const struct {
	const char *word;
	void (*print)(const struct frame *frame, FILE *output);
} WORDS[] = {
	{"@POLICY@", print_policy},
	{"@STYLE@", print_style},
	{"@TABLES@", print_tables},
	{"@SCRIPTS@", print_scripts},
};
enum { WORDS_COUNT = sizeof(WORDS) / sizeof(WORDS[0]) };

// The word that stands first in the text, and where; WORDS_COUNT where none does.
static size_t word_next(const char *text, const char **at)
{
	size_t found = WORDS_COUNT;

	*at = NULL;
	for (size_t i = 0; i < WORDS_COUNT; i++) {
		const char *place = strstr(text, WORDS[i].word);

		if (place && (!*at || place < *at)) {
			*at = place;
			found = i;
		}
	}
	return found;
}

static void frame_print(const struct frame *frame, FILE *output)
{
	const char *text = asset_index_html; // ends with a zero
	const char *at;

	for (size_t word; (word = word_next(text, &at)) < WORDS_COUNT;) {
		(void)fwrite(text, 1, (size_t)(at - text), output);
		WORDS[word].print(frame, output);
		text = at + strlen(WORDS[word].word);
	}
	fputs(text, output);
}

static void page_add(struct chunks *chunks, const struct frame *frame, const char *name)
{
	char *text = NULL;
	size_t length = 0;
	FILE *output = open_memstream(&text, &length);

	if (output) {
		frame_print(frame, output);
		(void)fclose(output);
	}
	chunk_file_add(chunks, name, text, length);
}

static void asset_add(struct chunks *chunks, const char *name, const char *begin, const char *end)
{
	char *copy = malloc((size_t)(end - begin) + 1);

	if (copy)
		memcpy(copy, begin, (size_t)(end - begin));
	chunk_file_add(chunks, name, copy, (size_t)(end - begin));
}

bool pages_write_folder(struct site *site, const json_t *index)
{
	static const char MARKER[] = "Written by slabmark report, which may write here again.\n";
	const struct frame tables = {.site = site, .index = index, .with_everything = true};
	const struct frame first = {.site = site, .index = index};
	struct chunks *chunks = &site->chunks;

	asset_add(chunks, SITE_MARKER, MARKER, MARKER + sizeof(MARKER) - 1);
	asset_add(chunks, "style.css", asset_style_css, asset_style_css_end);
	asset_add(chunks, "slabmark.js", asset_slabmark_js, asset_slabmark_js_end);
	page_add(chunks, &tables, "tables.html");
	page_add(chunks, &first, "index.html");
	if (chunks->has_failed)
		return no_memory(site->problem, "the site's files");
	return site_folder_write(
		site->options->folder, chunks->files, chunks->count, site->problem);
}

bool pages_write_file(struct site *site, const json_t *index)
{
	const struct frame frame = {.site = site, .index = index, .is_single = true};
	struct output_file file;

	if (!output_file_begin(&file, site->options->single_file, site->problem))
		return false;
	frame_print(&frame, file.stream);
	return output_file_end(&file, output_file_written(&file, site->problem), site->problem);
}
