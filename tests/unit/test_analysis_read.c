// SPDX-License-Identifier: GPL-2.0-or-later
/* The run-file reader on good, damaged and hostile files. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "analysis/run/read.h"
#include "core/status.h"

#define RUN                                                                                        \
	"{\"type\":\"run\",\"format\":1,\"clock\":\"insns\",\"label\":\"L\",\"seed\":7,"           \
	"\"env\":{\"kernel\":\"6.1.0\",\"emulated\":true},\"config\":{},\"new\":[]}\n"
#define POINT                                                                                      \
	"{\"type\":\"point\",\"id\":3,\"benchmark\":\"migrate\",\"params\":{\"page\":\"4k\","      \
	"\"batch\":4,\"direction\":\"to-device\"}}\n"
#define BLOCK_OF(boot, values)                                                                     \
	"{\"type\":\"block\",\"point\":3,\"boot\":" #boot ",\"round\":1,\"pages\":4,"              \
	"\"requested\":4,\"collected\":4,\"migrated\":4,\"invalid\":1,\"stopped\":\"time\","       \
	"\"counters\":{\"tlb\":5},\"metrics\":{\"total\":{\"unit\":\"insns\",\"values\":" values   \
	"}}}\n"
#define END "{\"type\":\"end\",\"blocks\":1,\"finished\":\"F\"}\n"
#define GOOD RUN POINT BLOCK_OF(0, "[10,20.5]") END

static char folder[] = "/tmp/migbench-test-XXXXXX";
static char file[64], errors[64];
static int saved_stderr;

/* Send stderr to the file of errors, or back. */
static void catch_errors(bool on)
{
	int fd = on ? open(errors, O_WRONLY | O_CREAT | O_TRUNC, 0600) : dup(saved_stderr);

	fflush(stderr);
	dup2(fd, 2);
	close(fd);
}

static struct an_run *read_path(const char *path, int *status)
{
	struct an_run *run;

	catch_errors(true);
	*status = an_run_read(path, &run);
	catch_errors(false);
	return run;
}

/* Write @length bytes and read them as a run; what stderr got is in said(). */
static struct an_run *read_bytes(const char *text, size_t length, int *status)
{
	FILE *out = fopen(file, "w");
	struct an_run *run;

	assert_non_null(out);
	assert_int_equal(fwrite(text, 1, length, out), length);
	fclose(out);
	run = read_path(file, status);
	return run;
}

static struct an_run *read_text(const char *text, int *status)
{
	return read_bytes(text, strlen(text), status);
}

/* What the last read wrote on stderr: lines in *@lines. */
static const char *said(int *lines)
{
	static char text[4096];
	FILE *in = fopen(errors, "r");
	size_t got;

	assert_non_null(in);
	got = fread(text, 1, sizeof(text) - 1, in);
	text[got] = '\0';
	fclose(in);
	*lines = 0;
	for (char *p = text; *p; p++)
		*lines += *p == '\n';
	return text;
}

/* @text must be refused with one line that names the file and holds @word. */
static void refused(const char *text, const char *word)
{
	const char *line;
	int status, lines;
	struct an_run *run = read_text(text, &status);

	line = said(&lines);
	if (status != MB_REQUEST || lines != 1 || !strstr(line, word) || !strstr(line, file))
		fail_msg("status %d, %d lines for '%s': %s", status, lines, word, line);
	assert_null(run);
}

