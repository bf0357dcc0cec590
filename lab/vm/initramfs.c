// SPDX-License-Identifier: GPL-2.0-or-later
/* The archive, collected, sorted and written by libarchive. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <archive.h>
#include <archive_entry.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/vm/initramfs.h"

struct lab_entry {
	char *path; /* without the leading slash */
	mode_t mode; /* with the file type */
	char *from; /* a regular file's content is this file's, … */
	char *data; /* … or this; a link's target */
	size_t length;
};

int lab_initramfs_has(const struct lab_initramfs *fs, const char *path)
{
	for (size_t i = 0; i < fs->count; i++)
		if (!strcmp(fs->entries[i].path, path + 1))
			return 1;
	return 0;
}

static struct lab_entry *add(struct lab_initramfs *fs, const char *path, mode_t mode)
{
	const char *slash = strrchr(path, '/');
	struct lab_entry *entries;

	if (slash > path) {
		char *folder = mb_format("%.*s", (int)(slash - path), path);

		if (!lab_initramfs_has(fs, folder))
			add(fs, folder, S_IFDIR | 0755);
		free(folder);
	}
	entries = mb_resize(fs->entries, fs->count + 1, sizeof(*entries));
	fs->entries = entries;
	entries[fs->count] = (struct lab_entry){ .path = mb_strdup(path + 1), .mode = mode };
	return &entries[fs->count++];
}

void lab_initramfs_folder(struct lab_initramfs *fs, const char *path)
{
	if (!lab_initramfs_has(fs, path))
		add(fs, path, S_IFDIR | 0755);
}

void lab_initramfs_file(struct lab_initramfs *fs, const char *path, const char *from, mode_t mode)
{
	if (!lab_initramfs_has(fs, path))
		add(fs, path, S_IFREG | (mode & 07777))->from = mb_strdup(from);
}

void lab_initramfs_data(struct lab_initramfs *fs, const char *path, const void *data, size_t length)
{
	struct lab_entry *entry = add(fs, path, S_IFREG | 0644);

	entry->data = mb_alloc(1, length + 1);
	memcpy(entry->data, data, length);
	entry->length = length;
}

void lab_initramfs_link(struct lab_initramfs *fs, const char *path, const char *target)
{
	if (!lab_initramfs_has(fs, path))
		add(fs, path, S_IFLNK | 0777)->data = mb_strdup(target);
}

int lab_initramfs_tree(struct lab_initramfs *fs, const char *path, const char *from)
{
	DIR *dir = opendir(from);
	struct dirent *item;
	int status = 0;

	if (!dir)
		return -1;
	lab_initramfs_folder(fs, path);
	while (!status && (item = readdir(dir))) {
		char *inside = mb_format("%s/%s", path, item->d_name);
		char *outside = mb_format("%s/%s", from, item->d_name);
		struct stat st;

		if (!strcmp(item->d_name, ".") || !strcmp(item->d_name, ".."))
			;
		else if (lstat(outside, &st))
			status = -1;
		else if (S_ISDIR(st.st_mode))
			status = lab_initramfs_tree(fs, inside, outside);
		else if (S_ISREG(st.st_mode))
			/* Modes differ between checkouts (umask); what the guest sees must not. */
			lab_initramfs_file(fs, inside, outside, st.st_mode & 0100 ? 0755 : 0644);
		free(outside);
		free(inside);
	}
	closedir(dir);
	return status;
}

static int by_path(const void *a, const void *b)
{
	const struct lab_entry *left = a, *right = b;

	return strcmp(left->path, right->path);
}

static int write_entry(struct archive *archive, const struct lab_entry *from, int64_t inode)
{
	struct archive_entry *entry = archive_entry_new();
	const char *data = from->data;
	size_t length = from->length;
	char *file = NULL;
	int status = 0;

	if (!entry)
		return -1;
	if (from->from) {
		file = mb_read_file(from->from, &length);
		data = file;
		if (!file)
			status = mb_fail(MB_MACHINE, "%s: %m", from->from);
	}
	/* Nothing but content and modes: times, owners and inodes of this machine stay out. */
	archive_entry_set_pathname(entry, from->path);
	archive_entry_set_mode(entry, from->mode);
	archive_entry_set_ino64(entry, inode);
	archive_entry_set_nlink(entry, S_ISDIR(from->mode) ? 2 : 1);
	archive_entry_set_mtime(entry, 0, 0);
	if (S_ISLNK(from->mode))
		archive_entry_set_symlink(entry, from->data);
	archive_entry_set_size(entry, S_ISREG(from->mode) ? (int64_t)length : 0);
	if (!status && archive_write_header(archive, entry) != ARCHIVE_OK)
		status = -1;
	if (!status && S_ISREG(from->mode) && length &&
	    archive_write_data(archive, data, length) != (la_ssize_t)length)
		status = -1;
	archive_entry_free(entry);
	free(file);
	return status;
}

int lab_initramfs_write(struct lab_initramfs *fs, const char *out)
{
	struct archive *archive = archive_write_new();
	int status;

	if (!archive)
		return mb_fail(MB_MACHINE, "out of memory");
	qsort(fs->entries, fs->count, sizeof(*fs->entries), by_path);
	archive_write_set_format_cpio_newc(archive);
	archive_write_add_filter_none(archive);
	status = archive_write_open_filename(archive, out) == ARCHIVE_OK ? 0 : -1;
	for (size_t i = 0; !status && i < fs->count; i++)
		status = write_entry(archive, &fs->entries[i], (int64_t)i + 1);
	if (!status && archive_write_close(archive) != ARCHIVE_OK)
		status = -1;
	if (status < 0)
		status = mb_fail(MB_MACHINE, "%s: cannot write: %s", out,
				 archive_errno(archive)		 ? strerror(archive_errno(archive))
				 : archive_error_string(archive) ? archive_error_string(archive)
								 : "out of memory");
	archive_write_free(archive);
	return status;
}

void lab_initramfs_free(struct lab_initramfs *fs)
{
	for (size_t i = 0; i < fs->count; i++) {
		free(fs->entries[i].path);
		free(fs->entries[i].from);
		free(fs->entries[i].data);
	}
	free(fs->entries);
	*fs = (struct lab_initramfs){ 0 };
}
