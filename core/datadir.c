// SPDX-License-Identifier: GPL-2.0-or-later
/* Paths of the data folder, the cache and this program, from where it lies. */
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/datadir.h"

char *mb_self_path(void)
{
	char self[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

	return length <= 0 ? NULL : strndup(self, (size_t)length);
}

char *mb_built_path(const char *name)
{
	static const char *const places[] = { "", "../lib/migbench/" };
	char *self = mb_self_path(), *path, *real = NULL;

	if (!self)
		return NULL;
	*strrchr(self, '/') = '\0';
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]) && !real; i++) {
		path = mb_format("%s/%s%s", self, places[i], name);
		real = realpath(path, NULL);
		free(path);
	}
	free(self);
	return real;
}

char *mb_data_path(const char *relative)
{
	const char *set = getenv("MIGBENCH_DATA");
	char *self, *probe, *path;

	if (set && *set)
		return mb_format("%s/%s", set, relative);
	self = mb_self_path();
	if (!self)
		return mb_format("./%s", relative);
	for (int up = 0; up < 2; up++) {
		char *slash = strrchr(self, '/');

		if (slash)
			*slash = '\0';
	}
	probe = mb_format("%s/configs", self);
	path = mb_format(access(probe, F_OK) ? "%s/share/migbench/%s" : "%s/%s", self, relative);
	free(probe);
	free(self);
	return path;
}

char *mb_cache_path(const char *relative)
{
	const char *set = getenv("MIGBENCH_CACHE"), *xdg = getenv("XDG_CACHE_HOME");
	const char *home = getenv("HOME");
	struct passwd entry, *user = NULL;
	char text[4096];

	/* Services may have no HOME; a folder that all may write to would be anybody's. */
	if (!home || *home != '/')
		if (getpwuid_r(geteuid(), &entry, text, sizeof(text), &user))
			user = NULL;
	if (user)
		home = user->pw_dir;

	if (set && *set)
		return mb_format("%s/%s", set, relative);
	if (xdg && *xdg == '/') /* a relative one is to be ignored, says its specification */
		return mb_format("%s/migbench/%s", xdg, relative);
	return mb_format("%s/.cache/migbench/%s", home ? home : "", relative);
}