static void good_file(void **state)
{
	const struct an_point *point;
	const struct an_metric *total;
	int status, lines;
	struct an_run *run = read_text(GOOD, &status);

	(void)state;
	assert_int_equal(status, MB_OK);
	said(&lines);
	assert_int_equal(lines, 0);
	assert_true(run->insns && run->emulated && run->ended && run->valid && run->has_seed);
	assert_string_equal(run->kernel, "6.1.0");
	assert_int_equal(run->seed, 7);
	assert_int_equal(run->boots, 1);
	assert_int_equal(run->samples, 2);
	point = an_run_point(run, "migrate/batch=4,direction=to-device,page=4k");
	assert_non_null(point);
	assert_int_equal(point->pages, 4);
	assert_float_equal(point->requested, 8, 0);
	assert_float_equal(point->invalid, 1, 0);
	assert_int_equal(point->stopped[AN_STOP_TIME], 1);
	assert_int_equal(point->stopped[AN_STOP_TARGET], 0);
	assert_string_equal(point->counters[0].name, "tlb");
	total = an_point_metric(point, "total");
	assert_non_null(total);
	assert_int_equal(total->count, 1);
	assert_float_equal(total->columns[0].values[0], 10, 0);
	assert_float_equal(total->columns[0].values[1], 20.5, 0);
	an_run_free(run);
}

static void boots_repeat_their_points(void **state)
{
	const struct an_metric *total;
	int status;
	struct an_run *run = read_text(RUN POINT BLOCK_OF(1, "[3]") POINT BLOCK_OF(0, "[1,2]")
					       BLOCK_OF(1, "[4]") END,
				       &status);

	(void)state;
	assert_int_equal(status, MB_OK);
	assert_int_equal(run->point_count, 1);
	assert_int_equal(run->boots, 2);
	total = an_point_metric(&run->points[0], "total");
	assert_int_equal(total->count, 2);
	assert_int_equal(total->columns[0].boot, 0);
	assert_int_equal(total->columns[0].count, 2);
	assert_int_equal(total->columns[1].boot, 1);
	assert_float_equal(total->columns[1].values[1], 4, 0);
	an_run_free(run);
}

static void unknown_things_are_ignored(void **state)
{
	int status, lines;
	struct an_run *run = read_text(
		RUN "{\"type\":\"novelty\",\"x\":{}}\n\n" POINT
		    "{\"type\":\"skip\",\"point\":3,\"why\":\"w\"}\n" BLOCK_OF(0, "[1]") END,
		&status);

	(void)state;
	assert_int_equal(status, MB_OK);
	said(&lines);
	assert_int_equal(lines, 0);
	assert_int_equal(run->points[0].skip_count, 1);
	assert_string_equal(run->points[0].skips[0].why, "w");
	an_run_free(run);
}

static void cut_short(void **state)
{
	/* Every length of a good file: never a crash, never half a line believed. */
	size_t start = strlen(RUN POINT BLOCK_OF(0, "[10,20.5]"));
	int status, lines;
	struct an_run *run;

	(void)state;
	for (size_t length = 0; length < strlen(GOOD); length++) {
		run = read_bytes(GOOD, length, &status);
		/* The block counts from its closing brace on, newline or not. */
		assert_int_equal(status, length >= start - 1 ? MB_OK : MB_REQUEST);
		if (run) {
			assert_int_equal(run->samples, 2);
			assert_true(run->ended == (length == strlen(GOOD) - 1));
		}
		an_run_free(run);
	}
	run = read_bytes(GOOD, strlen(GOOD) - 5, &status);
	assert_non_null(strstr(said(&lines), "this line is left out"));
	assert_int_equal(lines, 1); /* and none on the missing end record */
	an_run_free(run);
}

static void no_end_is_a_note(void **state)
{
	int status, lines;
	struct an_run *run = read_text(RUN POINT BLOCK_OF(0, "[1]"), &status);

	(void)state;
	assert_int_equal(status, MB_OK);
	assert_non_null(strstr(said(&lines), "no end record"));
	assert_int_equal(lines, 1);
	assert_false(run->ended);
	an_run_free(run);
}

static void invalid_run_is_remembered(void **state)
{
	int status;
	struct an_run *run = read_text(RUN POINT BLOCK_OF(0, "[1]") "{\"type\":\"end\",\"valid\":"
								    "false,\"why\":\"differs\"}\n",
				       &status);

	(void)state;
	assert_int_equal(status, MB_OK);
	assert_false(run->valid);
	assert_string_equal(run->why_invalid, "differs");
	an_run_free(run);
}

