// SPDX-License-Identifier: GPL-2.0-or-later
/* What was seen is in the run file, whoever goes away meanwhile. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include <getopt.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "core/status.h"
#include "observe/commands.h"
#include "observe/probes.h"

/* A kernel in which nothing happens; it sends this process a signal. */
static int sends;

static int open_probes(struct ob_probes **probes, const struct ob_symbols *symbols, __u32 tgid,
		       struct ob_sight *sight)
{
	(void)symbols;
	(void)tgid;
	*probes = NULL;
	*sight = (struct ob_sight){ .calls = true };
	return MB_OK;
}

static void close_probes(struct ob_probes *probes)
{
	(void)probes;
}

static void drain(struct ob_probes *probes, void (*take)(void *, const struct ob_call *),
		  void *context)
{
	(void)probes;
	(void)take;
	(void)context;
	if (sends)
		raise(sends);
	sends = 0;
}

static struct ob_row *rows(const struct ob_probes *probes, size_t *count)
{
	(void)probes;
	*count = 0;
	return NULL;
}

static struct ob_ordinary_row *ordinary(const struct ob_probes *probes, size_t *count)
{
	(void)probes;
	*count = 0;
	return NULL;
}

static struct ob_lost lost(const struct ob_probes *probes)
{
	(void)probes;
	return (struct ob_lost){ 0 };
}

static struct ob_cost cost(const struct ob_probes *probes)
{
	(void)probes;
	return (struct ob_cost){ 0 };
}

static const struct ob_way quiet = { .name = "quiet",
				     .turn_ms = 10,
				     .open = open_probes,
				     .close = close_probes,
				     .drain = drain,
				     .rows = rows,
				     .ordinary = ordinary,
				     .lost = lost,
				     .cost = cost };

/* In place of those that ask this kernel. */
const struct ob_way *ob_way(const char *name, const struct ob_symbols *symbols, char *why,
			    size_t size)
{
	(void)name;
	(void)symbols;
	(void)why;
	(void)size;
	return &quiet;
}

void ob_tell(const struct ob_way *way, const struct ob_symbols *symbols, char *text, size_t size)
{
	(void)way;
	(void)symbols;
	snprintf(text, size, "nothing");
}

static json_t *env(void)
{
	return json_object();
}

/*
 * Observe for @seconds (NULL: for as long as it takes) into @path in a process of its own, in which
 * @number is sent, and ignored if @ignored; nobody reads its stdout. How that process ended.
 */
static int observe(const char *seconds, const char *path, int number, bool ignored)
{
	const char *const words[] = { "observe", "--quiet", "--out", path, seconds };
	char *argv[6] = { 0 };
	int ends[2], status = -1;
	pid_t child;

	memcpy(argv, words, sizeof(words));
	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	child = fork();
	if (!child) {
		dup2(ends[1], STDOUT_FILENO);
		/* As soon as something is said, it is written. */
		setvbuf(stdout, NULL, _IONBF, 0);
		signal(SIGHUP, ignored ? SIG_IGN : SIG_DFL);
		signal(SIGPIPE, SIG_DFL);
		sends = number;
		optind = 0;
		_exit(ob_observe(seconds ? 5 : 4, argv, env));
	}
	close(ends[1]);
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

/* The seconds that a run file says were watched; -1 where it is none, or not whole. */
static double watched(const char *path)
{
	char *text = mb_read_file(path, NULL),
	     *last = text ? strstr(text, "{\"type\":\"end\"") : NULL;
	json_t *run = last ? json_loads(text, JSON_DISABLE_EOF_CHECK, NULL) : NULL;
	json_t *seconds = json_object_get(json_object_get(run, "config"), "seconds");
	double value = seconds ? json_number_value(seconds) : -1;

	json_decref(run);
	free(text);
	return value;
}

static void kept_whoever_goes(void **state)
{
	char folder[] = "/tmp/migbench-test-XXXXXX", *path;
	int status;

	(void)state;
	assert_non_null(mkdtemp(folder));
	path = mb_format("%s/pipe", folder);
	status = observe("--seconds=1", path, 0, false);
	assert_true(watched(path) >= 1);
	/* Only then it ends as whatever writes to nobody does. */
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE);
	free(path);
	path = mb_format("%s/hangup", folder);
	observe(NULL, path, SIGHUP, false);
	assert_true(watched(path) >= 0);
	free(path);
	path = mb_format("%s/nohup", folder);
	observe("--seconds=1", path, SIGHUP, true);
	assert_true(watched(path) >= 1);
	free(path);
	assert_int_equal(mb_remove_tree(folder), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kept_whoever_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
