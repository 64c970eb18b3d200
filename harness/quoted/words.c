// SPDX-License-Identifier: GPL-2.0-or-later
// Parts a quoted command line into words. Entry: words_part().
#include "words.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct parting {
	const char *at;
	char *to;
	int depth; // brackets that are open
};

static bool ends_word(char character)
{
	return character == '\0' || isspace((unsigned char)character);
}

// Copies what is between two quotes.
static void quotes_take(struct parting *parting, char mark)
{
	for (parting->at++; *parting->at && *parting->at != mark; parting->at++)
		*parting->to++ = *parting->at;
	parting->at += *parting->at == mark;
}

// A bracket says "may be left out" where a word begins or while one is open.
static bool bracket_take(struct parting *parting, bool is_first)
{
	bool opens = *parting->at == '[' && (is_first || parting->depth > 0);
	bool closes = *parting->at == ']' && parting->depth > 0;

	parting->depth += opens - closes;
	parting->at += opens || closes;
	return opens || closes;
}

// Takes one word; *ends_command: a ';' hung on it.
static char *word_take(struct parting *parting, bool *ends_command)
{
	char *word = parting->to;

	*ends_command = false;
	while (!ends_word(*parting->at)) {
		if (bracket_take(parting, parting->to == word))
			continue;
		if (parting->depth > 0 && strncmp(parting->at, "|--", 3) == 0) {
			parting->at++;
			break;
		}
		if (*parting->at == '\'' || *parting->at == '"')
			quotes_take(parting, *parting->at);
		else
			*parting->to++ = *parting->at++;
	}
	if (parting->to > word + 1 && parting->to[-1] == ';') {
		parting->to--;
		*ends_command = true;
	}
	*parting->to++ = '\0';
	return word;
}

static bool is_redirection(const char *word)
{
	word += isdigit((unsigned char)*word) != 0;
	return *word == '>' || *word == '<';
}

static void word_add(struct words *words, char *word)
{
	if (words->count < WORDS_MAX)
		words->items[words->count++] = word;
}

static void blanks_skip(struct parting *parting)
{
	while (isspace((unsigned char)*parting->at))
		parting->at++;
}

// Reads one word, and adds it unless it is a redirection or a bar between brackets.
static void word_read(struct words *words, struct parting *parting)
{
	static char semicolon[] = ";";
	bool is_quoted = *parting->at == '\'' || *parting->at == '"';
	bool ends_command;
	char *word = word_take(parting, &ends_command);

	if (!is_quoted && is_redirection(word)) {
		blanks_skip(parting);
		if (strchr("<>", word[strlen(word) - 1])) // its file stands apart
			word_take(parting, &ends_command);
	} else if ((*word || is_quoted) && !(parting->depth > 0 && strcmp(word, "|") == 0)) {
		word_add(words, word);
	}
	if (ends_command)
		word_add(words, semicolon);
}

void words_part(struct words *words, const char *line)
{
	struct parting parting = {.at = line};

	*words = (struct words){.text = malloc(2 * strlen(line) + 1)};
	parting.to = words->text;
	if (!parting.to)
		abort();
	blanks_skip(&parting);
	// "#" begins a comment of the shell, "(" one of a reader.
	while (*parting.at != '\0' && *parting.at != '#' && *parting.at != '(') {
		word_read(words, &parting);
		blanks_skip(&parting);
	}
}

void words_free(struct words *words)
{
	free(words->text);
}

bool word_is_operator(const char *word)
{
	static const char *const operators[] = {"&&", "||", "|", ";", "&"};

	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++)
		if (strcmp(word, operators[i]) == 0)
			return true;
	return false;
}

bool word_is_placeholder(const char *word)
{
	bool has_upper = false;
	bool has_lower = false;

	if (strpbrk(word, "%<") || strstr(word, "…") || strstr(word, "..."))
		return true;
	for (; *word; word++) {
		has_upper |= isupper((unsigned char)*word) != 0;
		has_lower |= islower((unsigned char)*word) != 0;
	}
	return has_upper && !has_lower;
}
