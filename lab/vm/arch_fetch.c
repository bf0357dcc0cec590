// SPDX-License-Identifier: GPL-2.0-or-later
/* migbench lab arch: what guests of another architecture need, and what of it is here. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/files.h"
#include "core/command.h"
#include "core/options.h"
#include "core/progress.h"
#include "core/status.h"
#include "lab/kernel/cross.h"
#include "lab/vm/arch_fetch.h"
#include "lab/vm/qemu.h"

/* Whether a QEMU for its guests is here. */
static bool has_qemu(const struct lab_arch *arch)
{
	struct mb_list versions = { 0 };
	struct lab_qemu_is is;
	bool found = lab_qemu_ask(arch->qemu, NULL, &is);

	lab_qemu_fetched(arch, &versions);
	found = found || versions.count;
	mb_list_free(&versions);
	return found;
}

static int fetch_arch(int argc, char **argv)
{
	bool quiet = false;
	const struct mb_option options[] = {
		{ "quiet", NULL, "show no progress", MB_OPT_FLAG, &quiet, 0, 0 },
		{ 0 },
	};
	static const struct mb_usage usage = {
		.command = "lab arch fetch",
		.operands = "ARCH",
		.summary = "Get the cross compiler, the libraries and the QEMU for guests of "
			   "ARCH into the cache, as far as this machine has none: packages of "
			   "its own suite, through its own apt sources. Nothing is installed, "
			   "and dpkg gets no foreign architecture.",
		.example = "migbench lab arch fetch arm64",
		.min_operands = 1,
		.max_operands = 1,
	};
	int first, status = mb_options(&usage, options, argc, argv, &first);
	const struct lab_arch *arch;
	struct mb_progress progress;

	if (status != MB_PARSED)
		return status;
	arch = lab_arch_find(argv[first]);
	if (!arch || arch == lab_arch_host())
		return mb_fail(MB_REQUEST, "lab arch fetch takes %s, not '%s'",
			       lab_arch_at(lab_arch_at(0) == lab_arch_host())->name, argv[first]);
	progress = mb_progress(stdout, quiet ? MB_PROGRESS_NONE : MB_PROGRESS_STEPS);
	status = lab_cross_fetch(arch, &progress);
	if (!status && !has_qemu(arch))
		status = lab_qemu_get(arch, NULL, &progress);
	mb_progress_clear(&progress);
	if (!status)
		printf("what guests of %s need is here; a kernel: migbench lab kernel build 6.1 "
		       "--arch %s\n",
		       arch->name, arch->name);
	return status;
}

static const char *yes(bool is)
{
	return is ? "yes" : "no";
}

static int list_archs(int argc, char **argv)
{
	static const struct mb_option options[] = {

		{ 0 },
	};
	static const struct mb_usage usage = {
		.command = "lab arch list",
		.operands = "",
		.summary = "List the architectures that guests can have, and what of each is here.",
		.example = "migbench lab arch list",
	};
	int first, status = mb_options(&usage, options, argc, argv, &first);

	if (status != MB_PARSED)
		return status;
	printf("%-8s %-14s %-10s %-10s %s\n", "ARCH", "BASE PAGES", "COMPILER", "LIBRARIES",
	       "QEMU");
	for (size_t i = 0; lab_arch_at(i); i++) {
		const struct lab_arch *arch = lab_arch_at(i);
		char *prefix = lab_cross_prefix(arch), *root = lab_cross_root(arch);
		char pages[64];
		int used = 0;

		for (size_t j = 0; j < arch->page_count; j++)
			used += snprintf(pages + used, sizeof(pages) - (size_t)used, "%s%s",
					 j ? "," : "", arch->pages[j].name);
		printf("%-8s %-14s %-10s %-10s %s\n", arch->name, pages, yes(prefix),
		       yes(arch == lab_arch_host() || mb_exists(root)), yes(has_qemu(arch)));
		free(root);
		free(prefix);
	}
	return MB_OK;
}

static const struct mb_command commands[] = {
	{ "fetch", fetch_arch, "get the compiler, the libraries and the QEMU for an architecture" },
	{ "list", list_archs, "the architectures that guests can have, and what of each is here" },
	{ 0 },
};

static const struct mb_group arch_group = {
	.name = "lab arch",
	.summary = "Guests of another architecture than this machine's.",
	.commands = commands,
};

int lab_arch_main(int argc, char **argv)
{
	return mb_dispatch(&arch_group, argc, argv);
}
