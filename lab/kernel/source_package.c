// SPDX-License-Identifier: GPL-2.0-or-later
/* Which version of Debian's package of a kernel's source there is, and where. */
#include <stdlib.h>
#include <string.h>

#include "core/datadir.h"
#include "core/status.h"
#include "lab/base/spawn.h"
#include "lab/kernel/source_package.h"

char *lab_installed_archive(const char *package)
{
	return lab_format("/usr/src/%s.tar.xz", package);
}

char *lab_installed_version(const char *package)
{
	static const char sign[] = " installed ";
	char *archive = lab_installed_archive(package), *output = NULL, *version = NULL;
	struct lab_list words = { 0 };
	size_t length = strlen(package);

	lab_list_add(&words, "dpkg-query");
	lab_list_add(&words, "-W");
	lab_list_add(&words, "-f=${Package} ${db:Status-Status} ${Version}\n");
	lab_list_add(&words, "%s", package);
	if (lab_exists(archive))
		output = lab_apt_ask(&words);
	/* It takes patterns, and may answer with more than one. */
	for (const char *line = output; line && *line; line += *line == '\n') {
		if (!version && !strncmp(line, package, length) &&
		    !strncmp(line + length, sign, strlen(sign))) {
			line += length + strlen(sign);
			version = lab_format("%.*s", (int)strcspn(line, "\n"), line);
		}
		line += strcspn(line, "\n");
	}
	lab_list_free(&words);
	free(output);
	free(archive);
	return version;
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
static char *cached_version(const char *package)
{
	char *cache = mb_cache_path("src"), *prefix = lab_format("%s_", package), *version = NULL;
	size_t length = strlen(prefix);
	struct lab_list names = { 0 };

	if (cache)
		lab_names_in(cache, "", &names);
	for (size_t i = 0; i < names.count; i++) {
		const char *other = names.at[i] + length;

		if (strncmp(names.at[i], prefix, length) || lab_source_unfinished(names.at[i]) ||
		    (version && !lab_apt_older(version, other)))
			continue;
		free(version);
		version = lab_strdup(other);
	}
	lab_list_free(&names);
	free(prefix);
	free(cache);
	return version;
}

/* Its version in another suite, whose lists are fetched for that. */
static int foreign_version(const struct lab_wanted *wanted, struct lab_progress *progress,
			   struct lab_source *source)
{
	int status;

	lab_step(progress, "look into %s for %s", wanted->suite, wanted->package);
	status = lab_apt_open(&source->apt, wanted->suite, NULL);
	if (!status)
		source->version = lab_apt_version(&source->apt, wanted->package, NULL);
	lab_progress_clear(progress);
	return status;
}

/* One line: nothing has the package. */
static int no_package(const struct lab_wanted *wanted, const struct lab_source *source)
{
	const char *reason = lab_apt_reason(&source->apt);

	if (!wanted->suite)
		return mb_fail(MB_MACHINE,
			       "%s: no such package in this machine's package lists; try: "
			       "apt-get update, or give the tree with --source",
			       wanted->package);
	return mb_fail(MB_MACHINE,
		       "%s: neither this machine's package lists nor its apt sources, asked for "
		       "%s, have it%s%s%s; give a kernel tree with --source",
		       wanted->package, wanted->suite, reason ? " (" : "", reason ? reason : "",
		       reason ? ")" : "");
}

int lab_source_find_package(const struct lab_wanted *wanted, struct lab_progress *progress,
			    struct lab_source *source)
{
	const char *package = wanted->package;
	const struct lab_apt own = { 0 };
	int status = MB_OK;
	char *relative;

	source->package = lab_strdup(package);
	source->version = lab_installed_version(package);
	if (!source->version)
		source->version = lab_apt_version(&own, package, NULL);
	/* What another suite once gave stays, until it is asked for anew. */
	if (!source->version && !(wanted->newest && wanted->suite))
		source->version = cached_version(package);
	if (!source->version && wanted->suite)
		status = foreign_version(wanted, progress, source);
	if (!status && !source->version)
		source->version = cached_version(package);
	if (status || lab_interrupted)
		return MB_MACHINE;
	if (!source->version)
		return no_package(wanted, source);
	source->package_version = lab_strdup(source->version);
	relative = lab_format("src/%s_%s", package, source->version);
	/* An epoch's colon would separate words in make. */
	for (char *p = relative; *p; p++)
		if (*p == ':')
			*p = '_';
	source->tree = mb_cache_path(relative);
	free(relative);
	return source->tree ? MB_OK : mb_fail(MB_MACHINE, "out of memory");
}
