// SPDX-License-Identifier: GPL-2.0-or-later
// Draws how far a run is and how long it will take. Entries: progress_step_begin(),
// progress_step_end(). Its callers tell it the time.
#include "progress.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { WIDTH_DEFAULT = 80, LINE_SIZE = 512 };

// A log gets a line at least every half minute, though the running process may be late with a tick.
static const double LOG_PAUSE_S = 25;

static int terminal_width(int fd)
{
	struct winsize size;

	if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return WIDTH_DEFAULT;
}

void progress_start(struct progress *progress, FILE *stream, size_t total, int rounds)
{
	const char *kind = getenv("TERM");
	int fd = fileno(stream);

	*progress = (struct progress){
		.stream = stream,
		.is_terminal = fd >= 0 && isatty(fd) && !(kind && strcmp(kind, "dumb") == 0),
		.width = fd >= 0 ? terminal_width(fd) : WIDTH_DEFAULT,
		.rounds = rounds,
		.total = total,
	};
}

double progress_left_s(const struct progress *progress, double now_s)
{
	if (progress->done == 0)
		return -1;
	double mean_s = progress->done_s / (double)progress->done;
	double left_s = mean_s * (double)(progress->total - progress->done);
	double running_s = progress->is_running ? now_s - progress->running_since_s : 0;
	// The running process counts as far as it has come, but never as more than a usual one.
	left_s -= running_s < mean_s ? running_s : mean_s;
	return left_s > 0 ? left_s : 0;
}

char *duration_text(char *text, size_t size, double seconds)
{
	long whole = (long)(seconds + 0.5);

	if (whole < 60)
		snprintf(text, size, "%ld s", whole);
	else if (whole < 3600)
		snprintf(text, size, "%ld min %02ld s", whole / 60, whole % 60);
	else
		snprintf(text, size, "%ld h %02ld min", whole / 3600, whole / 60 % 60);
	return text;
}

// The line's text: the counts first, as a narrow terminal cuts the end.
static void line_text(const struct progress *progress, double now_s, char *line, size_t size)
{
	char left[48] = "time left unknown";
	char duration[32];
	double left_s = progress_left_s(progress, now_s);

	if (left_s >= 0)
		snprintf(left, sizeof(left), "%s left",
			duration_text(duration, sizeof(duration), left_s));
	if (progress->is_ending)
		snprintf(left, sizeof(left), "ending after this one; Ctrl-C again: now");
	int used = snprintf(
		line, size, "%zu of %zu processes, %s", progress->done, progress->total, left);
	if (progress->failed > 0)
		used += snprintf(
			line + used, size - (size_t)used, ", %zu failed", progress->failed);
	if (progress->is_running)
		snprintf(line + used, size - (size_t)used, ", round %d/%d: %s %s",
			progress->running.round + 1, progress->rounds, progress->running.workload,
			progress->running.side);
}

// What is said first in a log is said by the callers, so the first pause begins with the first step.
static void log_draw(struct progress *progress, double now_s)
{
	char line[LINE_SIZE];

	if (!progress->is_logging)
		progress->logged_s = now_s;
	progress->is_logging = true;
	if (now_s - progress->logged_s < LOG_PAUSE_S)
		return;
	progress->logged_s = now_s;
	line_text(progress, now_s, line, sizeof(line));
	fprintf(progress->stream, "%s\n", line);
	fflush(progress->stream);
}

static void terminal_draw(struct progress *progress, double now_s)
{
	char line[LINE_SIZE];

	if (progress->stream == stderr)
		progress->width = terminal_width(STDERR_FILENO); // the window may have been resized
	line_text(progress, now_s, line, sizeof(line));
	// One column stays free: a full line would wrap. \033[K clears what a longer line left
	// behind.
	fprintf(progress->stream, "\r%.*s\033[K", progress->width > 1 ? progress->width - 1 : 1,
		line);
	fflush(progress->stream);
	progress->is_line_open = true;
}

void progress_draw(struct progress *progress, double now_s)
{
	if (progress->is_terminal)
		terminal_draw(progress, now_s);
	else
		log_draw(progress, now_s);
}

void progress_clear(struct progress *progress)
{
	if (progress->is_line_open)
		fputs("\r\033[K", progress->stream);
	progress->is_line_open = false;
	fflush(progress->stream);
}

void progress_step_begin(struct progress *progress, struct progress_step step, double now_s)
{
	progress->is_running = true;
	progress->running = step;
	progress->running_since_s = now_s;
	progress_draw(progress, now_s);
}

void progress_step_end(struct progress *progress, double now_s, bool is_good)
{
	progress->done++;
	progress->failed += !is_good;
	progress->done_s += now_s - progress->running_since_s;
	progress->is_running = false;
	progress_draw(progress, now_s);
}

void progress_say(struct progress *progress, const char *format, ...)
{
	va_list arguments;

	progress_clear(progress);
	va_start(arguments, format);
	vfprintf(progress->stream, format, arguments);
	va_end(arguments);
	fputc('\n', progress->stream);
	fflush(progress->stream);
}
