// SPDX-License-Identifier: GPL-2.0-or-later
/* The hidden folder in which a report is made, and its move into place. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analysis/base/text.h"
#include "analysis/plot/staging.h"
#include "core/status.h"

static const int signals[] = { SIGHUP, SIGINT, SIGTERM };
static volatile sig_atomic_t got_signal;

static void remember(int number)
{
	got_signal = number;
}

int an_staging_interrupted(void)
{
	return got_signal;
}

static void catch_signals(struct an_staging *stage)
{
	const struct sigaction action = { .sa_handler = remember };

	got_signal = 0;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		sigaction(signals[i], &action, &stage->old[i]);
		/* What was ignored stays ignored: nohup, or a job in the background. */
		if (stage->old[i].sa_handler == SIG_IGN)
			sigaction(signals[i], &stage->old[i], NULL);
	}
}

static void release_signals(const struct an_staging *stage)
{
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaction(signals[i], &stage->old[i], NULL);
}

char *an_staging_path(const struct an_staging *stage, const char *folder, const char *name)
{
	return an_format("%s/%s/%s", stage->hidden, folder, name);
}

static bool make_folder(struct an_staging *stage, const char *path)
{
	struct stat st;

	if (mkdir(path, 0777)) {
		if (errno != EEXIST)
			return false;
		if (stat(path, &st))
			return false;
		errno = ENOTDIR;
		return S_ISDIR(st.st_mode);
	}
	stage->made =
		an_grow(stage->made, &stage->made_capacity, stage->made_count, sizeof(char *));
	stage->made[stage->made_count++] = an_strdup(path);
	return true;
}

static bool make_folders(struct an_staging *stage, const char *path)
{
	char *copy = an_strdup(path);
	bool done = true;

	for (char *p = copy + 1; *copy && *p && done; p++)
		if (*p == '/' && p[-1] != '/') {
			*p = '\0';
			done = make_folder(stage, copy);
			*p = '/';
		}
	done = done && make_folder(stage, path);
	free(copy);
	return done;
}

/* @to as seen from the folder @from; both absolute and without links. malloc'd. */
static char *relative(const char *from, const char *to)
{
	size_t common = 0, at = 0;
	char *text = NULL;
	size_t size;
	FILE *out;

	/* The longest common prefix that ends at a border of both. */
	while (from[at] && from[at] == to[at]) {
		at++;
		if ((!from[at] || from[at] == '/') && (!to[at] || to[at] == '/'))
			common = at;
	}
	out = mb_text_open(&text, &size);
	for (const char *p = from + common; *p; p++)
		if (*p == '/' && p[1])
			fputs("../", out);
	if (*(to + common + strspn(to + common, "/")))
		fprintf(out, "%s/", to + common + strspn(to + common, "/"));
	mb_text_close(out);
	return text;
}

static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return an_strdup(".");
	return slash == path ? an_strdup("/") : an_format("%.*s", (int)(slash - path), path);
}

/* What links from the report's folder to OUT/plots begin with; NULL with errno set. */
static char *plot_prefix(const char *out, const char *markdown)
{
	char *folder = folder_of(markdown), *from = realpath(folder, NULL);
	char *to = realpath(out, NULL), *between, *prefix = NULL;

	if (from && to) {
		between = relative(from, to);
		prefix = an_format("%splots/", between);
		free(between);
	}
	free(folder);
	free(from);
	free(to);
	return prefix;
}

static int refuse_existing(const char *path)
{
	if (access(path, F_OK))
		return MB_OK;
	return mb_fail(MB_REQUEST, "%s exists already; choose another place or give --force", path);
}

