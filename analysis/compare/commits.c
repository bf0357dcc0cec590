// SPDX-License-Identifier: GPL-2.0-or-later
/* git, asked which commits between two kernels touch a function. */
#include <ctype.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "analysis/base/text.h"
#include "analysis/compare/meaning.h"
#include "core/base/list.h"
#include "core/status.h"

#define SECONDS 60 /* that all questions may take together */
#define COMMITS 5 /* named of a function */

extern char **environ;

/* Where a function of the kernel may be: the nearest first, as a whole tree is slow to search. */
static const char *const places[][6] = {
	{ "mm/*.[ch]", "include/linux/*.h", NULL },
	{ "kernel/*.[ch]", "lib/*.[ch]", "arch/x86/*.[ch]", "arch/arm64/*.[ch]", "fs/*.[ch]",
	  NULL },
};

struct question {
	const char *git;
	char *from, *to; /* commits as git takes them */
	time_t end;
	bool late; /* an answer did not come in time */
};

/* All of @in, malloc'd. */
static char *read_all(int in)
{
	char *text = mb_strdup(""), buffer[4096];
	ssize_t got;

	while ((got = read(in, buffer, sizeof(buffer))) > 0)
		an_extend(&text, "%.*s", (int)got, buffer);
	return text;
}

/* What "git -C TREE @words" prints; malloc'd, NULL when it fails or there is no time left. */
static char *ask(struct question *question, const struct mb_list *words)
{
	time_t left = question->end - time(NULL);
	posix_spawn_file_actions_t actions;
	struct mb_list line = { 0 };
	int ends[2], status = -1;
	char *said = NULL;
	pid_t pid;

	if (left <= 0 || pipe(ends)) {
		question->late = left <= 0;
		return NULL;
	}
	mb_list_add(&line, "timeout");
	mb_list_add(&line, "%ld", (long)left);
	mb_list_add(&line, "git");
	mb_list_add(&line, "-C");
	mb_list_add(&line, "%s", question->git);
	for (size_t i = 0; i < words->count; i++)
		mb_list_add(&line, "%s", words->at[i]);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
	posix_spawn_file_actions_addclose(&actions, ends[0]);
	posix_spawn_file_actions_addclose(&actions, ends[1]);
	if (posix_spawnp(&pid, "timeout", &actions, NULL, line.at, environ))
		pid = -1;
	close(ends[1]);
	if (pid > 0) {
		said = read_all(ends[0]);
		waitpid(pid, &status, 0);
	}
	close(ends[0]);
	posix_spawn_file_actions_destroy(&actions);
	mb_list_free(&line);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 124)
		question->late = true;
	if (!WIFEXITED(status) || WEXITSTATUS(status)) {
		free(said);
		return NULL;
	}
	return said;
}

/* Whether @revision is a commit there. */
static bool is_commit(struct question *question, const char *revision)
{
	struct mb_list words = { 0 };
	char *said;

	mb_list_add(&words, "rev-parse");
	mb_list_add(&words, "--verify");
	mb_list_add(&words, "--quiet");
	mb_list_add(&words, "%s^{commit}", revision);
	said = ask(question, &words);
	mb_list_free(&words);
	free(said);
	return said != NULL;
}

/* The tag of a kernel's version: "6.1.192-lab" is v6.1.192, or v6.1 in a tree without its stable. */
static char *tag_of(struct question *question, const char *kernel)
{
	size_t whole = strspn(kernel, "0123456789."), major = strcspn(kernel, ".");
	size_t minor = kernel[major] ? major + 1 + strspn(kernel + major + 1, "0123456789") : major;
	char *tag = mb_format("v%.*s", (int)whole, kernel);

	if (!is_commit(question, tag)) {
		free(tag);
		tag = mb_format("v%.*s", (int)minor, kernel);
	}
	return tag;
}

static int find_range(struct question *question, const struct an_comparison *c, const char *range)
{
	const char *dots = range ? strstr(range, "..") : NULL;
	const char *const sides[] = { c->a->kernel, c->b->kernel };

	if (range && (!dots || dots == range || !dots[2] || dots[2] == '.'))
		return mb_fail(MB_REQUEST, "compare: --range takes A..B, not '%s'", range);
	if (!is_commit(question, "HEAD"))
		return mb_fail(MB_REQUEST, "compare: --git %s: git knows no commit there",
			       question->git);
	for (size_t i = 0; i < 2; i++) {
		char **end = i ? &question->to : &question->from;

		if (!range)
			*end = tag_of(question, sides[i]);
		else
			*end = i ? mb_strdup(dots + 2)
				 : mb_format("%.*s", (int)(dots - range), range);
		/* git would take it for an option. */
		if (**end == '-' || !is_commit(question, *end))
			return mb_fail(MB_REQUEST, "compare: --git %s: no commit '%s' there%s",
				       question->git, *end, range ? "" : "; give --range A..B");
	}
	return MB_OK;
}

