// SPDX-License-Identifier: GPL-2.0-or-later
/* The running kernel's options, from wherever it or its package left them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <archive.h>
#include <archive_entry.h>

#include "bench/kernel_config.h"
#include "core/base/text.h"

/* All of a file, unpacked if it is packed; malloc'd, NUL-terminated. NULL: it can't be read. */
static char *read_text(const char *path)
{
	struct archive *in = archive_read_new();
	struct archive_entry *entry;
	char data[16384], *text = NULL;
	size_t size;
	FILE *out = NULL;
	la_ssize_t got = -1;

	if (!in)
		return NULL;
	archive_read_support_filter_all(in);
	archive_read_support_format_raw(in);
	if (archive_read_open_filename(in, path, sizeof(data)) == ARCHIVE_OK &&
	    archive_read_next_header(in, &entry) == ARCHIVE_OK)
		out = mb_text_open(&text, &size);
	while (out && (got = archive_read_data(in, data, sizeof(data))) > 0)
		fwrite(data, 1, (size_t)got, out);
	if (out)
		mb_text_close(out);
	archive_read_free(in);
	if (got < 0) {
		free(text);
		return NULL;
	}
	return text;
}

static bool has_line(const char *text, const char *line)
{
	size_t length = strlen(line);

	for (const char *at = text; (at = strstr(at, line)); at += length)
		if ((at == text || at[-1] == '\n') && (at[length] == '\n' || !at[length]))
			return true;
	return false;
}

bool mb_kernel_config(struct mb_kernel_config *config)
{
	static const char *const places[] = { "/proc/config.gz", "/boot/config-%s",
					      "/lib/modules/%s/config",
					      "/lib/modules/%s/build/.config" };
	struct utsname name;
	char *text = NULL;

	uname(&name);
	for (size_t i = 0; !text && i < sizeof(places) / sizeof(places[0]); i++) {
		const char *at = strstr(places[i], "%s");

		snprintf(config->path, sizeof(config->path), "%.*s%s%s",
			 at ? (int)(at - places[i]) : (int)strlen(places[i]), places[i],
			 at ? name.release : "", at ? at + 2 : "");
		text = read_text(config->path);
	}
	if (!text)
		return false;
	config->modules = has_line(text, "CONFIG_MODULES=y");
	/* Before 5.18 it came with device-private memory only. */
	config->migration = has_line(text, "CONFIG_DEVICE_MIGRATION=y") ||
			    has_line(text, "CONFIG_DEVICE_PRIVATE=y");
	config->coherent_memory = config->migration && strtoul(name.release, NULL, 10) >= 6;
	config->private_memory = has_line(text, "CONFIG_DEVICE_PRIVATE=y");
	free(text);
	return true;
}
