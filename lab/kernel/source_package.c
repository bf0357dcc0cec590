// SPDX-License-Identifier: GPL-2.0-or-later
/* Which version of Debian's package of a kernel's source there is, and where. */
#include <stdlib.h>
#include <string.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/text.h"
#include "core/datadir.h"
#include "core/status.h"
#include "lab/base/spawn.h"
#include "lab/kernel/series.h"
#include "lab/kernel/source_package.h"

char *lab_installed_archive(const char *package)
{
	return mb_format("/usr/src/%s.tar.xz", package);
}

char *lab_installed_version(const char *package)
{
	static const char sign[] = " installed ";
	char *archive = lab_installed_archive(package), *output = NULL, *version = NULL;
	struct mb_list words = { 0 };
	size_t length = strlen(package);

	mb_list_add(&words, "dpkg-query");
	mb_list_add(&words, "-W");
	mb_list_add(&words, "-f=${Package} ${db:Status-Status} ${Version}\n");
	mb_list_add(&words, "%s", package);
	if (mb_exists(archive))
		output = lab_apt_ask(&words);
	/* It takes patterns, and may answer with more than one. */
	for (const char *line = output; line && *line; line += *line == '\n') {
		if (!version && !strncmp(line, package, length) &&
		    !strncmp(line + length, sign, strlen(sign))) {
			line += length + strlen(sign);
			version = mb_format("%.*s", (int)strcspn(line, "\n"), line);
		}
		line += strcspn(line, "\n");
	}
	mb_list_free(&words);
	free(output);
	free(archive);
	return version;
}

bool lab_source_is_tree(const char *tree)
{
	char *kconfig = mb_format("%s/Kconfig", tree);
	bool is = mb_exists(kconfig);

	free(kconfig);
	return is;
}

bool lab_source_unfinished(const char *name)
{
	static const char *const tails[] = { LAB_SOURCE_PARTIAL, LAB_SOURCE_FETCH };
	size_t length = strlen(name);

	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++)
		if (length > strlen(tails[i]) &&
		    !strcmp(name + length - strlen(tails[i]), tails[i]))
			return true;
	return false;
}

/* The newest version of which the cache holds the tree, or NULL: works without any network. */
char *lab_source_cached(const char *package)
{
	char *cache = mb_cache_path("src"), *prefix = mb_format("%s_", package), *version = NULL;
	size_t length = strlen(prefix);
	struct mb_list names = { 0 };

	mb_names_in(cache, "", &names);
	for (size_t i = 0; i < names.count; i++) {
		const char *other = names.at[i] + length;

		if (strncmp(names.at[i], prefix, length) || lab_source_unfinished(names.at[i]) ||
		    (version && !lab_apt_older(version, other)))
			continue;
		free(version);
		version = mb_strdup(other);
	}
	mb_list_free(&names);
	free(prefix);
	free(cache);
	return version;
}

/* Where the tree of that version is, or will be, in the cache; malloc'd. */
static char *tree_of(const char *package, const char *version)
{
	char *relative = mb_format("src/%s_%s", package, version), *tree;

	/* An epoch's colon would separate words in make. */
	for (char *p = relative; *p; p++)
		if (*p == ':')
			*p = '_';
	tree = mb_cache_path(relative);
	free(relative);
	return tree;
}

/* Its version in another suite, whose lists are fetched for that. */
static int foreign_version(const struct lab_wanted *wanted, struct mb_progress *progress,
			   struct lab_source *source)
{
	int status;

	mb_step(progress, "look into %s for %s", wanted->suite, wanted->package);
	status = lab_apt_open(&source->apt, wanted->suite, NULL);
	if (!status)
		source->version = lab_apt_version(&source->apt, wanted->package, NULL);
	mb_progress_clear(progress);
	return status;
}

/* One line: nothing has the package, but perhaps others of its kind. */
static int no_package(const struct lab_wanted *wanted, const struct lab_source *source)
{
	static const char own[] = "this machine's package lists", give[] = "--source DIR|TARBALL";
	const char *reason = lab_apt_reason(&source->apt);
	char *head = lab_series_head(wanted->package), *names;
	struct mb_list others = { 0 };

	lab_series_list(&source->apt, head, &others);
	names = mb_list_join(&others);
	if (others.count)
		mb_fail(MB_MACHINE,
			"%s: no such package (any more); in %s: %s; try one of those, or %s, or give the "
			"source with %s",
			wanted->package, wanted->suite ? wanted->suite : own, names,
			wanted->suite ? "the kernel newest" : "apt-get update", give);
	else if (wanted->suite)
		mb_fail(MB_MACHINE,
			"%s: neither %s nor its apt sources, asked for %s, have it%s%s%s; give "
			"the source with %s",
			wanted->package, own, wanted->suite, reason ? " (" : "",
			reason ? reason : "", reason ? ")" : "", give);
	else
		mb_fail(MB_MACHINE,
			"%s: no such package in %s; try: apt-get update, or give the source with %s",
			wanted->package, own, give);
	mb_list_free(&others);
	free(names);
	free(head);
	return MB_MACHINE;
}

