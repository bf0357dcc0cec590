// SPDX-License-Identifier: GPL-2.0-or-later
/* Where a kernel is built, by which key, and whether it can be. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/text.h"
#include "core/datadir.h"
#include "core/status.h"
#include "lab/base/spawn.h"
#include "lab/kernel/place.h"

/* Raised when the way of building changes, so that older kernels are not taken for new ones. */
#define RECIPE "migbench kernel 1"

void lab_build_key(const struct lab_build *b, const char *version, char key[MB_DIGEST_HEX])
{
	char *all = mb_format("%s\n%s\n%s\n%s", RECIPE, version, b->compiler.line, b->fragment);

	mb_digest(all, strlen(all), key);
	free(all);
}

/* It is what its configuration says, with nothing of the command line's. */
static bool is_plain(const struct lab_build *b)
{
	return !b->folder && !b->patches.count;
}

char *lab_build_label(const struct lab_build *b, const char *release)
{
	/* Of another architecture it is the same release. */
	if (is_plain(b) && !b->config.path && b->config.arch != lab_arch_default())
		return mb_format("%s-%s-%s", release, b->config.arch->name, b->config.page->name);
	return (is_plain(b) && !b->config.path) || strstr(release, b->name)
		       ? mb_strdup(release)
		       : mb_format("%s-%s", release, b->name);
}

struct lab_kernel lab_build_kernel(const struct lab_build *b, char *release, char *label)
{
	return (struct lab_kernel){ .name = (char *)b->name,
				    .release = release,
				    .label = label,
				    .key = (char *)b->key,
				    .source = b->source.version,
				    .tree = b->source.tree,
				    .config = is_plain(b) ? b->config.path : NULL,
				    .compiler = b->compiler.command,
				    .arch = b->config.arch,
				    .page = b->config.page,
				    .built = time(NULL),
				    .size = (long long)mb_tree_size(b->partial) };
}

unsigned long lab_build_room(void)
{
	char *cache = mb_cache_path("kernels");
	unsigned long room = ULONG_MAX;
	struct statvfs at;

	if (!statvfs(cache, &at))
		room = (unsigned long)((unsigned long long)at.f_bavail * at.f_frsize >> 20);
	free(cache);
	return room;
}

int lab_lock_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), error;

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB)) {
		error = errno;
		close(fd);
		errno = error;
		fd = -1;
	}
	return fd;
}

int lab_take_folder(const char *path, const char *name)
{
	bool said = false;
	int lock;

	for (;;) {
		if (mb_make_folders(path)) {
			mb_fail(MB_MACHINE, "%s: %m", path);
			return -1;
		}
		lock = lab_lock_folder(path);
		if (lock >= 0)
			return lock;
		/* Another one that ends just now takes it away. */
		if (errno == ENOENT)
			continue;
		if (errno != EWOULDBLOCK) {
			mb_fail(MB_MACHINE, "%s: %m", path);
			return -1;
		}
		if (lab_interrupted)
			return -1;
		if (!said)
			mb_note("kernel %s is being built by another migbench; waiting for that",
				name);
		said = true;
		poll(NULL, 0, 200);
	}
}

void lab_build_remove_stale(const struct lab_build *b)
{
	char *kernels = mb_cache_path("kernels");
	const char *own = mb_base_name(b->partial);
	size_t length = strlen(own);
	struct mb_list names = { 0 };

	mb_hidden_names_in(kernels, ".partial", &names);
	for (size_t i = 0; i < names.count; i++)
		if (strlen(names.at[i]) == length && strcmp(names.at[i], own) &&
		    !strncmp(names.at[i], own, strlen(b->name) + 2)) {
			char *path = mb_format("%s/%s", kernels, names.at[i]);
			int lock = lab_lock_folder(path);

			if (lock >= 0) {
				mb_remove_tree(path);
				close(lock);
			}
			free(path);
		}
	mb_list_free(&names);
	free(kernels);
}
