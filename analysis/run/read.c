// SPDX-License-Identifier: GPL-2.0-or-later
/* Run files line by line, and several at once. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "analysis/base/text.h"
#include "analysis/run/parse.h"
#include "analysis/run/read.h"
#include "core/status.h"

/* A longer line is no block of samples but some other file. */
#define MAX_LINE ((size_t)256 << 20)

struct line {
	char *text;
	size_t length, capacity;
	bool complete; /* ended by a newline */
};

enum { GOT_LINE, GOT_END, GOT_TOO_LONG };

/* A file read in large pieces. */
struct source {
	FILE *in;
	size_t at, filled;
	char piece[1 << 16];
};

static void append(struct line *line, const char *text, size_t length)
{
	/* One more for the NUL that the scanner wants. */
	line->text = mb_grow(line->text, &line->capacity, line->length + length, 1);
	memcpy(line->text + line->length, text, length);
	line->length += length;
	line->text[line->length] = '\0';
}

/* Read the next line into @line, without its newline; it may hold any byte. */
static int read_line(struct source *source, struct line *line)
{
	line->length = 0;
	line->complete = false;
	for (;;) {
		const char *rest = source->piece + source->at, *newline;
		size_t left = source->filled - source->at;

		newline = memchr(rest, '\n', left);
		append(line, rest, newline ? (size_t)(newline - rest) : left);
		if (line->length > MAX_LINE)
			return GOT_TOO_LONG;
		if (newline) {
			line->complete = true;
			source->at += (size_t)(newline - rest) + 1;
			return GOT_LINE;
		}
		source->at = 0;
		source->filled = fread(source->piece, 1, sizeof(source->piece), source->in);
		if (!source->filled)
			return line->length ? GOT_LINE : GOT_END;
	}
}

static bool blank(const struct line *line)
{
	for (size_t i = 0; i < line->length; i++)
		if (!strchr(" \t\r", line->text[i]) || !line->text[i])
			return false;
	return true;
}

/* The length of the control character that a JSON text says at @at, by an escape or by itself; 0: none. */
static size_t control_at(const char *at)
{
	const unsigned char *byte = (const unsigned char *)at;

	if (*at == 0x7f)
		return 1;
	/* The second set (U+0080 to U+009F), which terminals obey as well. */
	if (byte[0] == 0xc2 && byte[1] >= 0x80 && byte[1] < 0xa0)
		return 2;
	if (*at != '\\')
		return 0;
	if (at[1] && strchr("bfnrt", at[1]))
		return 2;
	if (strncmp(at + 1, "u00", 3) || !isxdigit(byte[4]) || !isxdigit(byte[5]))
		return 0;
	if (at[4] < '2' || (at[4] == '7' && strchr("fF", at[5])))
		return 6;
	return at[4] == '8' || at[4] == '9' ? 6 : 0;
}

/*
 * A '?' for each control character of a line. What is read here is printed on terminals and written
 * into reports by many hands, and none of what a run says needs one.
 */
static void disarm(struct an_values *line)
{
	size_t to = 0, length;

	for (size_t from = 0; from < line->length; from += length) {
		length = control_at(line->text + from);
		if (length) {
			line->text[to++] = '?';
			continue;
		}
		/* What is escaped otherwise stays, and what it hides is not looked at. */
		length = line->text[from] == '\\' && from + 1 < line->length ? 2 : 1;
		memmove(line->text + to, line->text + from, length);
		to += length;
	}
	line->length = to;
	line->text[to] = '\0';
}

static int take_line(struct an_parser *parser, const struct line *line)
{
	json_error_t error;
	json_t *record;
	int status;

	if (blank(line))
		return MB_OK;
	an_values_take(&parser->values, line->text, line->length);
	disarm(&parser->values);
	record = json_loadb(parser->values.text, parser->values.length, JSON_REJECT_DUPLICATES,
			    &error);
	if (!json_is_object(record)) {
		json_decref(record);
		if (!parser->started)
			return an_parse_error(parser, "not a run file: the line is no JSON object");
		if (!line->complete) {
			parser->cut = true;
			return MB_OK;
		}
		return an_parse_error(parser, "not a JSON object%s%s", record ? "" : ": ",
				      record ? "" : error.text);
	}
	status = an_parse_record(parser, record);
	json_decref(record);
	return status;
}

static int read_lines(FILE *in, struct an_parser *parser)
{
	struct source *source = mb_alloc(1, sizeof(*source));
	struct line line = { 0 };
	int got, status = MB_OK;

	source->in = in;
	while (!status && (got = read_line(source, &line)) != GOT_END) {
		parser->line++;
		if (got == GOT_TOO_LONG)
			status = an_parse_error(parser, "longer than %zu MiB; not a run file",
						MAX_LINE >> 20);
		else
			status = take_line(parser, &line);
	}
	free(line.text);
	free(source);
	if (!status && ferror(in))
		status = mb_fail(MB_REQUEST, "%s: cannot read: %s", parser->path, strerror(errno));
	return status;
}

