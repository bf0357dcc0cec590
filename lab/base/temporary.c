// SPDX-License-Identifier: GPL-2.0-or-later
/* Temporary folders, locked as long as their owner lives. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/base/temporary.h"

#define PREFIX "migbench-lab-"
/* A folder is locked right after it was made; a younger one may be on its way there. */
#define YOUNG_S 60

static struct mb_list temporaries;
static int registered;

void lab_remove_temporaries(void)
{
	for (size_t i = 0; i < temporaries.count; i++)
		mb_remove_tree(temporaries.at[i]);
	mb_list_free(&temporaries);
}

/* A lock on the folder tells the living from the dead; it goes with the process that holds it. */
static int lock_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* What a killed migbench could not remove. */
static void remove_abandoned(const char *where)
{
	struct mb_list names = { 0 };

	mb_names_in(where, "", &names);
	for (size_t i = 0; i < names.count; i++) {
		char *path;
		struct stat st;
		int lock;

		if (strncmp(names.at[i], PREFIX, strlen(PREFIX)))
			continue;
		path = mb_format("%s/%s", where, names.at[i]);
		if (!lstat(path, &st) && S_ISDIR(st.st_mode) && st.st_uid == geteuid() &&
		    time(NULL) - st.st_mtime > YOUNG_S) {
			lock = lock_folder(path);
			if (lock >= 0) {
				mb_remove_tree(path);
				close(lock);
			}
		}
		free(path);
	}
	mb_list_free(&names);
}

static const char *place(void)
{
	const char *set = getenv("TMPDIR");

	return set && *set ? set : "/tmp";
}

static void no_room(const char *kind, const char *where)
{
	mb_fail(MB_MACHINE, "no temporary %s in %s, which TMPDIR can change: %m", kind, where);
}

FILE *lab_temporary_file(void)
{
	char *path = mb_format("%s/" PREFIX "file-XXXXXX", place());
	int fd = mkostemp(path, O_CLOEXEC);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w+");

	if (!file)
		no_room("file", place());
	if (fd >= 0)
		unlink(path);
	if (fd >= 0 && !file)
		close(fd);
	free(path);
	return file;
}

char *lab_temporary(void)
{
	const char *where = place();
	char *path;

	remove_abandoned(where);
	path = mb_format("%s/" PREFIX "XXXXXX", where);
	if (!mkdtemp(path)) {
		no_room("folder", where);
		free(path);
		return NULL;
	}
	/* Held until we end; without a lock the folder is merely less safe from our successors. */
	lock_folder(path);
	if (!registered++)
		atexit(lab_remove_temporaries);
	mb_list_add(&temporaries, "%s", path);
	return path;
}
