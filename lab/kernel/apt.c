// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "core/status.h"
#include "lab/base/spawn.h"
#include "lab/base/temporary.h"
#include "lab/kernel/apt.h"

#define SOURCES "/etc/apt"

char *lab_apt_codename(void)
{
	static const char key[] = "\nVERSION_CODENAME=";
	char *text = lab_read_file("/etc/os-release", NULL), *line, *name = NULL;

	line = text ? strstr(text, key) : NULL;
	if (line) {
		line += strlen(key);
		line += *line == '"';
		name = lab_format("%.*s", (int)strcspn(line, "\"\n"), line);
	}
	free(text);
	return name;
}

/* Our copy of one source file as it is, for what packages depend on, and one for the suite. */
static void copy_source(const struct lab_apt *apt, const char *from, size_t number, bool deb822)
{
	const char *kind = deb822 ? "sources" : "list";
	char *text = lab_read_file(from, NULL), *other;
	char *same_path = lab_format("%s/sources/%zu.%s", apt->folder, number, kind);
	char *other_path = lab_format("%s/sources/%zu-suite.%s", apt->folder, number, kind);

	if (text) {
		other = lab_apt_retarget(text, deb822, apt->suite);
		lab_write_file(same_path, text, strlen(text));
		lab_write_file(other_path, other, strlen(other));
		free(other);
	}
	free(other_path);
	free(same_path);
	free(text);
}

static void copy_sources(const struct lab_apt *apt)
{
	static const char *const kinds[] = { ".list", ".sources" };
	size_t number = 0;

	copy_source(apt, SOURCES "/sources.list", number++, false);
	for (int kind = 0; kind < 2; kind++) {
		struct lab_list names = { 0 };

		lab_names_in(SOURCES "/sources.list.d", kinds[kind], &names);
		for (size_t i = 0; i < names.count; i++) {
			char *from = lab_format(SOURCES "/sources.list.d/%s%s", names.at[i],
						kinds[kind]);

			copy_source(apt, from, number++, kind == 1);
			free(from);
		}
		lab_list_free(&names);
	}
}

/* The program, and what keeps it away from the system's own state. */
static void begin(const struct lab_apt *apt, const char *program, struct lab_list *words)
{
	lab_list_add(words, "%s", program);
	if (!apt->folder)
		return;
	lab_list_add(words, "-oDir::Etc::sourcelist=/dev/null");
	lab_list_add(words, "-oDir::Etc::sourceparts=%s/sources", apt->folder);
	lab_list_add(words, "-oDir::State::lists=%s/lists", apt->folder);
	lab_list_add(words, "-oDir::Cache=%s/cache", apt->folder);
	lab_list_add(words, "-oDebug::NoLocking=true");
	lab_list_add(words, "-oAcquire::Languages=none");
	/* A dated mirror's lists expire; that the archive signed them still counts. */
	lab_list_add(words, "-oAcquire::Check-Valid-Until=false");
}

/* Run @words and empty them. Returns the exit status or -1. */
static int run(const struct lab_apt *apt, struct lab_list *words, const char *folder)
{
	struct lab_spawn how = { .argv = words->at, .folder = folder, .in = -1 };
	int status;

	fprintf(apt->log, "+ %s %s\n", words->at[0], words->at[words->count - 1]);
	status = lab_run_logged(&how, apt->log, NULL, NULL);
	lab_list_free(words);
	return status;
}

static int make_folders(const struct lab_apt *apt)
{
	static const char *const names[] = { "sources", "lists/partial", "cache/archives/partial" };
	int failed = 0;

	for (size_t i = 0; !failed && i < sizeof(names) / sizeof(names[0]); i++) {
		char *path = lab_format("%s/%s", apt->folder, names[i]);

		failed = lab_make_folders(path);
		free(path);
	}
	return failed;
}