static void unreadable_files(void **state)
{
	char binary[512], missing[64];
	struct an_run *run;
	int status;

	(void)state;
	refused("", "empty");
	refused("hello\n", ":1: not a run file");
	refused("{\"type\":\"point\"}\n", ":1: not a run file");
	refused("[1]\n", ":1: not a run file");
	refused(RUN, "no usable block");
	refused(RUN POINT BLOCK_OF(0, "[]") END, "no usable block");
	for (size_t i = 0; i < sizeof(binary); i++)
		binary[i] = (char)(i * 7 + i / 3);
	run = read_bytes(binary, sizeof(binary), &status);
	assert_null(run);
	assert_int_equal(status, MB_REQUEST);
	assert_null(read_path(folder, &status));
	assert_int_equal(status, MB_REQUEST);
	snprintf(missing, sizeof(missing), "%s/none", folder);
	assert_null(read_path(missing, &status));
	assert_int_equal(status, MB_REQUEST);
}

static void malformed_lines(void **state)
{
	(void)state;
	refused(RUN "{\"type\":\n" POINT BLOCK_OF(0, "[1]") END, ":2:");
	refused(RUN POINT "{\"x\":1}\n" BLOCK_OF(0, "[1]"), ":3:");
	refused(RUN RUN POINT BLOCK_OF(0, "[1]"), ":2: a second run record");
	refused("{\"type\":\"run\",\"format\":2,\"clock\":\"time\"}\n", "format");
	refused("{\"type\":\"run\",\"format\":1,\"clock\":\"sun\"}\n", "clock");
	refused(RUN BLOCK_OF(0, "[1]"), ":2: point 3 is not defined");
	refused(RUN POINT "{\"type\":\"point\",\"id\":3,\"benchmark\":\"copy\",\"params\":{}}\n",
		":3: point 3 is copy");
	refused(RUN "{\"type\":\"point\",\"id\":1e3,\"benchmark\":\"b\",\"params\":{}}\n",
		"\"id\"");
	refused(RUN "{\"type\":\"point\",\"id\":99999999999,\"benchmark\":\"b\",\"params\":{}}\n",
		"\"id\"");
	refused(RUN "{\"type\":\"point\",\"id\":-1,\"benchmark\":\"b\",\"params\":{}}\n", "\"id\"");
	refused(RUN "{\"type\":\"point\",\"id\":1,\"benchmark\":\"b\",\"params\":{\"x\":[]}}\n",
		"x");
	refused(RUN POINT BLOCK_OF(0, "[1,\"2\"]"), ":3: metric \"total\": value 2");
	refused(RUN POINT BLOCK_OF(0, "[1,null]"), "value 2");
	refused(RUN POINT BLOCK_OF(0, "[-1]"), "value 1");
	refused(RUN POINT BLOCK_OF(0, "[1e999]"), ":3:");
	refused(RUN POINT BLOCK_OF(0, "[NaN]"), ":3:");
	refused(RUN POINT BLOCK_OF(0, "{}"), "total");
	refused(RUN POINT BLOCK_OF(99999999, "[1]"), "\"boot\"");
	refused(RUN POINT "{\"type\":\"block\",\"point\":3,\"pages\":0,\"metrics\":{\"total\":"
			  "{\"unit\":\"insns\",\"values\":[1]}}}\n",
		"\"pages\"");
	refused(RUN POINT "{\"type\":\"block\",\"point\":3,\"pages\":4,\"metrics\":{\"total\":"
			  "{\"unit\":\"ns\",\"values\":[1]}}}\n",
		"clock");
	refused(RUN POINT "{\"type\":\"block\",\"point\":3,\"pages\":4,\"metrics\":{\"total\":"
			  "{\"unit\":\"insns\",\"values\":[1]},\"copy\":{\"unit\":\"insns\","
			  "\"values\":[1,2]}}}\n",
		"values");
	refused(RUN POINT "{\"type\":\"block\",\"point\":3,\"pages\":4,\"metrics\":{}}\n", "total");
	refused(RUN POINT BLOCK_OF(
			0, "[1]") "{\"type\":\"block\",\"point\":3,\"pages\":5,"
				  "\"metrics\":{\"total\":{\"unit\":\"insns\",\"values\":[1]}}}\n",
		":4: \"pages\"");
}

