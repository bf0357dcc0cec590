// SPDX-License-Identifier: GPL-2.0-or-later
/* How kernels are described: configs/kernels/NAME.ini. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/datadir.h"
#include "core/status.h"
#include "lab/base/config.h"
#include "lab/kernel/ini.h"

static bool on_value(void *context, const char *section, const char *key, const char *value,
		     struct lab_reason *reason)
{
	struct lab_kernel_config *config = context;

	if (strcmp(section, "kernel"))
		return lab_refuse(reason, "unknown section [%s]; allowed: [kernel]", section);
	if (!*value)
		return lab_refuse(reason, "'%s' is empty", key);
	if (!strcmp(key, "description")) {
		config->description = lab_strdup(value);
	} else if (!strcmp(key, "package")) {
		if (!lab_good_name(value))
			return lab_refuse(reason, "'%s' is no package name", value);
		config->package = lab_strdup(value);
	} else if (!strcmp(key, "suite")) {
		if (!lab_good_name(value))
			return lab_refuse(reason, "'%s' is no name of a suite", value);
		config->suite = lab_strdup(value);
	} else if (!strcmp(key, "fragment")) {
		lab_list_split(&config->fragments, value);
	} else if (!strcmp(key, "requires")) {
		lab_list_split(&config->essential, value);
	} else {
		return lab_refuse(reason,
				  "unknown key '%s'; allowed: description, package, "
				  "suite, fragment, requires",
				  key);
	}
	return true;
}

int lab_kernel_config(const char *name, struct lab_kernel_config *config)
{
	char *path, *slash;
	int status;

	*config = (struct lab_kernel_config){ 0 };
	status = lab_config_find("kernels", name, &path);
	if (status)
		return status;
	status = lab_config_read(path, on_value, config);
	if (!status && (!config->package || !config->fragments.count))
		status = mb_fail(MB_REQUEST, "%s: '%s' is missing", path,
				 config->package ? "fragment" : "package");
	slash = strrchr(path, '/');
	for (size_t i = 0; !status && i < config->fragments.count; i++) {
		char *full =
			lab_format("%.*s/%s", (int)(slash - path), path, config->fragments.at[i]);

		if (!lab_exists(full))
			status = mb_fail(MB_REQUEST, "%s: fragment %s: %s", path, full,
					 strerror(errno));
		free(config->fragments.at[i]);
		config->fragments.at[i] = full;
	}
	free(path);
	if (status)
		lab_kernel_config_free(config);
	return status;
}

void lab_kernel_config_free(struct lab_kernel_config *config)
{
	free(config->description);
	free(config->package);
	free(config->suite);
	lab_list_free(&config->fragments);
	lab_list_free(&config->essential);
	*config = (struct lab_kernel_config){ 0 };
}

bool lab_is_config(const char *name)
{
	char *relative = lab_format("configs/kernels/%s.ini", name);
	char *path = mb_data_path(relative);
	bool is = lab_good_name(name) && path && lab_exists(path);

	free(path);
	free(relative);
	return is;
}
