// SPDX-License-Identifier: GPL-2.0-or-later
/* A report's move into place: what of the one before goes, and what is not of a report stays. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/base/text.h"
#include "analysis/plot/staging.h"
#include "core/outputs.h"
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

static bool is_ours(const char *path)
{
	char line[sizeof(MARK)] = "";
	FILE *in = fopen(path, "re");
	bool ours = in && fgets(line, sizeof(line), in) && !strcmp(line, MARK);

	if (in)
		fclose(in);
	return ours;
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
	bool may = stage->force || !an_staging_refuse(path);

	(void)folder;
	if (may && is_source(stage, path)) {
		mb_fail(MB_REQUEST,
			"%s: a picture needs its name, and the report is made of it; move it away",
			path);
		may = false;
	}
	free(path);
	return may;
}

/* Unlink @name in OUT/@folder unless the new report has one of that name. */
static void drop_stale(const struct an_staging *stage, const char *folder, const char *name)
{
	char *fresh = an_staging_path(stage, folder, name);
	char *old = mb_format("%s/%s/%s", stage->out, folder, name);

	if (!strchr(name, '/') && access(fresh, F_OK) && !is_source(stage, old))
		unlink(old);
	free(fresh);
	free(old);
}

/* Call @what for the rest of each link in the file @path that begins with @begin. */
static void each_link(const struct an_staging *stage, const char *path, const char *begin,
		      void (*what)(const struct an_staging *stage, const char *name))
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
			what(stage, at);
		}
	if (in)
		fclose(in);
	free(line);
}

static void drop_plot(const struct an_staging *stage, const char *name)
{
	drop_stale(stage, "plots", name);
}

static void drop_page(const struct an_staging *stage, const char *name)
{
	char *path = mb_format("%s/" AN_STAGING_PAGES "/%s", stage->out, name);

	if (!strchr(name, '/') && is_ours(path)) {
		each_link(stage, path, BESIDE, drop_plot);
		drop_stale(stage, AN_STAGING_PAGES, name);
	}
	free(path);
}

/*
 * The report that is about to be replaced says which pages and plots are its own: it links to them,
 * or to a page that does. What else lies in the folders is somebody's.
 */
static void drop_old(const struct an_staging *stage)
{
	char *plots = mb_format("(<%s", stage->plots), *pages = mb_format("(<%s", stage->pages);

	each_link(stage, stage->markdown, pages, drop_page);
	each_link(stage, stage->markdown, plots, drop_plot);
	free(plots);
	free(pages);
}

static bool move_in(const char *folder, const char *name, const void *data)
{
	char *from = mb_format("%s/%s", folder, name),
	     *to = mb_format("%s/%s", (const char *)data, name);
	bool done = !rename(from, to);

	free(from);
	free(to);
	return done;
}

/* Move what is in the hidden @folder to OUT/@folder, which stays only where there is something in it. */
static bool move_folder(struct an_staging *stage, const char *folder)
{
	char *from = an_staging_path(stage, folder, ""),
	     *to = mb_format("%s/%s", stage->out, folder);
	bool done = an_staging_folder(stage, to) && an_each_file(from, move_in, to);
	int error = errno;

	if (done)
		rmdir(to);
	free(from);
	free(to);
	errno = error;
	return done;
}

static int unplaced(const struct an_staging *stage)
{
	return mb_fail(an_staging_status(), "%s: cannot put the report in place: %s", stage->out,
		       strerror(errno));
}

int an_staging_publish_alone(struct an_staging *stage)
{
	if (rename(stage->draft, stage->markdown))
		return unplaced(stage);
	while (stage->made_count)
		free(stage->made[--stage->made_count]);
	return MB_OK;
}

int an_staging_publish(struct an_staging *stage)
{
	char *pages = an_staging_path(stage, AN_STAGING_PAGES, ""),
	     *plots = an_staging_path(stage, "plots", "");
	bool may = an_each_file(pages, may_replace, stage) && an_each_file(plots, may_draw, stage);

	free(plots);
	free(pages);
	if (!may)
		return MB_REQUEST;
	drop_old(stage);
	if (!move_folder(stage, "plots") || !move_folder(stage, AN_STAGING_PAGES))
		return unplaced(stage);
	return an_staging_publish_alone(stage);
}
