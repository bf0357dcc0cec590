// SPDX-License-Identifier: GPL-2.0-or-later
/* Debian packages: an ar(1) archive of two tar files, control.tar and data.tar, packed somehow. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <archive.h>
#include <archive_entry.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/base/deb.h"
#include "lab/base/spawn.h"

#define PIECE 65536

/* A tar file that is read out of an ar file. */
struct member {
	struct archive *outer, *inner;
};

static la_ssize_t read_outer(struct archive *inner, void *context, const void **data)
{
	struct member *member = context;
	la_int64_t offset;
	size_t size = 0;
	int status = archive_read_data_block(member->outer, data, &size, &offset);

	if (status == ARCHIVE_OK || status == ARCHIVE_EOF)
		return status == ARCHIVE_OK ? (la_ssize_t)size : 0;
	archive_set_error(inner, archive_errno(member->outer), "%s",
			  archive_error_string(member->outer));
	return -1;
}

/* The reason of the last failure. */
static char *reason(struct archive *archive)
{
	const char *said = archive_error_string(archive);
	int error = archive_errno(archive);

	return mb_format("%s%s%s", said ? said : "it is damaged", error > 0 ? ": " : "",
			 error > 0 ? strerror(error) : "");
}

static void close_member(struct member *member)
{
	archive_read_free(member->inner);
	archive_read_free(member->outer);
}

/* Open the tar file of the package whose name begins with @name. */
static int open_member(struct member *member, const char *path, const char *name, char **why)
{
	struct archive_entry *entry;
	int status;

	member->outer = archive_read_new();
	member->inner = archive_read_new();
	if (!member->outer || !member->inner)
		mb_no_memory();
	archive_read_support_format_ar(member->outer);
	archive_read_support_filter_all(member->inner);
	archive_read_support_format_tar(member->inner);
	status = archive_read_open_filename(member->outer, path, PIECE);
	while (status == ARCHIVE_OK &&
	       (status = archive_read_next_header(member->outer, &entry)) == ARCHIVE_OK &&
	       strncmp(archive_entry_pathname(entry), name, strlen(name)))
		;
	if (status == ARCHIVE_EOF)
		*why = mb_format("it has no %s", name);
	else if (status != ARCHIVE_OK)
		*why = reason(member->outer);
	else if (archive_read_open(member->inner, member, NULL, read_outer, NULL) != ARCHIVE_OK)
		*why = reason(member->inner);
	else
		return 0;
	close_member(member);
	return -1;
}

/* Warnings, as of a time that could not be set, are none of ours. */
static bool bad(int status)
{
	return status != ARCHIVE_OK && status != ARCHIVE_WARN;
}

/* A link to an absolute path means the root that its package is installed in; here that is the folder. */
static void keep_inside(struct archive_entry *entry)
{
	const char *path = archive_entry_pathname(entry), *target = archive_entry_symlink(entry);
	char *inside, *next;

	if (!target || *target != '/')
		return;
	inside = mb_strdup(target + strspn(target, "/"));
	path += strspn(path, "./");
	while ((path = strchr(path, '/'))) {
		path += strspn(path, "/");
		next = mb_format("../%s", inside);
		free(inside);
		inside = next;
	}
	archive_entry_set_symlink(entry, inside);
	free(inside);
}

/* Write one file; *@failed is the archive that knows why if that fails. */
static int extract_one(struct archive *from, struct archive *to, struct archive_entry *entry,
		       const char *folder, struct archive **failed)
{
	const char *link = archive_entry_hardlink(entry);
	char *path = mb_format("%s/%s", folder, archive_entry_pathname(entry));
	char *target = link ? mb_format("%s/%s", folder, link) : NULL;
	const void *data;
	size_t size;
	la_int64_t at;
	int status;

	keep_inside(entry);
	archive_entry_set_pathname(entry, path);
	if (target)
		archive_entry_set_hardlink(entry, target);
	free(target);
	free(path);
	*failed = to;
	if (bad(archive_write_header(to, entry)))
		return -1;
	while (!lab_interrupted &&
	       (status = archive_read_data_block(from, &data, &size, &at)) != ARCHIVE_EOF) {
		if (bad(status)) {
			*failed = from;
			return -1;
		}
		if (archive_write_data_block(to, data, size, at) < ARCHIVE_WARN)
			return -1;
	}
	return bad(archive_write_finish_entry(to)) ? -1 : 0;
}

int lab_deb_unpack(const char *path, const char *folder, char **why)
{
	struct archive *disk, *failed = NULL;
	struct archive_entry *entry;
	struct member member;
	int status;

	*why = NULL;
	if (open_member(&member, path, "data.tar", why))
		return -1;
	disk = archive_write_disk_new();
	if (!disk)
		mb_no_memory();
	archive_write_disk_set_options(disk, ARCHIVE_EXTRACT_TIME | ARCHIVE_EXTRACT_PERM |
						     ARCHIVE_EXTRACT_SECURE_NODOTDOT);
	while (!failed && !lab_interrupted &&
	       (status = archive_read_next_header(member.inner, &entry)) != ARCHIVE_EOF) {
		struct archive *culprit = member.inner;

		if (bad(status) || extract_one(member.inner, disk, entry, folder, &culprit))
			failed = culprit;
	}
	/* What is left to write, the folders' times, may still fail. */
	if (!failed && archive_write_close(disk) != ARCHIVE_OK)
		failed = disk;
	if (failed && !lab_interrupted)
		*why = reason(failed);
	archive_write_free(disk);
	close_member(&member);
	return failed || lab_interrupted ? -1 : 0;
}

/* The lines of the control file of the package that @member has open; malloc'd, or NULL. */
static char *read_control(struct member *member)
{
	struct archive_entry *entry;
	char piece[4096], *text = NULL;
	la_ssize_t got = -1;
	size_t size;
	FILE *out;

	while (archive_read_next_header(member->inner, &entry) == ARCHIVE_OK) {
		const char *name = archive_entry_pathname(entry);

		if (strcmp(name, "./control") && strcmp(name, "control"))
			continue;
		out = mb_text_open(&text, &size);
		while ((got = archive_read_data(member->inner, piece, sizeof(piece))) > 0)
			fwrite(piece, 1, (size_t)got, out);
		mb_text_close(out);
		if (!got)
			return text;
		free(text);
		break;
	}
	return NULL;
}

char *lab_deb_field(const char *path, const char *field)
{
	char *control, *line, *rest, *value = NULL, *why = NULL;
	size_t length = strlen(field);
	struct member member;

	if (open_member(&member, path, "control.tar", &why)) {
		free(why);
		return NULL;
	}
	control = rest = read_control(&member);
	while (!value && rest && (line = strsep(&rest, "\n")))
		if (!strncasecmp(line, field, length) && line[length] == ':')
			value = mb_strdup(line + length + 1 + strspn(line + length + 1, " \t"));
	close_member(&member);
	if (control && !value)
		value = mb_strdup("");
	free(control);
	return value;
}

int lab_deb_unpack_all(const char *debs, const char *root)
{
	struct mb_list names = { 0 };
	int status = MB_OK;

	mb_names_in(debs, ".deb", &names);
	for (size_t i = 0; !status && i < names.count; i++) {
		char *deb = mb_format("%s/%s.deb", debs, names.at[i]), *why;

		if (lab_deb_unpack(deb, root, &why))
			status = lab_interrupted ? MB_MACHINE
						 : mb_fail(MB_MACHINE, "%s: cannot unpack it: %s",
							   names.at[i], why);
		if (status)
			free(why);
		free(deb);
	}
	mb_list_free(&names);
	return status;
}
