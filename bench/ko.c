// SPDX-License-Identifier: GPL-2.0-or-later
/* A module's file, unpacked if need be, and what its notes say. */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/ko.h"
#include "core/base/text.h"
#include "core/datadir.h"
#include "core/status.h"

#define STEP 65536

static bool read_all(struct archive *in, struct mb_ko *ko)
{
	for (;;) {
		la_ssize_t got;

		ko->data = mb_resize(ko->data, ko->size + STEP, 1);
		got = archive_read_data(in, ko->data + ko->size, STEP);
		if (got <= 0)
			return !got;
		ko->size += (size_t)got;
	}
}

int mb_ko_read(const char *path, struct mb_ko *ko)
{
	struct archive *in;
	struct archive_entry *entry;
	struct stat st;
	int got, status = MB_OK;

	*ko = (struct mb_ko){ 0 };
	if (stat(path, &st) || access(path, R_OK))
		return mb_fail(MB_REQUEST, "load: %s: %m", path);
	if (!S_ISREG(st.st_mode))
		return mb_fail(MB_REQUEST, "load: %s: not a regular file", path);
	in = archive_read_new();
	if (!in)
		return mb_fail(MB_MACHINE, "load: %s: %s", path, strerror(ENOMEM));
	archive_read_support_filter_gzip(in);
	archive_read_support_filter_xz(in);
	archive_read_support_filter_zstd(in);
	archive_read_support_format_raw(in);
	archive_read_support_format_empty(in);
	got = archive_read_open_filename(in, path, STEP);
	if (!got)
		got = archive_read_next_header(in, &entry);
	/* An empty file has no entry. */
	if ((got && got != ARCHIVE_EOF) || (!got && !read_all(in, ko)))
		status = mb_fail(MB_REQUEST, "load: %s: cannot unpack it: %s", path,
				 archive_error_string(in) ? archive_error_string(in)
							  : strerror(ENOMEM));
	ko->packed = archive_filter_code(in, 0) != ARCHIVE_FILTER_NONE;
	archive_read_free(in);
	return status;
}

void mb_ko_free(struct mb_ko *ko)
{
	free(ko->data);
	*ko = (struct mb_ko){ 0 };
}

char *mb_ko_find(const char *release)
{
	static const char *const packed[] = { "", ".xz", ".zst", ".gz" };
	char *path = mb_built_path("kmod/migbench.ko");

	for (size_t i = 0; !path && i < sizeof(packed) / sizeof(packed[0]); i++) {
		path = mb_format("/lib/modules/%s/updates/dkms/migbench.ko%s", release, packed[i]);
		if (!access(path, F_OK))
			break;
		free(path);
		path = NULL;
	}
	return path;
}