static int check_whole(const struct an_parser *parser)
{
	const struct an_run *run = parser->run;

	if (!parser->line)
		return mb_fail(MB_REQUEST, "%s: the file is empty", parser->path);
	if (!parser->started)
		return mb_fail(MB_REQUEST, "%s: not a run file: no run record", parser->path);
	if (!run->samples)
		return mb_fail(MB_REQUEST, "%s: no usable block: nothing was measured",
			       parser->path);
	if (parser->cut)
		mb_note("%s:%zu: the run was cut short, this line is left out; what is above is "
			"used",
			parser->path, parser->line);
	else if (!run->ended)
		mb_note("%s: no end record: the run was cut short; what is there is used",
			parser->path);
	return MB_OK;
}

/*
 * A file may have a later boot of its run alone, or lack one that failed: here boots are numbered from 0, without a
 * gap. A skip of a boot that has no block is counted with what follows.
 */
static void number_boots(struct an_run *run, const bool *seen)
{
	unsigned int *at = mb_alloc(run->boots + 1, sizeof(*at));

	for (unsigned int boot = 0; boot < run->boots; boot++)
		at[boot + 1] = at[boot] + seen[boot];
	for (size_t i = 0; i < run->point_count; i++) {
		struct an_point *point = &run->points[i];

		for (size_t m = 0; m < point->metric_count; m++)
			for (size_t c = 0; c < point->metrics[m].count; c++)
				point->metrics[m].columns[c].boot =
					at[point->metrics[m].columns[c].boot];
		for (size_t s = 0; s < point->skip_count; s++)
			point->skips[s].boot =
				at[point->skips[s].boot < run->boots ? point->skips[s].boot
								     : run->boots];
	}
	run->boots = at[run->boots];
	free(at);
}

int an_run_read(const char *path, struct an_run **run)
{
	struct an_parser parser = { .path = path };
	FILE *in = fopen(path, "re");
	struct stat st;
	int status;

	*run = NULL;
	if (!in)
		return mb_fail(MB_REQUEST, "%s: cannot open: %s", path, strerror(errno));
	if (!fstat(fileno(in), &st) && S_ISDIR(st.st_mode)) {
		fclose(in);
		return mb_fail(MB_REQUEST, "%s: is a folder; give the run files in it", path);
	}
	parser.run = an_run_new();
	an_run_add_file(parser.run, path);
	parser.run->path = mb_strdup(path);
	status = read_lines(in, &parser);
	fclose(in);
	free(parser.index);
	an_values_free(&parser.values);
	if (!status)
		status = check_whole(&parser);
	if (status) {
		an_run_free(parser.run);
		return status;
	}
	number_boots(parser.run, parser.seen);
	*run = parser.run;
	return MB_OK;
}

/* A boot counted twice would agree with itself. */
static int given_before(char *const *paths, size_t at)
{
	struct stat mine, other;

	if (stat(paths[at], &mine) || !S_ISREG(mine.st_mode))
		return MB_OK;
	for (size_t i = 0; i < at; i++)
		if (!stat(paths[i], &other) && other.st_dev == mine.st_dev &&
		    other.st_ino == mine.st_ino)
			return mb_fail(MB_REQUEST, "%s: this file is given twice", paths[at]);
	return MB_OK;
}

int an_runs_read(char *const *paths, size_t count, bool join, struct an_run ***runs,
		 size_t *run_count)
{
	*run_count = 0;
	*runs = mb_alloc(count, sizeof(**runs));
	for (size_t i = 0; i < count; i++) {
		struct an_run *run;
		bool joined = false;
		int status = given_before(paths, i);

		if (!status)
			status = an_run_read(paths[i], &run);
		for (size_t j = 0; j < *run_count && !status; j++)
			if (an_run_same((*runs)[j], run)) {
				status = mb_fail(MB_REQUEST,
						 "%s: this run was given already, as "
						 "another file",
						 paths[i]);
				an_run_free(run);
			}
		if (status) {
			an_runs_free(*runs, *run_count);
			*runs = NULL;
			*run_count = 0;
			return status;
		}
		for (size_t j = 0; j < *run_count && join && !joined; j++)
			joined = an_run_join((*runs)[j], run);
		if (joined)
			an_run_free(run);
		else
			(*runs)[(*run_count)++] = run;
	}
	return MB_OK;
}

void an_runs_free(struct an_run **runs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		an_run_free(runs[i]);
	free(runs);
}
