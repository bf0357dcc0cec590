// SPDX-License-Identifier: GPL-2.0-or-later
/* How kernels are described: configs/kernels/NAME.ini. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/text.h"
#include "core/config.h"
#include "core/datadir.h"
#include "core/status.h"
#include "lab/base/config.h"
#include "lab/kernel/ini.h"

/* Of what Debian's versions consist. */
#define VERSION "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.+-:~"

static bool on_value(void *context, const char *section, const char *key, const char *value,
		     struct lab_reason *reason)
{
	struct lab_kernel_config *config = context;

	if (strcmp(section, "kernel"))
		return lab_refuse(reason, "unknown section [%s]; allowed: [kernel]", section);
	if (!key)
		return true;
	if (!*value)
		return lab_refuse(reason, "'%s' is empty", key);
	if (!strcmp(key, "description")) {
		config->description = mb_strdup(value);
	} else if (!strcmp(key, "package")) {
		if (!lab_good_name(value))
			return lab_refuse(reason, "'%s' is no package name", value);
		config->package = mb_strdup(value);
	} else if (!strcmp(key, "newest")) {
		if (!lab_good_name(value))
			return lab_refuse(reason, "'%s' does not begin a package's name", value);
		config->newest = mb_format("%s-", value);
	} else if (!strcmp(key, "version")) {
		if (value[strspn(value, VERSION)])
			return lab_refuse(reason, "'%s' is no version of a package", value);
		config->version = mb_strdup(value);
	} else if (!strcmp(key, "suite")) {
		if (!lab_good_name(value))
			return lab_refuse(reason, "'%s' is no name of a suite", value);
		config->suite = mb_strdup(value);
	} else if (!strcmp(key, "arch")) {
		if (!lab_arch_find(value))
			return lab_refuse(reason, "'arch = %s'; allowed: x86_64, arm64", value);
		config->arch_name = mb_strdup(value);
	} else if (!strcmp(key, "page")) {
		if (!lab_page_known(value))
			return lab_refuse(reason, "'page = %s'; allowed: 4k, 16k, 64k", value);
		config->page_name = mb_strdup(value);
	} else if (!strcmp(key, "fragment")) {
		mb_list_split(&config->fragments, value);
	} else if (!strcmp(key, "requires")) {
		mb_list_split(&config->essential, value);
	} else {
		return lab_refuse(reason,
				  "unknown key '%s'; allowed: description, package, "
				  "version, newest, suite, arch, page, fragment, requires",
				  key);
	}
	return true;
}

/* The fragment @name: beside the configuration in @folder, else beside those that came with us. */
static char *find_fragment(const char *folder, const char *name)
{
	char *path = mb_format("%s/%s", folder, name), *relative, *shipped;

	if (mb_exists(path))
		return path;
	relative = mb_format("configs/kernels/%s", name);
	shipped = mb_data_path(relative);
	free(relative);
	if (!mb_exists(shipped)) {
		free(shipped);
		return path;
	}
	free(path);
	return shipped;
}

static int find_fragments(const char *path, struct lab_kernel_config *config)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? mb_format("%.*s", (int)(slash - path), path) : mb_strdup(".");
	int status = MB_OK;

	for (size_t i = 0; !status && i < config->fragments.count; i++) {
		char *full = find_fragment(folder, config->fragments.at[i]);

		if (!mb_exists(full))
			status = mb_fail(MB_REQUEST, "%s: fragment %s: %s", path, full,
					 strerror(errno));
		free(config->fragments.at[i]);
		config->fragments.at[i] = full;
	}
	free(folder);
	return status;
}

/* What another architecture needs beside the fragments: its own, and that of its page size. */
static void add_own_fragments(struct lab_kernel_config *config)
{
	const char *arch = config->arch->name, *page = config->page->name;
	char *relative, *path;

	if (config->arch == lab_arch_default())
		return;
	for (int i = 0; i < 2; i++) {
		relative = mb_format("configs/kernels/%s%s%s.config", arch, i ? "-" : "",
				     i ? page : "");
		path = mb_data_path(relative);
		mb_list_add(&config->fragments, "%s", path);
		free(path);
		free(relative);
	}
}

/* What has to be there, and what excludes each other. */
static int check(const char *path, const struct lab_kernel_config *config)
{
	if (config->package && config->newest)
		return mb_fail(MB_REQUEST, "%s: 'package' and 'newest' exclude each other", path);
	if (config->newest && !config->suite)
		return mb_fail(MB_REQUEST, "%s: 'newest' needs a 'suite' to look into", path);
	if (config->newest && config->version)
		return mb_fail(MB_REQUEST, "%s: 'version' is for a 'package'", path);
	if ((!config->package && !config->newest) || !config->fragments.count)
		return mb_fail(MB_REQUEST, "%s: '%s' is missing", path,
			       config->package || config->newest ? "fragment" : "package");
	return MB_OK;
}

/* The full path of the user's file @path, or NULL: it is the one that configs/kernels has. */
static char *own_path(const char *path, const char *name)
{
	char *relative = mb_format("configs/kernels/%s.ini", name);
	char *shipped = mb_data_path(relative), *full = realpath(path, NULL);
	char *known = realpath(shipped, NULL);

	if (full && known && !strcmp(full, known)) {
		free(full);
		full = NULL;
	}
	free(known);
	free(shipped);
	free(relative);
	return full;
}

/* The name of the file that describes @name: "6.1" of "6.1-arm64-64k"; malloc'd. *@arch may be NULL. */
static char *find_base(const char *name, const struct lab_arch **arch, const struct lab_page **page)
{
	size_t length = mb_config_is_file(name) ? 0 : lab_arch_split(name, arch, page);

	if (!length)
		*arch = NULL;
	return length ? mb_format("%.*s", (int)length, name) : mb_strdup(name);
}

int lab_kernel_config(const char *name, struct lab_kernel_config *config)
{
	const struct lab_arch *arch;
	const struct lab_page *page;
	char *path, *base;
	int status;

	*config = (struct lab_kernel_config){ 0 };
	base = find_base(name, &arch, &page);
	status = mb_config_find("kernels", base, &path);
	free(base);
	if (status)
		return status;
	config->name = mb_config_name(name);
	if (mb_config_is_file(name))
		config->path = own_path(path, config->name);
	status = lab_config_read(path, on_value, config);
	if (!status)
		status = check(path, config);
	if (!status && arch) {
		config->arch = arch;
		config->page = page;
	} else if (!status) {
		status = lab_arch_choose(config->arch_name, config->page_name, &config->arch,
					 &config->page);
	}
	if (!status)
		status = find_fragments(path, config);
	if (!status)
		add_own_fragments(config);
	free(path);
	if (status)
		lab_kernel_config_free(config);
	return status;
}

void lab_kernel_config_free(struct lab_kernel_config *config)
{
	free(config->name);
	free(config->path);
	free(config->description);
	free(config->package);
	free(config->newest);
	free(config->version);
	free(config->arch_name);
	free(config->page_name);
	free(config->suite);
	mb_list_free(&config->fragments);
	mb_list_free(&config->essential);
	*config = (struct lab_kernel_config){ 0 };
}

bool lab_is_config(const char *name)
{
	const struct lab_arch *arch;
	const struct lab_page *page;
	char *base = find_base(name, &arch, &page);
	char *relative = mb_format("configs/kernels/%s.ini", base), *path = mb_data_path(relative);
	bool is = lab_good_name(name) && mb_exists(path);

	free(path);
	free(relative);
	free(base);
	return is;
}
