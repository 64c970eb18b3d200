// SPDX-License-Identifier: GPL-2.0-or-later
// New lines for a trace, drawn by chance. For the mutator.
#ifndef SLAB_FUZZ_TRACE_LINES_H
#define SLAB_FUZZ_TRACE_LINES_H

#include <stdbool.h>

#define LINE_BYTES      400
#define LABELS_MAX      64
#define SCENE_LINES_MAX 80

// A number below the bound, 0 for 0; the same ones after the same seed.
void draw_seed(unsigned seed);
unsigned draw(unsigned below);

// A size, often one beside which something changes.
unsigned pick_size(void);

// Labels that lines of a trace gave.
struct labels_seen {
	char text[LABELS_MAX][20];
	unsigned count;
};

// Takes a label up; in the place of another where there are many.
void see_label(struct labels_seen *seen, const char *label);

// The label that an allocating line gives; false for others.
bool read_given_label(const char *line, char label[20]);

// One line, without its newline.
void make_line(
	char line[LINE_BYTES], const struct labels_seen *caches, const struct labels_seen *objects);

// A scene, which has a cache of its own. Returns how many lines it has.
unsigned make_scene(char lines[SCENE_LINES_MAX][LINE_BYTES]);

#endif
