// SPDX-License-Identifier: GPL-2.0-or-later
/* migbench lab qemu: another QEMU than the system's, from the distribution's backports. */
#include <stdlib.h>
#include <string.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/say.h"
#include "core/base/text.h"
#include "core/command.h"
#include "core/datadir.h"
#include "core/options.h"
#include "core/progress.h"
#include "core/status.h"
#include "lab/base/config.h"
#include "lab/base/deb.h"
#include "lab/base/spawn.h"
#include "lab/kernel/apt.h"
#include "lab/vm/qemu.h"

struct fetch {
	const struct lab_arch *arch;
	const char *suite; /* NULL: the machine's own */
	char *cache; /* CACHE/qemu */
	char *work; /* in it; one migbench at a time holds it */
	struct mb_progress *progress;
	struct lab_apt apt;
};

/* "1:10.0.2+ds-2~bpo12+1" is upstream's 10.0.2. */
static char *upstream(const char *version)
{
	const char *colon = strchr(version, ':');

	version = colon ? colon + 1 : version;
	return mb_format("%.*s", (int)strspn(version, "0123456789."), version);
}

/* Download, unpack and try it in the work folder; then it gets its @final name. */
static int get(struct fetch *fetch, const char *version, const char *final)
{
	const char *package = fetch->arch->qemu_package;
	char *debs = mb_format("%s/debs", fetch->work), *root = mb_format("%s/root", fetch->work);
	struct mb_list packages = { 0 };
	struct lab_qemu qemu = { 0 };
	int status = MB_OK;

	mb_list_add(&packages, "%s", package);
	/* What one that was killed has left may be of another version. */
	if (mb_remove_tree(debs) || mb_remove_tree(root) || mb_make_folders(debs) ||
	    mb_make_folders(root))
		status = mb_fail(MB_MACHINE, "%s: %m", fetch->work);
	if (!status) {
		mb_step(fetch->progress, "download %s %s", package, version);
		mb_progress_watch(debs);
		status = lab_apt_download(&fetch->apt, &packages, LAB_APT_MISSING, debs);
	}
	if (!status) {
		mb_step(fetch->progress, "unpack it");
		status = lab_deb_unpack_all(debs, root);
	}
	if (!status && !lab_qemu_load(fetch->arch, root, &qemu))
		status = mb_fail(MB_MACHINE, "%s %s does not start on this machine", package,
				 version);
	if (!status && mb_put_in_place(root, final))
		status = mb_fail(MB_MACHINE, "%s: %m", final);
	lab_qemu_free(&qemu);
	mb_list_free(&packages);
	free(root);
	free(debs);
	return status;
}

static int look_and_get(FILE *log, void *context)
{
	struct fetch *fetch = context;
	const char *suite = fetch->suite ? fetch->suite : "this machine's suites";
	char *version, *name, *final;
	int status;

	mb_step(fetch->progress, "look into %s", suite);
	status = fetch->suite ? lab_apt_open(&fetch->apt, suite, log)
			      : lab_apt_open_own(&fetch->apt, NULL, log);
	if (status)
		return status;
	version = lab_apt_version(&fetch->apt, fetch->arch->qemu_package, NULL);
	if (!version) {
		const char *reason = lab_apt_reason(&fetch->apt);

		return lab_interrupted
			       ? MB_MACHINE
			       : mb_fail(MB_MACHINE,
					 "%s: no %s there through this machine's apt "
					 "sources%s%s%s; give another --suite, or use a QEMU of "
					 "your own with --qemu PATH",
					 suite, fetch->arch->qemu_package, reason ? " (" : "",
					 reason ? reason : "", reason ? ")" : "");
	}
	name = upstream(version);
	final = mb_format("%s/%s", fetch->cache, name);
	if (!mb_exists(final))
		status = get(fetch, version, final);
	mb_progress_clear(fetch->progress);
	if (!status)
		printf("QEMU %s%s%s is in the cache\n", name,
		       fetch->arch == lab_arch_default() ? "" : " for ",
		       fetch->arch == lab_arch_default() ? "" : fetch->arch->name);
	free(final);
	free(name);
	free(version);
	return status;
}

int lab_qemu_get(const struct lab_arch *arch, const char *suite, struct mb_progress *progress)
{
	struct fetch fetch = {
		.arch = arch, .suite = suite, .cache = lab_qemu_folder(arch), .progress = progress
	};
	int status;

	fetch.work = mb_format("%s/.fetch", fetch.cache);
	status = lab_apt_alone(fetch.work, "a QEMU", look_and_get, &fetch);
	lab_apt_close(&fetch.apt);
	free(fetch.work);
	free(fetch.cache);
	return status;
}

