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
#include "core/base/files.h"
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
	return mb_format("%s/%s/%s", stage->hidden, folder, name);
}

bool an_staging_folder(struct an_staging *stage, const char *path)
{
	if (mkdir(path, 0777))
		return errno == EEXIST && mb_is_folder(path);
	stage->made =
		mb_grow(stage->made, &stage->made_capacity, stage->made_count, sizeof(char *));
	stage->made[stage->made_count++] = mb_strdup(path);
	return true;
}

static bool make_folders(struct an_staging *stage, const char *path)
{
	char *copy = mb_strdup(path);
	bool done = true;

	for (char *p = copy + 1; *copy && *p && done; p++)
		if (*p == '/' && p[-1] != '/') {
			*p = '\0';
			done = an_staging_folder(stage, copy);
			*p = '/';
		}
	done = done && an_staging_folder(stage, path);
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

/* What links begin with, from the report's folder to OUT and back; false with errno set. */
static bool find_ways(struct an_staging *stage)
{
	const char *slash = strrchr(stage->markdown, '/');
	char *folder = mb_folder_of(stage->markdown), *from = realpath(folder, NULL);
	/* Only if the first is there: its error is the one that is told. */
	char *to = from ? realpath(stage->out, NULL) : NULL, *way, *inside;

	if (from && to) {
		way = relative(from, to);
		stage->plots = mb_format("%splots/", way);
		stage->pages = mb_format("%s" AN_STAGING_PAGES "/", way);
		free(way);
		inside = mb_format("%s/" AN_STAGING_PAGES, to);
		way = relative(inside, from);
		stage->home = mb_format("%s%s", way, slash ? slash + 1 : stage->markdown);
		free(way);
		free(inside);
	}
	free(folder);
	free(from);
	free(to);
	return stage->home;
}

bool an_staging_written(FILE *out)
{
	bool done = !fflush(out) && !ferror(out);
	int error = errno;

	if (fclose(out) && done)
		return false;
	errno = error;
	return done;
}

int an_staging_status(void)
{
	return errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? MB_MACHINE : MB_REQUEST;
}

int an_staging_refuse(const char *path)
{
	if (access(path, F_OK))
		return MB_OK;
	return mb_fail(MB_REQUEST, "%s exists already; choose another place or give --force", path);
}

char *an_staging_place(const char *path)
{
	struct stat st;
	char *place;

	if (lstat(path, &st) || !S_ISLNK(st.st_mode))
		return mb_strdup(path);
	place = realpath(path, NULL);
	/* What /dev/stdout leads to may have no name. */
	if (!place && !stat(path, &st))
		return mb_strdup(path);
	if (!place)
		mb_fail(MB_REQUEST, "%s: this link leads nowhere: %s; remove it, or name the file",
			path, strerror(errno));
	return place;
}

int an_staging_open(struct an_staging *stage, const char *out, const char *markdown, bool force)
{
	char *inside = mb_format("%s/REPORT.md", out), *sub;
	struct stat st;
	int status = MB_OK;
	bool found, beside;

	*stage = (struct an_staging){ .out = mb_strdup(out),
				      .force = force,
				      .markdown = an_staging_place(markdown ?: inside) };
	catch_signals(stage);
	if (!stage->markdown)
		status = MB_REQUEST;
	else if (!force)
		status = an_staging_refuse(inside) ?: an_staging_refuse(stage->markdown);
	if (!status && !stat(stage->markdown, &st) && !S_ISREG(st.st_mode))
		status = mb_fail(MB_REQUEST, "%s: is no regular file", stage->markdown);
	beside = !status && strcmp(stage->markdown, inside);
	free(inside);
	if (status)
		goto fail;
	if (!make_folders(stage, out))
		goto unwritable;
	stage->hidden = mb_format("%s/.report-XXXXXX", out);
	if (!mkdtemp(stage->hidden)) {
		free(stage->hidden);
		stage->hidden = NULL;
		goto unwritable;
	}
	for (int i = 0; i < 3; i++) {
		static const char *const folders[] = { "work", "plots", AN_STAGING_PAGES };

		sub = an_staging_path(stage, folders[i], "");
		if (mkdir(sub, 0777)) {
			free(sub);
			goto unwritable;
		}
		free(sub);
	}
	found = find_ways(stage);
	/* Beside its last place, so that one rename publishes it. */
	stage->draft = beside ? mb_format("%s.part-%ld", stage->markdown, (long)getpid())
			      : mb_format("%s/REPORT.md", stage->hidden);
	if (!found || access(stage->draft, F_OK) == 0) {
		status = mb_fail(MB_REQUEST, "%s: cannot write there: %s", stage->markdown,
				 found ? "File exists" : strerror(errno));
		goto fail;
	}
	return MB_OK;
unwritable:
	status = mb_fail(an_staging_status(), "%s: cannot write there: %s", out, strerror(errno));
fail:
	an_staging_close(stage);
	return status;
}

bool an_each_file(const char *folder,
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

void an_staging_close(struct an_staging *stage)
{
	an_gnuplot_end(&stage->gnuplot);
	if (stage->hidden)
		mb_remove_tree(stage->hidden);
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
	free(stage->pages);
	free(stage->home);
	free(stage->missing);
	release_signals(stage);
	*stage = (struct an_staging){ 0 };
}
