// SPDX-License-Identifier: GPL-2.0-or-later
/* make in a kernel's tree, its output to the log. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/list.h"
#include "lab/base/spawn.h"
#include "lab/kernel/cross.h"
#include "lab/kernel/make.h"

/*
 * Only what the build needs: MAKEFLAGS, ARCH, KCFLAGS and their like would change the kernel
 * behind the cache key's back.
 */
static void environment(const struct lab_make *make, struct mb_list *env)
{
	static const char *const kept[] = { "PATH", "HOME", "TMPDIR" };

	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if (getenv(kept[i]))
			mb_list_add(env, "%s=%s", kept[i], getenv(kept[i]));
	mb_list_add(env, "LC_ALL=C");
	mb_list_add(env, "KBUILD_BUILD_TIMESTAMP=2024-01-01 00:00:00 UTC");
	mb_list_add(env, "KBUILD_BUILD_VERSION=1");
	mb_list_add(env, "KBUILD_BUILD_USER=migbench");
	mb_list_add(env, "KBUILD_BUILD_HOST=lab");
	if (make->fragment)
		mb_list_add(env, "KCONFIG_ALLCONFIG=%s", make->fragment);
}

int lab_make(struct lab_make *make)
{
	struct mb_list words = { 0 }, env = { 0 };
	struct lab_spawn how = { .in = -1, .hold = make->hold };
	char *prefix = lab_cross_need_prefix(make->arch);
	int status, error;

	if (!prefix) {
		mb_list_free(&make->targets);
		errno = ENOENT;
		return -1;
	}
	mb_list_add(&words, "make");
	mb_list_add(&words, "-C");
	mb_list_add(&words, "%s", make->source ? make->source : make->build);
	/* In any case: from 6.13 on the folder's own Makefile names where it was configured. */
	mb_list_add(&words, "O=%s", make->build);
	mb_list_add(&words, "ARCH=%s", make->arch->make);
	if (*prefix)
		mb_list_add(&words, "CROSS_COMPILE=%s", prefix);
	if (make->compiler) {
		mb_list_add(&words, "CC=%s", make->compiler);
		mb_list_add(&words, "HOSTCC=%s", make->compiler);
	}
	if (make->lenient) {
		mb_list_add(&words, "HOSTCFLAGS=-Wno-error");
		mb_list_add(&words, "WERROR=0");
	}
	if (make->jobs)
		mb_list_add(&words, "-j%lu", make->jobs);
	for (size_t i = 0; i < make->targets.count; i++)
		mb_list_add(&words, "%s", make->targets.at[i]);
	environment(make, &env);
	how.argv = words.at;
	how.env = env.at;
	status = lab_run_logged(&how, make->log, make->line, make->context);
	error = errno;
	if (status < 0 && error != EINTR && error != ECANCELED)
		fprintf(make->log, "make: %s\n", strerror(error));
	fflush(make->log);
	free(prefix);
	mb_list_free(&make->targets);
	mb_list_free(&words);
	mb_list_free(&env);
	errno = error;
	return status;
}
