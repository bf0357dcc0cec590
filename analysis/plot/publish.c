// SPDX-License-Identifier: GPL-2.0-or-later
/* A report's move into place: what of the one before goes, and what is not of a report stays. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/base/text.h"
#include "analysis/plot/staging.h"
#include "core/base/files.h"
#include "core/status.h"

/* The first line of each page: what has none is not ours. */
#define MARK "<!-- Written by migbench report. -->\n"
/* What links to plots begin with in a page. */
#define BESIDE "(<../plots/"

FILE *an_staging_page(const struct an_staging *stage, const char *name)
{
	char *path = an_staging_path(stage, AN_STAGING_PAGES, name);
	FILE *out = fopen(path, "wxe");

	free(path);
	if (out)
		fputs(MARK "\n", out);
	return out;
}

static bool begins_with(const char *path, const char *first)
{
	char *line = NULL;
	size_t size = 0;
	FILE *in = fopen(path, "re");
	bool does = in && getline(&line, &size, in) > 0 && !strcmp(line, first);

	free(line);
	if (in)
		fclose(in);
	return does;
}

static bool is_ours(const char *path)
{
	return begins_with(path, MARK);
}

/* Whether the report is made of the file @path. */
static bool is_source(const struct an_staging *stage, const char *path)
{
	for (size_t i = 0; stage->sources && i < stage->sources->count; i++)
		if (mb_same_file(path, stage->sources->at[i]))
			return true;
	return false;
}

/* Whether the page @name may be put where it belongs. */
static bool may_replace(const char *folder, const char *name, const void *data)
{
	const struct an_staging *stage = data;
	char *path = mb_format("%s/" AN_STAGING_PAGES "/%s", stage->out, name);
	bool may = access(path, F_OK) != 0;

	(void)folder;
	if (!may && !stage->force)
		an_staging_refuse(path);
	else if (!may && !is_ours(path))
		mb_fail(MB_REQUEST,
			"%s: no report wrote this, and one needs its name; move it away", path);
	else
		may = true;
	free(path);
	return may;
}

/*
 * The same of the picture @name; with --force those of the old report go, and any that is in the
 * way, but for what the report is made of.
 */
static bool may_draw(const char *folder, const char *name, const void *data)
{
	const struct an_staging *stage = data;
	char *path = mb_format("%s/plots/%s", stage->out, name);
	int status = MB_OK;

	(void)folder;
	if (mb_is_folder(path))
		status = mb_fail(MB_REQUEST,
				 "%s: is a folder, and a picture needs its name; move it away",
				 path);
	else if (!stage->force)
		status = an_staging_refuse(path);
	else if (is_source(stage, path))
		status = mb_fail(MB_REQUEST,
				 "%s: a picture needs its name, and the report is made of it; "
				 "move it away",
				 path);
	free(path);
	return !status;
}

/* Add @name in OUT/@folder to what goes, unless the new report has one of that name. */
static void note_stale(const struct an_staging *stage, const char *folder, const char *name,
		       struct mb_list *stale)
{
	char *fresh = an_staging_path(stage, folder, name);
	char *old = mb_format("%s/%s/%s", stage->out, folder, name);

	if (!strchr(name, '/') && access(fresh, F_OK) && !is_source(stage, old))
		mb_list_add(stale, "%s", old);
	free(fresh);
	free(old);
}

/* Call @what for the rest of each link in the file @path that begins with @begin. */
static void each_link(const struct an_staging *stage, const char *path, const char *begin,
		      void (*what)(const struct an_staging *stage, const char *name,
				   struct mb_list *stale),
		      struct mb_list *stale)
{
	char *line = NULL, *end;
	size_t size = 0;
	FILE *in = fopen(path, "re");

	while (in && getline(&line, &size, in) > 0)
		for (char *at = line; (at = strstr(at, begin)); at = end + 1) {
			at += strlen(begin);
			end = strchr(at, '>');
			if (!end)
				break;
			*end = '\0';
			what(stage, at, stale);
		}
	if (in)
		fclose(in);
	free(line);
}

static void note_plot(const struct an_staging *stage, const char *name, struct mb_list *stale)
{
	note_stale(stage, "plots", name, stale);
}

static void note_page(const struct an_staging *stage, const char *name, struct mb_list *stale)
{
	char *path = mb_format("%s/" AN_STAGING_PAGES "/%s", stage->out, name);

	if (!strchr(name, '/') && is_ours(path)) {
		each_link(stage, path, BESIDE, note_plot, stale);
		note_stale(stage, AN_STAGING_PAGES, name, stale);
	}
	free(path);
}

