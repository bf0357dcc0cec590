// SPDX-License-Identifier: GPL-2.0-or-later
/* migbench lab qemu: another QEMU than the system's, from the distribution's backports. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/list.h"
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

#define PACKAGE "qemu-system-x86"

struct fetch {
	const char *suite;
	char *cache; /* CACHE/qemu */
	char *work; /* in it; one migbench at a time holds it */
	struct mb_progress progress;
	struct lab_apt apt;
	FILE *log;
};

/* "1:10.0.2+ds-2~bpo12+1" is upstream's 10.0.2. */
static char *upstream(const char *version)
{
	const char *colon = strchr(version, ':');

	version = colon ? colon + 1 : version;
	return mb_format("%.*s", (int)strspn(version, "0123456789."), version);
}

static int extract(const char *debs, const char *root)
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

/* Download, unpack and try it in the work folder; then it gets its @final name. */
static int get(struct fetch *fetch, const char *version, const char *final)
{
	char *debs = mb_format("%s/debs", fetch->work), *root = mb_format("%s/root", fetch->work);
	struct mb_list packages = { 0 };
	struct lab_qemu qemu = { 0 };
	int status = MB_OK;

	mb_list_add(&packages, PACKAGE);
	if (mb_make_folders(debs) || mb_make_folders(root))
		status = mb_fail(MB_MACHINE, "%s: %m", fetch->work);
	if (!status) {
		mb_step(&fetch->progress, "download " PACKAGE " %s", version);
		mb_progress_watch(debs);
		status = lab_apt_download(&fetch->apt, &packages, LAB_APT_MISSING, debs);
	}
	if (!status) {
		mb_step(&fetch->progress, "unpack it");
		status = extract(debs, root);
	}
	if (!status && !lab_qemu_load(root, &qemu))
		status = mb_fail(MB_MACHINE, PACKAGE " %s does not start on this machine", version);
	if (!status && rename(root, final))
		status = mb_fail(MB_MACHINE, "%s: %m", final);
	lab_qemu_free(&qemu);
	mb_list_free(&packages);
	free(root);
	free(debs);
	return status;
}

static int look_and_get(struct fetch *fetch)
{
	char *version, *name, *final;
	int status;

	mb_step(&fetch->progress, "look into %s", fetch->suite);
	status = lab_apt_open(&fetch->apt, fetch->suite, fetch->log);
	if (status)
		return status;
	version = lab_apt_version(&fetch->apt, PACKAGE, NULL);
	if (!version) {
		const char *reason = lab_apt_reason(&fetch->apt);

		return lab_interrupted
			       ? MB_MACHINE
			       : mb_fail(MB_MACHINE,
					 "%s: no " PACKAGE " there through this machine's apt "
					 "sources%s%s%s; give another --suite, or use a QEMU of "
					 "your own with --qemu PATH",
					 fetch->suite, reason ? " (" : "", reason ? reason : "",
					 reason ? ")" : "");
	}
	name = upstream(version);
	final = mb_format("%s/%s", fetch->cache, name);
	if (!mb_exists(final))
		status = get(fetch, version, final);
	mb_progress_clear(&fetch->progress);
	if (!status)
		printf("QEMU %s is in the cache\n", name);
	free(final);
	free(name);
	free(version);
	return status;
}

static int fetch_locked(struct fetch *fetch)
{
	char *log = mb_format("%s/log", fetch->work);
	int status, lock;

	if (mb_make_folders(fetch->work)) {
		status = mb_fail(MB_MACHINE, "%s: %m", fetch->work);
		free(log);
		return status;
	}
	lock = open(fetch->work, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (lock < 0 || flock(lock, LOCK_EX | LOCK_NB)) {
		status = errno == EWOULDBLOCK
				 ? mb_fail(MB_MACHINE, "another migbench fetches a QEMU")
				 : mb_fail(MB_MACHINE, "%s: %m", fetch->work);
	} else {
		fetch->log = fopen(log, "we");
		status = fetch->log ? look_and_get(fetch) : mb_fail(MB_MACHINE, "%s: %m", log);
		if (fetch->log)
			fclose(fetch->log);
		lab_apt_close(&fetch->apt);
		mb_remove_tree(fetch->work);
	}
	if (lock >= 0)
		close(lock);
	free(log);
	return status;
}

static int fetch_qemu(int argc, char **argv)
{
	struct fetch fetch = { 0 };
	bool quiet = false;
	const struct mb_option options[] = {
		{ "suite", "NAME",
		  "the suite of the distribution to take it from (default: its backports)",
		  MB_OPT_STRING, &fetch.suite, 0, 0 },
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
	codename = lab_apt_codename();
	if (!fetch.suite && codename)
		fetch.suite = suite = mb_format("%s-backports", codename);
	free(codename);
	if (!fetch.suite)
		return mb_fail(MB_MACHINE,
			       "lab qemu fetch: this system's release has no name; give --suite");
	if (!lab_good_name(fetch.suite)) {
		free(suite);
		return mb_fail(MB_REQUEST, "--suite takes the name of one suite");
	}
	fetch.cache = mb_cache_path("qemu");
	fetch.work = mb_format("%s/.fetch", fetch.cache);
	fetch.progress = mb_progress(stdout, quiet ? MB_PROGRESS_NONE : MB_PROGRESS_STEPS);
	status = fetch_locked(&fetch);
	free(fetch.work);
	free(fetch.cache);
	free(suite);
	return status;
}

static void show(const char *name, const struct lab_qemu_is *qemu)
{
	printf("%-12s %-12s %-28s %s\n", name, qemu->version, qemu->turns ? "yes" : "no",
	       qemu->plugins ? "yes" : "no");
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
	struct mb_list versions = { 0 };
	struct lab_qemu qemu = { 0 };
	int first, status = mb_options(&usage, options, argc, argv, &first);

	if (status != MB_PARSED)
		return status;
	printf("%-12s %-12s %-28s %s\n", "NAME", "VERSION", "SEVERAL CPUS UNDER INSNS", "PLUGINS");
	if (lab_qemu_ask(LAB_QEMU, NULL, &qemu.is))
		show("system", &qemu.is);
	lab_qemu_fetched(&versions);
	for (size_t i = 0; i < versions.count; i++) {
		char *relative = mb_format("qemu/%s", versions.at[i]);
		char *folder = mb_cache_path(relative);

		if (folder && lab_qemu_load(folder, &qemu))
			show(versions.at[i], &qemu.is);
		lab_qemu_free(&qemu);
		free(folder);
		free(relative);
	}
	mb_list_free(&versions);
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
