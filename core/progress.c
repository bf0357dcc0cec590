// SPDX-License-Identifier: GPL-2.0-or-later
/* One line of progress: what is done, how far it is, and when it will be over. */
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/plain.h"
#include "core/base/text.h"
#include "core/options.h"
#include "core/progress.h"
#include "core/status.h"

/* Narrow enough for any terminal: a line that wraps could not be erased. */
#define WIDTH 78
#define MINUTE_S 60
#define SOON_S 2 /* what takes no longer needs no words about the time */

static struct {
	FILE *out; /* NULL: no step */
	bool terminal;
	bool shown; /* the terminal's line is not empty */
	bool ticks; /* the text says where the step is */
	char text[256];
	double began; /* the step */
	double first; /* the first tick of it */
	double drawn; /* when the terminal's line was written, or the log's last one */
	double expected; /* seconds; -1: not known */
	char *folder; /* where something arrives, or NULL */
	unsigned long long size; /* of all that will be in it, 0: not known */
	double sized; /* when that was said: it begins to arrive */
} line;

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Seconds between the lines of a log. */
static double interval(void)
{
	const char *set = getenv("MIGBENCH_PROGRESS");
	unsigned long seconds;

	return set && mb_number(set, 1, 86400, &seconds) ? (double)seconds : MINUTE_S;
}

static void erase(void)
{
	if (line.shown)
		fprintf(line.out, "\r%-*s\r", WIDTH, "");
	if (line.shown)
		fflush(line.out);
	line.shown = false;
}

struct mb_progress mb_progress(FILE *out, enum mb_progress_how how)
{
	mb_before_line = erase;
	/* A log's first minute begins with the command. */
	if (!line.drawn)
		line.drawn = now();
	return (struct mb_progress){ .out = out, .how = how };
}

/* "1:05", or "2:01:05". */
static char *duration(double seconds)
{
	long all = (long)(seconds > 0 ? seconds : 0);

	return all < 3600 ? mb_format("%ld:%02ld", all / 60, all % 60)
			  : mb_format("%ld:%02ld:%02ld", all / 3600, all / 60 % 60, all % 60);
}

/* "12 of 130 MB, 0:10 left" */
static char *arrived(double passed)
{
	unsigned long long have = mb_tree_size(line.folder) >> 20, all = line.size >> 20;
	char *time, *text;

	if (!line.size) {
		time = duration(passed);
		text = mb_format(", %llu MB in %s", have, time);
	} else {
		have = have < all ? have : all;
		passed = now() - line.sized;
		time = duration(have ? passed * (double)(all - have) / (double)have : passed);
		text = mb_format(", %llu of %llu MB, %s %s", have, all, time,
				 have ? "left" : "so far");
	}
	free(time);
	return text;
}

static char *so_far(void)
{
	double passed = now() - line.began;
	char *time, *text;

	if (line.ticks || passed < SOON_S)
		return mb_strdup("");
	if (line.folder)
		return arrived(passed);
	if (line.expected > passed) {
		time = duration(line.expected - passed);
		text = mb_format(", %s left", time);
	} else {
		time = duration(passed);
		text = mb_format(", %s so far", time);
	}
	free(time);
	return text;
}

/* Write the line: at once on a terminal, and into a log if it is @due or a minute has passed. */
static void show(bool due)
{
	char *time, *text;

	if (!line.terminal && !due && now() - line.drawn < interval())
		return;
	time = so_far();
	text = mb_format("%s%s", line.text, time);
	mb_plain(text);
	if (line.terminal)
		fprintf(line.out, "\r%-*s\r%.*s", WIDTH, "", WIDTH, text);
	else
		fprintf(line.out, "%s\n", text);
	fflush(line.out);
	line.shown = line.terminal;
	line.drawn = now();
	free(text);
	free(time);
}

static void begin(struct mb_progress *progress)
{
	if (line.shown && line.out != progress->out)
		erase();
	line.out = progress->out;
	line.terminal = isatty(fileno(progress->out));
}

static void end(void)
{
	free(line.folder);
	line.folder = NULL;
	line.size = 0;
	line.expected = -1;
	line.first = 0;
	line.ticks = false;
	line.began = now();
}

void mb_step(struct mb_progress *progress, const char *fmt, ...)
{
	va_list ap;

	if (progress->how == MB_PROGRESS_NONE)
		return;
	begin(progress);
	end();
	va_start(ap, fmt);
	vsnprintf(line.text, sizeof(line.text), fmt, ap);
	va_end(ap);
	show(progress->how == MB_PROGRESS_STEPS);
}

void mb_progress_expect(double seconds)
{
	line.expected = seconds;
}

void mb_progress_watch(const char *folder)
{
	free(line.folder);
	line.folder = mb_strdup(folder);
}

void mb_progress_size(unsigned long long bytes)
{
	line.size = bytes;
	line.sized = now();
}

void mb_tick(struct mb_progress *progress, double done, double all, const char *fmt, ...)
{
	size_t length;
	va_list ap;

	if (progress->how == MB_PROGRESS_NONE)
		return;
	begin(progress);
	if (!line.first)
		line.first = now();
	line.ticks = true;
	va_start(ap, fmt);
	vsnprintf(line.text, sizeof(line.text), fmt, ap);
	va_end(ap);
	length = strlen(line.text);
	if (done > 0 && all > done && now() - line.first >= SOON_S) {
		char *left = duration((now() - line.first) * (all - done) / done);

		snprintf(line.text + length, sizeof(line.text) - length, ", %s left", left);
		free(left);
	}
	show(false);
}

void mb_progress_wait(void)
{
	if (line.out && (!line.terminal || now() - line.drawn >= 1))
		show(false);
}

void mb_progress_clear(struct mb_progress *progress)
{
	(void)progress;
	erase();
	end();
	line.out = NULL;
}
