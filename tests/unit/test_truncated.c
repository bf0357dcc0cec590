// SPDX-License-Identifier: GPL-2.0-or-later
/* A run file cut anywhere: every command gives an answer that says so, or one line, and never dies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <getopt.h>
#include <sys/mman.h>
#include <unistd.h>

#include "analysis/commands.h"
#include "core/base/files.h"
#include "core/base/text.h"
#include "core/status.h"

#define TAIL 4096 /* bytes at the end that are cut one by one */
#define HEAD 6144 /* bytes of the run that is cut, at least */

static char *whole, other[32], cut[32], said[4096], folder[] = "/tmp/truncated-XXXXXX";
static size_t length, heard;
static int fd;

static ssize_t listen(void *cookie, const char *text, size_t size)
{
	size_t room = sizeof(said) - 1 - heard, taken = size < room ? size : room;

	(void)cookie;
	memcpy(said + heard, text, taken);
	heard += taken;
	said[heard] = '\0';
	return (ssize_t)size;
}

static ssize_t drop(void *cookie, const char *text, size_t size)
{
	(void)cookie;
	(void)text;
	return (ssize_t)size;
}

/* Run a command on the file as it is cut now. @partial: it lacks something of the whole one. */
static void answer(int (*command)(int, char **), const char *const *words, bool partial)
{
	char *argv[8] = { 0 };
	FILE *errors = stderr, *out = stdout;
	const char *note;
	int argc = 0, status;

	while (words[argc]) {
		argv[argc] = (char *)(uintptr_t)words[argc];
		argc++;
	}
	optind = 0;
	heard = 0;
	stderr = fopencookie(NULL, "w", (cookie_io_functions_t){ .write = listen });
	stdout = fopencookie(NULL, "w", (cookie_io_functions_t){ .write = drop });
	status = command(argc, argv);
	fclose(stderr);
	fclose(stdout);
	stderr = errors;
	stdout = out;
	said[heard] = '\0';
	note = strstr(said, "migbench: note: ");
	if (status == MB_OK) {
		/* Whoever reads the answer is told that it is of a part. */
		assert_int_equal(partial, note && strstr(note, "the run was cut short"));
		return;
	}
	assert_int_equal(status, MB_REQUEST);
	/* A note may stand above it; the reason is one line. */
	assert_true(heard && said[heard - 1] == '\n');
	if (note)
		assert_ptr_equal(strchr(note, '\n') + 1, strstr(note + 1, "migbench: "));
	assert_ptr_equal(strrchr(said, '\n'), strchr(note ? strchr(note, '\n') + 1 : said, '\n'));
}

static void all_commands(size_t size)
{
	const char *const export_csv[] = { "export", "--format", "csv", cut, NULL };
	const char *const advise[] = { "advise", cut, NULL };
	const char *const compare[] = { "compare", other, cut, "--format", "json", NULL };
	const char *const against[] = { "compare", cut, other, NULL };
	const char *const report[] = { "report", cut, "--out", folder, "--force", "--quiet", NULL };
	/* The end record is the last line; without its line feed it is still whole. */
	bool partial = size < length - 1;

	assert_int_equal(ftruncate(fd, (off_t)size), 0);
	answer(analysis_advise, advise, partial);
	answer(analysis_compare, compare, partial);
	answer(analysis_compare, against, partial);
	answer(analysis_export, export_csv, partial);
	answer(analysis_report, report, partial);
}

static void each_byte_of_the_end(void **state)
{
	size_t least = length > TAIL ? length - TAIL : 0;

	(void)state;
	assert_int_equal(pwrite(fd, whole, length, 0), length);
	for (size_t size = length + 1; size-- > least;)
		all_commands(size);
}

static void each_line_border(void **state)
{
	(void)state;
	assert_int_equal(pwrite(fd, whole, length, 0), length);
	for (size_t size = length; size; size--)
		if (whole[size - 1] == '\n' || whole[size] == '\n')
			all_commands(size);
	all_commands(0);
}

/* The first points of a published run, and its last line: thousands of times the whole takes long. */
static char *head_of(const char *kernel)
{
	const char *source = getenv("MIGBENCH_SOURCE");
	char *path =
		mb_format("%s/results/lab-x86_64/states-%s.jsonl", source ? source : ".", kernel);
	char *text = mb_read_file(path, NULL), *end, *last;

	free(path);
	assert_non_null(text);
	last = strstr(text, "{\"type\":\"end\"");
	end = strchr(text + HEAD, '\n') + 1;
	assert_true(last && last > end);
	memmove(end, last, strlen(last) + 1);
	return text;
}

static int open_files(void **state)
{
	char *text = head_of("6.12");
	int other_fd = memfd_create("other", MFD_CLOEXEC);

	(void)state;
	/* The pictures would take hours: without gnuplot a report has all but those. */
	setenv("PATH", "", 1);
	if (!mkdtemp(folder))
		return -1;
	whole = head_of("6.1");
	length = strlen(whole);
	fd = memfd_create("run", MFD_CLOEXEC);
	snprintf(cut, sizeof(cut), "/proc/self/fd/%d", fd);
	snprintf(other, sizeof(other), "/proc/self/fd/%d", other_fd);
	if (fd < 0 || write(other_fd, text, strlen(text)) != (ssize_t)strlen(text))
		return -1;
	free(text);
	return 0;
}

static int close_files(void **state)
{
	(void)state;
	free(whole);
	mb_remove_tree(folder);
	return close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_byte_of_the_end),
		cmocka_unit_test(each_line_border),
	};

	return cmocka_run_group_tests(tests, open_files, close_files);
}