/* The newest in the cache of all of this @head, or NULL. */
static char *cached_series(const char *head)
{
	char *cache = mb_cache_path("src"), *newest = NULL;
	struct mb_list folders = { 0 }, packages = { 0 };

	mb_names_in(cache, "", &folders);
	free(cache);
	for (size_t i = 0; i < folders.count; i++) {
		char *package = mb_format("%.*s", (int)strcspn(folders.at[i], "_"), folders.at[i]);

		if (lab_series_is(package, head) && !lab_source_unfinished(folders.at[i]))
			mb_list_add(&packages, "%s", package);
		free(package);
	}
	lab_series_sort(&packages);
	if (packages.count)
		newest = mb_strdup(packages.at[packages.count - 1]);
	mb_list_free(&packages);
	mb_list_free(&folders);
	return newest;
}

/* The package of the highest version that the suite has, or, if it can't be asked, the cache. */
static int find_newest(const struct lab_wanted *wanted, struct mb_progress *progress,
		       struct lab_source *source)
{
	struct mb_list packages = { 0 };
	const char *reason;
	int status;

	mb_step(progress, "look into %s for the newest %s*", wanted->suite, wanted->head);
	status = lab_apt_open(&source->apt, wanted->suite, NULL);
	mb_progress_clear(progress);
	if (status || lab_interrupted)
		return MB_MACHINE;
	lab_series_list(&source->apt, wanted->head, &packages);
	if (packages.count) {
		source->package = mb_strdup(packages.at[packages.count - 1]);
		source->version = lab_apt_version(&source->apt, source->package, NULL);
	}
	mb_list_free(&packages);
	if (source->version)
		return MB_OK;
	reason = lab_apt_reason(&source->apt);
	reason = reason ? reason : "it has none";
	source->package = cached_series(wanted->head);
	if (source->package)
		source->version = lab_source_cached(source->package);
	if (!source->version)
		return mb_fail(MB_MACHINE,
			       "%s*: none in %s (%s) and none in the cache; give the source with "
			       "--source DIR|TARBALL",
			       wanted->head, wanted->suite, reason);
	mb_note("%s*: none in %s (%s); taking %s, the newest in the cache", wanted->head,
		wanted->suite, reason, source->package);
	return MB_OK;
}

/* Whether @apt has that very version. */
static bool has_version(const struct lab_apt *apt, const struct lab_wanted *wanted)
{
	struct mb_list packages = { 0 };
	struct lab_apt_offer *offers;
	size_t count;
	bool has = false;

	mb_list_add(&packages, "%s", wanted->package);
	offers = lab_apt_offers(apt, &packages, &count);
	for (size_t i = 0; i < count; i++)
		has |= !strcmp(offers[i].version, wanted->version);
	lab_apt_offers_free(offers, count);
	mb_list_free(&packages);
	return has;
}

/* One version and no other: in the cache, installed, in this machine's lists, or in the suite. */
static int find_version(const struct lab_wanted *wanted, struct mb_progress *progress,
			struct lab_source *source)
{
	const struct lab_apt own = { 0 };
	char *folder = tree_of(wanted->package, wanted->version);
	char *installed = lab_installed_version(wanted->package);
	bool has = (folder && mb_exists(folder)) ||
		   (installed && !strcmp(installed, wanted->version)) || has_version(&own, wanted);
	const char *reason;
	int status = MB_OK;

	free(installed);
	free(folder);
	source->package = mb_strdup(wanted->package);
	source->version = mb_strdup(wanted->version);
	source->exact = true;
	if (has || !wanted->suite) {
		reason = NULL;
	} else {
		mb_step(progress, "look into %s for %s %s", wanted->suite, wanted->package,
			wanted->version);
		status = lab_apt_open(&source->apt, wanted->suite, NULL);
		mb_progress_clear(progress);
		has = !status && has_version(&source->apt, wanted);
		reason = lab_apt_reason(&source->apt);
	}
	if (status || lab_interrupted)
		return MB_MACHINE;
	return has ? MB_OK
		   : mb_fail(MB_MACHINE,
			     "%s: no suite has version %s (any more)%s%s; give the source with "
			     "--source DIR|TARBALL",
			     wanted->package, wanted->version, reason ? ": " : "",
			     reason ? reason : "");
}

static int find_named(const struct lab_wanted *wanted, struct mb_progress *progress,
		      struct lab_source *source)
{
	const char *package = wanted->package;
	const struct lab_apt own = { 0 };
	int status = MB_OK;

	source->package = mb_strdup(package);
	source->version = lab_installed_version(package);
	if (!source->version)
		source->version = lab_apt_version(&own, package, NULL);
	/* What another suite once gave stays, until it is asked for anew. */
	if (!source->version && !(wanted->anew && wanted->suite))
		source->version = lab_source_cached(package);
	if (!source->version && wanted->suite)
		status = foreign_version(wanted, progress, source);
	if (!status && !source->version)
		source->version = lab_source_cached(package);
	if (status || lab_interrupted)
		return MB_MACHINE;
	return source->version ? MB_OK : no_package(wanted, source);
}

int lab_source_find_package(const struct lab_wanted *wanted, struct mb_progress *progress,
			    struct lab_source *source)
{
	int status = wanted->version   ? find_version(wanted, progress, source)
		     : wanted->package ? find_named(wanted, progress, source)
				       : find_newest(wanted, progress, source);

	if (status)
		return status;
	source->package_version = mb_strdup(source->version);
	source->tree = tree_of(source->package, source->version);
	return MB_OK;
}