/* One byte changed anywhere: accepted or refused, with one line, and never worse. */
static void flipped_bytes(void **state)
{
	static const char with[] = { 0, '"', '{', '}', '9', '-', (char)0xff, '\n' };
	char text[sizeof(GOOD)];

	(void)state;
	for (size_t at = 0; at < strlen(GOOD); at++)
		for (size_t w = 0; w < sizeof(with); w++) {
			struct an_run *run;
			int status;

			memcpy(text, GOOD, sizeof(text));
			text[at] = with[w];
			run = read_bytes(text, strlen(GOOD), &status);
			assert_true(status == (run ? MB_OK : MB_REQUEST));
			an_run_free(run);
		}
}

static void write_file(const char *path, const char *text)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

/* A boot under the clock time, of a run with an id. */
#define TIMED(value)                                                                               \
	"{\"type\":\"run\",\"format\":1,\"clock\":\"time\",\"id\":\"x\"}\n" POINT                  \
	"{\"type\":\"block\",\"point\":3,\"pages\":4,\"metrics\":{\"total\":{\"unit\":\"ns\","     \
	"\"values\":[" value "]}}}\n"

static void files_join_as_boots(void **state)
{
	char other[64], third[64];
	char *paths[] = { file, other, third, file };
	struct an_run **runs;
	size_t count;

	(void)state;
	snprintf(other, sizeof(other), "%s/other", folder);
	snprintf(third, sizeof(third), "%s/third", folder);
	write_file(file, GOOD);
	write_file(other, TIMED("1") END);
	write_file(third, GOOD);
	assert_int_equal(an_runs_read(paths, 3, true, &runs, &count), MB_OK);
	assert_int_equal(count, 2); /* the clocks stay apart */
	assert_int_equal(runs[0]->boots, 2);
	assert_int_equal(runs[0]->samples, 4);
	assert_int_equal(runs[0]->file_count, 2);
	assert_int_equal(an_point_metric(&runs[0]->points[0], "total")->count, 2);
	assert_int_equal(runs[1]->boots, 1);
	an_runs_free(runs, count);

	catch_errors(true); /* the same file, and the same run under another name */
	assert_int_equal(an_runs_read(paths, 4, true, &runs, &count), MB_REQUEST);
	paths[0] = other;
	paths[1] = third;
	write_file(third, TIMED("1"));
	assert_int_equal(an_runs_read(paths, 2, true, &runs, &count), MB_REQUEST);
	write_file(third, TIMED("2") END);
	assert_int_equal(an_runs_read(paths, 2, true, &runs, &count), MB_OK);
	assert_int_equal(runs[0]->boots, 2); /* by what was measured */
	an_runs_free(runs, count);
	catch_errors(false);
	unlink(other);
	unlink(third);
}

static int make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(file, sizeof(file), "%s/run.jsonl", folder);
	snprintf(errors, sizeof(errors), "%s/errors", folder);
	saved_stderr = dup(2);
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	close(saved_stderr);
	unlink(file);
	unlink(errors);
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_file),
		cmocka_unit_test(boots_repeat_their_points),
		cmocka_unit_test(unknown_things_are_ignored),
		cmocka_unit_test(cut_short),
		cmocka_unit_test(no_end_is_a_note),
		cmocka_unit_test(invalid_run_is_remembered),
		cmocka_unit_test(unreadable_files),
		cmocka_unit_test(malformed_lines),
		cmocka_unit_test(flipped_bytes),
		cmocka_unit_test(files_join_as_boots),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