static int fetch_qemu(int argc, char **argv)
{
	const char *arch_name = NULL, *asked = NULL;
	const struct lab_arch *arch;
	const struct lab_page *page;
	struct mb_progress progress;
	bool quiet = false;
	const struct mb_option options[] = {
		{ "arch", "x86_64|arm64", "what its guests are (default: x86_64)", MB_OPT_STRING,
		  &arch_name, 0, 0 },
		{ "suite", "NAME",
		  "the suite of the distribution to take it from (default: its backports)",
		  MB_OPT_STRING, &asked, 0, 0 },
		{ "quiet", NULL, "show no progress", MB_OPT_FLAG, &quiet, 0, 0 },
		{ 0 },
	};
	static const struct mb_usage usage = {
		.command = "lab qemu fetch",
		.operands = "",
		.summary = "Get the QEMU of the distribution's backports into the cache, "
			   "through this machine's own apt sources. Nothing is installed.",
		.example = "migbench lab qemu fetch",
	};
	char *codename, *suite = NULL;
	int first, status = mb_options(&usage, options, argc, argv, &first);

	if (status != MB_PARSED)
		return status;
	status = lab_arch_choose(arch_name, NULL, &arch, &page);
	if (status)
		return status;
	codename = lab_apt_codename();
	if (!asked && codename)
		asked = suite = mb_format("%s-backports", codename);
	free(codename);
	if (!asked)
		return mb_fail(MB_MACHINE,
			       "lab qemu fetch: this system's release has no name; give --suite");
	progress = mb_progress(stdout, quiet ? MB_PROGRESS_NONE : MB_PROGRESS_STEPS);
	status = lab_good_name(asked) ? lab_qemu_get(arch, asked, &progress)
				      : mb_fail(MB_REQUEST, "--suite takes the name of one suite");
	free(suite);
	return status;
}

static void show(const struct lab_arch *arch, const char *name, const struct lab_qemu_is *qemu)
{
	mb_say(stdout, "%-12s %-12s %-28s %-8s %s", name, qemu->version, qemu->turns ? "yes" : "no",
	       qemu->plugins ? "yes" : "no", arch->name);
}

static void list_of(const struct lab_arch *arch)
{
	char *all = lab_qemu_folder(arch);
	struct mb_list versions = { 0 };
	struct lab_qemu qemu = { 0 };

	if (lab_qemu_ask(arch->qemu, NULL, &qemu.is))
		show(arch, "system", &qemu.is);
	lab_qemu_fetched(arch, &versions);
	for (size_t i = 0; i < versions.count; i++) {
		char *folder = mb_format("%s/%s", all, versions.at[i]);

		if (lab_qemu_load(arch, folder, &qemu))
			show(arch, versions.at[i], &qemu.is);
		lab_qemu_free(&qemu);
		free(folder);
	}
	mb_list_free(&versions);
	free(all);
}

static int list_qemus(int argc, char **argv)
{
	static const struct mb_option options[] = {

		{ 0 },
	};
	static const struct mb_usage usage = {
		.command = "lab qemu list",
		.operands = "",
		.summary = "List the QEMUs that --qemu can name, and what they can do.",
		.example = "migbench lab qemu list",
	};
	int first, status = mb_options(&usage, options, argc, argv, &first);

	if (status != MB_PARSED)
		return status;
	printf("%-12s %-12s %-28s %-8s %s\n", "NAME", "VERSION", "SEVERAL CPUS UNDER INSNS",
	       "PLUGINS", "GUESTS");
	for (size_t i = 0; lab_arch_at(i); i++)
		list_of(lab_arch_at(i));
	return MB_OK;
}

static const struct mb_command commands[] = {
	{ "fetch", fetch_qemu, "get the QEMU of the distribution's backports" },
	{ "list", list_qemus, "the QEMUs that --qemu can name, and what they can do" },
	{ 0 },
};

static const struct mb_group qemu_group = {
	.name = "lab qemu",
	.summary = "The QEMUs that run the lab's virtual machines.",
	.commands = commands,
};

int lab_qemu_main(int argc, char **argv)
{
	return mb_dispatch(&qemu_group, argc, argv);
}