int lab_apt_open(struct lab_apt *apt, const char *suite, FILE *log)
{
	struct lab_list words = { 0 };

	*apt = (struct lab_apt){ .suite = lab_strdup(suite), .log = log };
	if (!lab_have_program("apt-get"))
		return mb_fail(MB_MACHINE, "%s: there is no apt-get on this machine", suite);
	apt->folder = lab_temporary();
	if (!apt->folder || make_folders(apt))
		return mb_fail(MB_MACHINE, "no temporary folder: %m");
	copy_sources(apt);
	begin(apt, "apt-get", &words);
	lab_list_add(&words, "update");
	/* A source that lacks the suite is an error to apt; to us it counts if none has it. */
	if (run(apt, &words, NULL) < 0)
		return lab_interrupted ? MB_MACHINE : mb_fail(MB_MACHINE, "apt-get: %m");
	return MB_OK;
}

void lab_apt_close(struct lab_apt *apt)
{
	if (apt->folder)
		lab_remove_tree(apt->folder);
	free(apt->folder);
	free(apt->suite);
	*apt = (struct lab_apt){ 0 };
}

char *lab_apt_version(const struct lab_apt *apt, const char *package)
{
	struct lab_list words = { 0 };
	char *output = NULL, *version = NULL,
	     *suite = lab_format(apt->suite ? " %s/" : "/", apt->suite), *next;

	begin(apt, "apt-cache", &words);
	lab_list_add(&words, "madison");
	lab_list_add(&words, "%s", package);
	next = lab_capture(words.at, NULL, &output) ? NULL : output;
	/* " package | version | address suite/component architecture Packages", newest first */
	for (char *line; !version && next && (line = strsep(&next, "\n"));) {
		char *bar = strchr(line, '|'), *place = bar ? strchr(bar + 1, '|') : NULL;

		if (!place || !strstr(place, suite) || strstr(place, " Sources"))
			continue;
		bar += 1 + strspn(bar + 1, " ");
		version = lab_format("%.*s", (int)strcspn(bar, " |"), bar);
	}
	free(suite);
	free(output);
	lab_list_free(&words);
	return version;
}

void lab_apt_search(const struct lab_apt *apt, const char *pattern, struct lab_list *names)
{
	struct lab_list words = { 0 };
	char *output = NULL, *next;

	begin(apt, "apt-cache", &words);
	lab_list_add(&words, "search");
	lab_list_add(&words, "--names-only");
	lab_list_add(&words, "%s", pattern);
	next = lab_capture(words.at, NULL, &output) ? NULL : output;
	/* "package - what it is" */
	for (char *line; next && (line = strsep(&next, "\n"));)
		if (*line)
			lab_list_add(names, "%.*s", (int)strcspn(line, " "), line);
	free(output);
	lab_list_free(&words);
}

int lab_apt_download(const struct lab_apt *apt, const struct lab_list *packages,
		     enum lab_apt_with with, const char *into)
{
	struct lab_list words = { 0 };
	char *partial = lab_format("%s/partial", into), *names = lab_list_join(packages);
	int status = MB_OK;

	begin(apt, "apt-get", &words);
	if (with == LAB_APT_ALL)
		lab_list_add(&words, "-oDir::State::status=/dev/null");
	if (with != LAB_APT_ALONE) {
		lab_list_add(&words, "-oDir::Cache::archives=%s", into);
		lab_list_add(&words, "--yes");
		lab_list_add(&words, "--download-only");
		lab_list_add(&words, "--reinstall");
		lab_list_add(&words, "--no-install-recommends");
		if (apt->suite)
			lab_list_add(&words, "--target-release=%s", apt->suite);
		lab_list_add(&words, "install");
		lab_make_folders(partial);
	} else {
		lab_list_add(&words, "download");
	}
	for (size_t i = 0; i < packages->count; i++)
		lab_list_add(&words, apt->suite ? "%s/%s" : "%s", packages->at[i], apt->suite);
	if (run(apt, &words, into))
		status = lab_interrupted ? MB_MACHINE
					 : mb_fail(MB_MACHINE,
						   "%s: cannot be had from %s through this "
						   "machine's apt sources",
						   names, apt->suite ? apt->suite : "the archive");
	if (with != LAB_APT_ALONE)
		lab_remove_tree(partial);
	free(names);
	free(partial);
	return status;
}