int an_staging_open(struct an_staging *stage, const char *out, const char *markdown, bool force)
{
	char *inside = an_format("%s/REPORT.md", out), *sub;
	struct stat st;
	int status = MB_OK;

	*stage = (struct an_staging){ .out = an_strdup(out),
				      .markdown = an_strdup(markdown ? markdown : inside) };
	catch_signals(stage);
	if (!force)
		status = refuse_existing(inside) ?: refuse_existing(stage->markdown);
	if (!status && !stat(stage->markdown, &st) && !S_ISREG(st.st_mode))
		status = mb_fail(MB_REQUEST, "%s: is no regular file", stage->markdown);
	free(inside);
	if (status)
		goto fail;
	if (!make_folders(stage, out))
		goto unwritable;
	stage->hidden = an_format("%s/.report-XXXXXX", out);
	if (!mkdtemp(stage->hidden)) {
		free(stage->hidden);
		stage->hidden = NULL;
		goto unwritable;
	}
	for (int i = 0; i < 2; i++) {
		sub = an_staging_path(stage, i ? "work" : "plots", "");
		if (mkdir(sub, 0777)) {
			free(sub);
			goto unwritable;
		}
		free(sub);
	}
	stage->plots = plot_prefix(out, stage->markdown);
	/* Beside its last place, so that one rename publishes it. */
	stage->draft = markdown ? an_format("%s.part-%ld", markdown, (long)getpid())
				: an_format("%s/REPORT.md", stage->hidden);
	if (!stage->plots || access(stage->draft, F_OK) == 0) {
		status = mb_fail(MB_REQUEST, "%s: cannot write there: %s", stage->markdown,
				 stage->plots ? "File exists" : strerror(errno));
		goto fail;
	}
	return MB_OK;
unwritable:
	status = mb_fail(MB_REQUEST, "%s: cannot write there: %s", out, strerror(errno));
fail:
	an_staging_close(stage);
	return status;
}

/* Call @what for each file of @folder until it fails. */
static bool each_file(const char *folder,
		      bool (*what)(const char *folder, const char *name, const void *data),
		      const void *data)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	bool done = true;

	if (!dir)
		return false;
	while (done && (entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			done = what(folder, entry->d_name, data);
	closedir(dir);
	return done;
}

/* Unlink the plot @name unless the new report has one of that name. */
static void drop_stale(const struct an_staging *stage, const char *name)
{
	char *fresh = an_staging_path(stage, "plots", name);
	char *old = an_format("%s/plots/%s", stage->out, name);

	if (!strchr(name, '/') && access(fresh, F_OK))
		unlink(old);
	free(fresh);
	free(old);
}

/*
 * The report that is about to be replaced says which plots are its own: it
 * links to them. What else lies in the folder is somebody's.
 */
static void drop_old_plots(const struct an_staging *stage)
{
	char *begin = an_format("(<%s", stage->plots), *line = NULL, *end;
	size_t size = 0;
	FILE *old = fopen(stage->markdown, "re");

	while (old && getline(&line, &size, old) > 0)
		for (char *at = line; (at = strstr(at, begin)); at = end + 1) {
			at += strlen(begin);
			end = strchr(at, '>');
			if (!end)
				break;
			*end = '\0';
			drop_stale(stage, at);
		}
	if (old)
		fclose(old);
	free(line);
	free(begin);
}

static bool move_in(const char *folder, const char *name, const void *data)
{
	char *from = an_format("%s/%s", folder, name),
	     *to = an_format("%s/%s", (const char *)data, name);
	bool done = !rename(from, to);

	free(from);
	free(to);
	return done;
}

static bool remove_file(const char *folder, const char *name, const void *data)
{
	char *path = an_format("%s/%s", folder, name);

	(void)data;
	unlink(path);
	free(path);
	return true;
}

int an_staging_publish(struct an_staging *stage)
{
	char *plots = an_format("%s/plots", stage->out);
	char *fresh = an_staging_path(stage, "plots", "");
	bool done = make_folder(stage, plots);

	if (done)
		drop_old_plots(stage);
	done = done && each_file(fresh, move_in, plots);
	done = done && !rename(stage->draft, stage->markdown);
	if (!done) {
		int error = errno;

		free(plots);
		free(fresh);
		return mb_fail(MB_REQUEST, "%s: cannot put the report in place: %s", stage->out,
			       strerror(error));
	}
	/* An empty plots/ stays only if it was there before. */
	rmdir(plots);
	free(plots);
	free(fresh);
	while (stage->made_count)
		free(stage->made[--stage->made_count]);
	return MB_OK;
}

void an_staging_close(struct an_staging *stage)
{
	for (int i = 0; stage->hidden && i < 3; i++) {
		static const char *const folders[] = { "work", "plots", "." };
		char *path = an_staging_path(stage, folders[i], "");

		each_file(path, remove_file, NULL);
		if (i < 2)
			rmdir(path);
		free(path);
	}
	if (stage->hidden)
		rmdir(stage->hidden);
	if (stage->draft)
		unlink(stage->draft);
	while (stage->made_count) {
		rmdir(stage->made[--stage->made_count]);
		free(stage->made[stage->made_count]);
	}
	free(stage->made);
	free(stage->out);
	free(stage->hidden);
	free(stage->markdown);
	free(stage->draft);
	free(stage->plots);
	release_signals(stage);
	*stage = (struct an_staging){ 0 };
}
