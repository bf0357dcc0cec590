// SPDX-License-Identifier: GPL-2.0-or-later
/* apt with package lists of its own in the cache; nothing of the system is touched. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/text.h"
#include "core/progress.h"
#include "core/status.h"
#include "lab/base/spawn.h"
#include "lab/base/temporary.h"
#include "lab/kernel/apt.h"

char *lab_apt_codename(void)
{
	static const char key[] = "\nVERSION_CODENAME=";
	char *text = mb_read_file("/etc/os-release", NULL), *line, *name = NULL;

	line = text ? strstr(text, key) : NULL;
	if (line) {
		line += strlen(key);
		line += *line == '"';
		name = mb_format("%.*s", (int)strcspn(line, "\"\n"), line);
	}
	free(text);
	return name;
}

/* One source file, copied as it is for what packages depend on, and changed for each suite. */
static void copy_source(struct lab_apt *apt, const char *from, size_t number, bool deb822)
{
	const char *kind = deb822 ? "sources" : "list";
	char *text = mb_read_file(from, NULL), *path, *other;

	if (!text)
		return;
	path = mb_format("%s/sources/%zu.%s", apt->folder, number, kind);
	mb_write_file(path, text, strlen(text));
	free(path);
	for (size_t i = 0; i < apt->suites.count; i++) {
		other = lab_apt_retarget(text, deb822, apt->suites.at[i]);
		path = mb_format("%s/sources/%zu-%zu.%s", apt->folder, number, i, kind);
		mb_write_file(path, other, strlen(other));
		apt->led |= *other;
		free(path);
		free(other);
	}
	free(text);
}

/* Where apt's own configuration says that its @item is; malloc'd, or NULL. */
static char *configured(const char *item)
{
	struct mb_list words = { 0 };
	char *output, *start, *path = NULL;

	mb_list_add(&words, "apt-config");
	mb_list_add(&words, "shell");
	mb_list_add(&words, "at");
	mb_list_add(&words, "%s", item);
	output = lab_apt_ask(&words); /* at='PATH' */
	start = output ? strchr(output, '\'') : NULL;
	if (start)
		path = mb_format("%.*s", (int)strcspn(start + 1, "'\n"), start + 1);
	free(output);
	return path;
}

static void copy_sources(struct lab_apt *apt)
{
	static const char *const kinds[] = { ".list", ".sources" };
	char *list = configured("Dir::Etc::sourcelist/f");
	char *parts = configured("Dir::Etc::sourceparts/d");
	size_t number = 0;

	if (list)
		copy_source(apt, list, number++, false);
	for (int kind = 0; parts && kind < 2; kind++) {
		struct mb_list names = { 0 };

		mb_names_in(parts, kinds[kind], &names);
		for (size_t i = 0; i < names.count; i++) {
			char *from = mb_format("%s/%s%s", parts, names.at[i], kinds[kind]);

			copy_source(apt, from, number++, kind == 1);
			free(from);
		}
		mb_list_free(&names);
	}
	free(parts);
	free(list);
}

static void note_trouble(void *context, const char *line)
{
	struct lab_apt *apt = context;
	int trouble = lab_apt_trouble(line);

	if (trouble && (!apt->trouble || trouble < apt->trouble))
		apt->trouble = trouble;
	if (!strncmp(line, "E: ", 3))
		snprintf(apt->error, sizeof(apt->error), "%s", line + 3);
}

/* Run @words and empty them. Returns the exit status or -1. */
static int run(struct lab_apt *apt, struct mb_list *words, const char *folder)
{
	struct mb_list env = { 0 };
	struct lab_spawn how = { .argv = words->at, .folder = folder, .in = -1 };
	FILE *none = apt->log ? NULL : fopen("/dev/null", "we"), *log = none ? none : apt->log;
	int status = -1;

	lab_apt_environment(&env);
	how.env = env.at;
	if (log) {
		fprintf(log, "+ %s %s\n", words->at[0], words->at[words->count - 1]);
		status = lab_run_logged(&how, log, note_trouble, apt);
	}
	if (none)
		fclose(none);
	mb_list_free(words);
	mb_list_free(&env);
	return status;
}

static int make_folders(const struct lab_apt *apt)
{
	static const char *const names[] = { "sources", "lists/partial", "cache/archives/partial" };
	int failed = 0;

	for (size_t i = 0; !failed && i < sizeof(names) / sizeof(names[0]); i++) {
		char *path = mb_format("%s/%s", apt->folder, names[i]);

		failed = mb_make_folders(path);
		free(path);
	}
	return failed;
}

/* Add a suite, once. */
static void add_suite(struct lab_apt *apt, const char *suite, size_t length)
{
	for (size_t i = 0; i < apt->suites.count; i++)
		if (strlen(apt->suites.at[i]) == length &&
		    !strncmp(apt->suites.at[i], suite, length))
			return;
	mb_list_add(&apt->suites, "%.*s", (int)length, suite);
}

/* The suites in @text, and the releases of those for security. */
static void list_suites(struct lab_apt *apt, const char *text)
{
	static const char security[] = "-security";
	struct mb_list words = { 0 };
	size_t tail = strlen(security);

	mb_list_split(&words, text);
	for (size_t i = 0; i < words.count; i++)
		add_suite(apt, words.at[i], strlen(words.at[i]));
	for (size_t i = 0; i < words.count; i++) {
		size_t length = strlen(words.at[i]);

		if (length > tail && !strcmp(words.at[i] + length - tail, security))
			add_suite(apt, words.at[i], length - tail);
	}
	mb_list_free(&words);
}

