// SPDX-License-Identifier: GPL-2.0-or-later
/* Files and folders. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/text.h"

#define OPEN_FOLDERS 16

const char *mb_base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

char *mb_folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return mb_strdup(".");
	return slash == path ? mb_strdup("/") : mb_format("%.*s", (int)(slash - path), path);
}

bool mb_exists(const char *path)
{
	return !access(path, F_OK);
}

bool mb_is_folder(const char *path)
{
	struct stat st;

	if (stat(path, &st))
		return false;
	errno = ENOTDIR;
	return S_ISDIR(st.st_mode);
}

int mb_make_folders(const char *path)
{
	char *copy = mb_strdup(path);
	int status = 0;

	errno = ENOENT;
	if (!*copy)
		status = -1;
	for (char *p = copy + 1; !status; p++) {
		char was = *p;

		if (was && was != '/')
			continue;
		*p = '\0';
		if (mkdir(copy, 0777) && (errno != EEXIST || !mb_is_folder(copy)))
			status = -1;
		*p = was;
		if (!was)
			break;
	}
	free(copy);
	return status;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path) && errno != ENOENT ? -1 : 0;
}

int mb_remove_tree(const char *path)
{
	if (nftw(path, remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS) && errno != ENOENT)
		return -1;
	return 0;
}

unsigned long long mb_tree_size(const char *path)
{
	char *const roots[] = { (char *)path, NULL };
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	unsigned long long bytes = 0;
	FTSENT *entry;

	while (walk && (entry = fts_read(walk)))
		if (entry->fts_info != FTS_DP && entry->fts_info != FTS_NS &&
		    entry->fts_info != FTS_DNR)
			bytes += (unsigned long long)entry->fts_statp->st_blocks * 512;
	if (walk)
		fts_close(walk);
	return bytes;
}

char *mb_read_file(const char *path, size_t *length)
{
	FILE *in = fopen(path, "re");
	size_t used = 0, size = 65536, got;
	char *data;

	if (!in)
		return NULL;
	data = mb_alloc(size, 1);
	while ((got = fread(data + used, 1, size - used - 1, in)) > 0) {
		used += got;
		if (used + 1 == size) {
			size *= 2;
			data = mb_resize(data, size, 1);
		}
	}
	if (ferror(in)) {
		int error = errno;

		fclose(in);
		free(data);
		errno = error;
		return NULL;
	}
	fclose(in);
	data[used] = '\0';
	if (length)
		*length = used;
	return data;
}

bool mb_set_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool good = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	int saved = errno;

	if (fd >= 0)
		close(fd);
	errno = saved;
	return good;
}

int mb_put_in_place(const char *from, const char *to)
{
	int fd = open(from, O_RDONLY | O_CLOEXEC);
	int status = fd < 0 ? -1 : syncfs(fd);

	if (fd >= 0)
		close(fd);
	return status ? status : rename(from, to);
}

int mb_write_all(int fd, const void *data, size_t length)
{
	const char *at = data;

	while (length) {
		ssize_t wrote = write(fd, at, length);

		if (wrote < 0) {
			if (errno == EINTR)
				continue;
			return -1;
		}
		at += wrote;
		length -= (size_t)wrote;
	}
	return 0;
}

bool mb_read_line(const char *path, char *line, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd >= 0 ? read(fd, line, size - 1) : -1;

	if (fd >= 0)
		close(fd);
	line[got > 0 ? got : 0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	return *line;
}

int mb_write_file(const char *path, const void *data, size_t length)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666), status;

	if (fd < 0)
		return -1;
	status = mb_write_all(fd, data, length);
	if (close(fd))
		status = -1;
	return status;
}

/* Open a new file beside @path; its name, malloc'd, comes in *@name. */
static int open_beside(const char *path, char **name)
{
	int fd;

	for (unsigned int i = 0;; i++) {
		*name = mb_format("%s.part%u", path, i);
		fd = open(*name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (fd >= 0 || errno != EEXIST)
			return fd;
		free(*name);
	}
}

int mb_replace_file(const char *path, const void *data, size_t length)
{
	char *partial;
	int fd = open_beside(path, &partial), status = fd < 0 ? -1 : 0, error;

	if (!status)
		status = mb_write_all(fd, data, length);
	if (fd >= 0 && close(fd))
		status = -1;
	if (!status)
		status = rename(partial, path);
	error = errno;
	if (status && fd >= 0)
		unlink(partial);
	free(partial);
	errno = error;
	return status;
}

bool mb_lock_file(int fd)
{
	struct stat st;

	return fstat(fd, &st) || !S_ISREG(st.st_mode) || !flock(fd, LOCK_EX | LOCK_NB) ||
	       errno != EWOULDBLOCK;
}

static int names_in(const char *folder, const char *suffix, bool hidden, struct mb_list *names)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	if (!dir)
		return -1;
	while ((entry = readdir(dir))) {
		size_t length = strlen(entry->d_name), end = strlen(suffix);

		if ((entry->d_name[0] == '.') != hidden || length <= end ||
		    strcmp(entry->d_name + length - end, suffix))
			continue;
		mb_list_add(names, "%.*s", (int)(hidden ? length : length - end), entry->d_name);
	}
	closedir(dir);
	mb_list_sort(names);
	return 0;
}

int mb_names_in(const char *folder, const char *suffix, struct mb_list *names)
{
	return names_in(folder, suffix, false, names);
}

void mb_hidden_names_in(const char *folder, const char *suffix, struct mb_list *names)
{
	names_in(folder, suffix, true, names);
}

static bool is_one(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

bool mb_same_file(const char *a, const char *b)
{
	struct stat one, other;

	return !stat(a, &one) && !stat(b, &other) && is_one(&one, &other);
}

/* @path without links and dots, as far as its folders are there; malloc'd. */
static char *place_of(const char *path)
{
	char *real = realpath(path, NULL), *folder, *in;
	const char *name = mb_base_name(path);

	if (real)
		return real;
	folder = mb_folder_of(path);
	/* Of "." and "/" there is a real path, where there is any. */
	in = strcmp(folder, path) ? place_of(folder) : mb_strdup(folder);
	real = *name && strcmp(name, ".") ? mb_format("%s/%s", in, name) : mb_strdup(in);
	free(in);
	free(folder);
	return real;
}

bool mb_same_place(const char *a, const char *b)
{
	struct stat one, other;
	bool there = !stat(a, &one), same;
	char *mine, *others;

	if (there != !stat(b, &other))
		return false;
	if (there)
		return is_one(&one, &other) && S_ISREG(one.st_mode);
	mine = place_of(a);
	others = place_of(b);
	same = !strcmp(mine, others);
	free(others);
	free(mine);
	return same;
}