/* "LINE,/^}/:FILE", where @function is defined at the end of the range; malloc'd, or NULL. */
static char *place_of(struct question *question, const char *function)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct mb_list words = { 0 };
		char *said, *rest, *file = NULL, *line = NULL, *place = NULL;

		mb_list_add(&words, "grep");
		mb_list_add(&words, "-n");
		mb_list_add(&words, "-E");
		/* A definition begins its line, and a semicolon ends a declaration. */
		mb_list_add(&words, "^([A-Za-z_][A-Za-z0-9_ *]*[ *])?%s\\([^;]*$", function);
		mb_list_add(&words, "%s", question->to);
		mb_list_add(&words, "--");
		for (size_t k = 0; places[i][k]; k++)
			mb_list_add(&words, "%s", places[i][k]);
		said = ask(question, &words);
		mb_list_free(&words);
		/* "REVISION:FILE:LINE:…" */
		rest = said;
		if (rest && strsep(&rest, ":") && rest && (file = strsep(&rest, ":")) && rest &&
		    (line = strsep(&rest, ":")) && rest)
			place = mb_format("%s,/^}/:%s", line, file);
		free(said);
		if (place)
			return place;
	}
	return NULL;
}

/* Commits of the range that touch @function, "ID subject" a line; malloc'd, NULL when not known. */
static char *log_of(struct question *question, const char *function)
{
	char *place = place_of(question, function), *said;
	struct mb_list words = { 0 };

	if (!place)
		return NULL;
	mb_list_add(&words, "log");
	mb_list_add(&words, "--no-merges");
	mb_list_add(&words, "--no-patch");
	mb_list_add(&words, "--format=%%h %%s");
	mb_list_add(&words, "-n%d", COMMITS + 1);
	mb_list_add(&words, "-L%s", place);
	mb_list_add(&words, "%s..%s", question->from, question->to);
	said = ask(question, &words);
	mb_list_free(&words);
	free(place);
	return said;
}

/* Whether A..B has a commit at all: git log -L calls one that has none an error. */
static bool is_empty(struct question *question)
{
	struct mb_list words = { 0 };
	char *said;
	bool empty;

	mb_list_add(&words, "rev-list");
	mb_list_add(&words, "-n1");
	mb_list_add(&words, "%s..%s", question->from, question->to);
	said = ask(question, &words);
	empty = said && !*said;
	mb_list_free(&words);
	free(said);
	return empty;
}

/* The name of a function of C: a module's and what has no name are none. */
static bool is_name(const char *name)
{
	for (const char *p = name; *p; p++)
		if (!isalnum((unsigned char)*p) && *p != '_')
			return false;
	return *name && !isdigit((unsigned char)*name);
}

/* "remove_migration_pte: 1a2b3c4 ("mm: …"), …" */
static void add_function(char **text, struct question *question, const char *function)
{
	char *said = is_name(function) ? log_of(question, function) : NULL, *rest = said, *line;
	size_t count = 0;

	an_extend(text, " %s:", function);
	while (rest && (line = strsep(&rest, "\n")) && *line) {
		char *subject = strchr(line, ' ');

		if (count++ == COMMITS) {
			an_extend(text, ", and more");
			break;
		}
		if (subject)
			*subject++ = '\0';
		an_extend(text, "%s %s (\"%s\")", count > 1 ? "," : "", line,
			  subject ? subject : "");
	}
	if (!count)
		an_extend(text, " %s",
			  said		   ? "none"
			  : question->late ? "git did not say within its time"
					   : "not found there");
	an_extend(text, ";");
	free(said);
}

int an_commits_words(const struct an_comparison *c, const char *git, const char *range,
		     const struct an_functions *functions, char **words)
{
	struct question question = { .git = git, .end = time(NULL) + SECONDS };
	size_t count = an_functions_main(functions);
	int status = find_range(&question, c, range);

	*words = NULL;
	if (!status && count && is_empty(&question)) {
		*words = mb_format("There is no commit in %s..%s.", question.from, question.to);
	} else if (!status && count) {
		*words =
			mb_format("Commits of %s..%s that touch them:", question.from, question.to);
		for (size_t i = 0; i < count; i++)
			add_function(words, &question, functions->at[i].name);
		(*words)[strlen(*words) - 1] = '.';
	}
	free(question.from);
	free(question.to);
	return status;
}