/* Lists of our own; @what for the reader. */
static int fetch_lists(struct lab_apt *apt, const char *what)
{
	struct mb_list words = { 0 };

	if (!lab_have_program("apt-get"))
		return mb_fail(MB_MACHINE, "%s: there is no apt-get on this machine", what);
	apt->folder = lab_temporary();
	if (!apt->folder || make_folders(apt))
		return MB_MACHINE;
	copy_sources(apt);
	lab_apt_begin(apt, "apt-get", &words);
	mb_list_add(&words, "update");
	/* A source that lacks the suite is an error to apt; to us it counts if none has it. */
	if (run(apt, &words, NULL) < 0)
		return lab_interrupted ? MB_MACHINE : mb_fail(MB_MACHINE, "apt-get: %m");
	return MB_OK;
}

int lab_apt_open(struct lab_apt *apt, const char *suites, FILE *log)
{
	return lab_apt_open_also(apt, suites, NULL, log);
}

int lab_apt_open_also(struct lab_apt *apt, const char *suites, const char *also, FILE *log)
{
	*apt = (struct lab_apt){ .log = log, .also = also, .led = !suites };
	if (suites)
		list_suites(apt, suites);
	return fetch_lists(apt, suites ? suites : "packages");
}

int lab_apt_open_own(struct lab_apt *apt, const char *arch, FILE *log)
{
	*apt = (struct lab_apt){ .log = log, .arch = arch, .led = true };
	return fetch_lists(apt, arch ? arch : "packages");
}

void lab_apt_close(struct lab_apt *apt)
{
	if (apt->folder)
		mb_remove_tree(apt->folder);
	free(apt->folder);
	mb_list_free(&apt->suites);
	*apt = (struct lab_apt){ 0 };
}

/* Add the words by which apt-get is sure to take @package and nothing else. */
static int name_package(const struct lab_apt *apt, const char *package, enum lab_apt_with with,
			struct mb_list *words)
{
	char *suite, *version;
	int status;

	if (strchr(package, '=')) {
		mb_list_add(words, "%s", package);
		return 0;
	}
	version = lab_apt_version(apt, package, &suite);
	status = version ? 0 : -1;

	/* Only so does apt take what it needs from there, too. */
	if (version && suite && with != LAB_APT_ALONE)
		mb_list_add(words, "%s/%s", package, suite);
	else if (version)
		mb_list_add(words, "%s=%s", package, version);
	free(suite);
	free(version);
	return status;
}

/* Let the progress of the download that @words begin know how much there is to come. */
static void tell_size(const struct mb_list *words)
{
	struct mb_list ask = { 0 };
	char *output;

	for (size_t i = 0; i < words->count; i++)
		mb_list_add(&ask, "%s", words->at[i]);
	mb_list_add(&ask, "--print-uris");
	output = lab_apt_ask(&ask);
	mb_progress_size(output ? lab_apt_read_sizes(output) : 0);
	free(output);
}

int lab_apt_download(struct lab_apt *apt, const struct mb_list *packages, enum lab_apt_with with,
		     const char *into)
{
	struct mb_list words = { 0 };
	char *partial = mb_format("%s/partial", into), *names = mb_list_join(packages);
	char *suites = apt->suites.count ? mb_list_join(&apt->suites) : mb_strdup("the archive");
	const char *reason;
	int status = MB_OK, bad = 0;

	apt->trouble = 0;
	*apt->error = '\0';
	lab_apt_begin(apt, "apt-get", &words);
	if (with == LAB_APT_ALL)
		mb_list_add(&words, "-oDir::State::status=/dev/null");
	if (with != LAB_APT_ALONE) {
		mb_list_add(&words, "-oDir::Cache::archives=%s", into);
		mb_list_add(&words, "--yes");
		mb_list_add(&words, "--download-only");
		mb_list_add(&words, "--reinstall");
		mb_list_add(&words, "--no-install-recommends");
		if (apt->suites.count)
			mb_list_add(&words, "--target-release=%s", apt->suites.at[0]);
		mb_list_add(&words, "install");
		mb_make_folders(partial);
	} else {
		mb_list_add(&words, "download");
	}
	for (size_t i = 0; !bad && i < packages->count; i++)
		bad = name_package(apt, packages->at[i], with, &words);
	if (!bad)
		tell_size(&words);
	if (bad || run(apt, &words, into)) {
		reason = lab_apt_reason(apt);
		status = lab_interrupted
				 ? MB_MACHINE
				 : mb_fail(MB_MACHINE,
					   "%s: cannot be had from %s through this "
					   "machine's apt sources%s%s",
					   names, suites, reason ? ": " : "", reason ? reason : "");
	}
	if (with != LAB_APT_ALONE)
		mb_remove_tree(partial);
	mb_list_free(&words);
	free(suites);
	free(names);
	free(partial);
	return status;
}

int lab_apt_alone(const char *work, const char *what, int (*fetch)(FILE *log, void *context),
		  void *context)
{
	char *path = mb_format("%s/log", work);
	int status, lock = -1;
	FILE *log;

	if (!mb_make_folders(work))
		lock = open(work, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (lock < 0 || flock(lock, LOCK_EX | LOCK_NB)) {
		status = errno == EWOULDBLOCK
				 ? mb_fail(MB_MACHINE, "another migbench fetches %s", what)
				 : mb_fail(MB_MACHINE, "%s: %m", work);
	} else {
		log = fopen(path, "we");
		status = log ? fetch(log, context) : mb_fail(MB_MACHINE, "%s: %m", path);
		if (log)
			fclose(log);
		mb_remove_tree(work);
	}
	if (lock >= 0)
		close(lock);
	free(path);
	return status;
}