/*
 * The report that is about to be replaced says which pages and plots are its own: it links to them,
 * or to a page that does. What else lies in the folders is somebody's, and so is what a first page links to that
 * somebody has written.
 */
static void note_old(const struct an_staging *stage, struct mb_list *stale)
{
	char *plots = mb_format("(<%s", stage->plots), *pages = mb_format("(<%s", stage->pages);

	if (begins_with(stage->markdown, stage->heading)) {
		each_link(stage, stage->markdown, pages, note_page, stale);
		each_link(stage, stage->markdown, plots, note_plot, stale);
	}
	free(plots);
	free(pages);
}

static int unplaced(const char *path)
{
	return mb_fail(an_staging_status(), "%s: cannot put the report in place: %s", path,
		       strerror(errno));
}

/* Make OUT/@folder, or see that files can be moved into it. */
static int open_folder(struct an_staging *stage, const char *folder)
{
	char *path = mb_format("%s/%s", stage->out, folder);
	bool done = an_staging_folder(stage, path) && !access(path, W_OK | X_OK);
	int status = done ? MB_OK : unplaced(path);

	free(path);
	return status;
}

/* Whether each file of the hidden @folder may be put into OUT/@folder, which @may has to say. */
static int check_folder(struct an_staging *stage, const char *folder,
			bool (*may)(const char *folder, const char *name, const void *data))
{
	char *hidden = an_staging_path(stage, folder, "");
	int status = open_folder(stage, folder);

	if (!status && !an_each_file(hidden, may, stage))
		status = MB_REQUEST;
	free(hidden);
	return status;
}

/* The first page is not among the others, nor called as their folders are, which exist by now. */
static int check_first(const struct an_staging *stage)
{
	static const char *const folders[] = { "plots", AN_STAGING_PAGES };
	char *in = mb_folder_of(stage->markdown);
	int status = MB_OK;

	for (int i = 0; i < 2 && !status; i++) {
		char *path = mb_format("%s/%s", stage->out, folders[i]);

		if (mb_same_file(path, in) || mb_same_file(path, stage->markdown))
			status = mb_fail(MB_REQUEST,
					 "%s: the folder %s is for what the first page links to; "
					 "choose another --markdown",
					 stage->markdown, path);
		free(path);
	}
	free(in);
	return status;
}

struct move {
	const char *to;
	int *status;
};

static bool move_in(const char *folder, const char *name, const void *data)
{
	const struct move *move = data;
	char *from = mb_format("%s/%s", folder, name), *to = mb_format("%s/%s", move->to, name);

	if (rename(from, to))
		*move->status = unplaced(to);
	free(from);
	free(to);
	return !*move->status;
}

/* Move what is in the hidden @folder to OUT/@folder. */
static int move_folder(const struct an_staging *stage, const char *folder)
{
	int status = MB_OK;
	char *from = an_staging_path(stage, folder, ""),
	     *to = mb_format("%s/%s", stage->out, folder);
	const struct move move = { .to = to, .status = &status };

	if (!an_each_file(from, move_in, &move) && !status)
		status = unplaced(to);
	free(from);
	free(to);
	return status;
}

/* OUT/@folder stays only where there is something in it. */
static void drop_empty(const struct an_staging *stage, const char *folder)
{
	char *path = mb_format("%s/%s", stage->out, folder);

	rmdir(path);
	free(path);
}

int an_staging_publish_alone(struct an_staging *stage)
{
	if (rename(stage->draft, stage->markdown))
		return unplaced(stage->markdown);
	while (stage->made_count)
		free(stage->made[--stage->made_count]);
	return MB_OK;
}

int an_staging_publish(struct an_staging *stage)
{
	struct mb_list stale = { 0 };
	/* What can fail does so before anything of an old report is touched. */
	int status = check_folder(stage, AN_STAGING_PAGES, may_replace)
			     ?: check_folder(stage, "plots", may_draw)
			     ?: check_first(stage);

	if (status)
		return status;
	note_old(stage, &stale);
	status = move_folder(stage, "plots")
			 ?: move_folder(stage, AN_STAGING_PAGES)
			 ?: an_staging_publish_alone(stage);
	if (!status) {
		for (size_t i = 0; i < stale.count; i++)
			unlink(stale.at[i]);
		drop_empty(stage, "plots");
		drop_empty(stage, AN_STAGING_PAGES);
	}
	mb_list_free(&stale);
	return status;
}
