// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A cross compiler and the libraries of its architecture: packages of this machine's own suite,
 * unpacked in the cache. No architecture is added to dpkg, and nothing is installed.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/text.h"
#include "core/datadir.h"
#include "core/status.h"
#include "lab/base/deb.h"
#include "lab/base/spawn.h"
#include "lab/kernel/apt.h"
#include "lab/kernel/cross.h"

/* What migbench itself is linked with, and the guest's shell; the same as CMakeLists.txt asks for. */
static const char *const libraries[] = {
	"libc6-dev",
	"libjansson-dev",
	"libinih-dev",
	"libgsl-dev",
	"libhwloc-dev",
	"libnuma-dev",
	"libpfm4-dev",
	"nettle-dev",
	"libarchive-dev",
	"libelf-dev",
	"libbpf-dev",
	"libcmark-gfm-dev",
	"libcmark-gfm-extensions-dev",
	"busybox-static",
};

/* One of the tools, started with the libraries that lie beside it. */
static const char wrapper[] = "#!/bin/sh\n"
			      "at=$(dirname \"$(readlink -f \"$0\")\")/../tools\n"
			      "LD_LIBRARY_PATH=$(echo \"$at\"/usr/lib/*-linux-gnu | tr ' ' :)\n"
			      "export LD_LIBRARY_PATH\n"
			      "exec \"$at/usr/bin/${0##*/}\" \"$@\"\n";

static char *in_cache(const struct lab_arch *arch, const char *what)
{
	char *relative = mb_format("arch/%s/%s", arch->name, what);
	char *path = mb_cache_path(relative);

	free(relative);
	return path;
}

char *lab_cross_root(const struct lab_arch *arch)
{
	return in_cache(arch, "root");
}

char *lab_cross_prefix(const struct lab_arch *arch)
{
	char *program, *path, *prefix = NULL;

	if (arch == lab_arch_host())
		return mb_strdup("");
	program = mb_format("%s-gcc", arch->triplet);
	if (lab_have_program(program)) {
		prefix = mb_format("%s-", arch->triplet);
	} else {
		char *relative = mb_format("bin/%s", program);

		path = in_cache(arch, relative);
		if (mb_exists(path))
			prefix = mb_format("%.*s", (int)(strlen(path) - strlen("gcc")), path);
		free(path);
		free(relative);
	}
	free(program);
	return prefix;
}

char *lab_cross_need_prefix(const struct lab_arch *arch)
{
	char *prefix = lab_cross_prefix(arch);

	if (!prefix)
		mb_fail(MB_MACHINE,
			"there is no compiler for %s on this machine; get one into the cache with: "
			"migbench lab arch fetch %s",
			arch->name, arch->name);
	return prefix;
}

/* A fetch under way: everything lies in the work folder until it is complete. */
struct fetch {
	const struct lab_arch *arch;
	char *work;
	FILE *log;
	struct mb_progress *progress;
};

/* Have @packages of @arch (NULL: of this machine) in the folder @final of the cache. */
static int get(struct fetch *fetch, const char *arch, const struct mb_list *packages,
	       enum lab_apt_with with, const char *what, const char *final)
{
	char *debs = mb_format("%s/debs", fetch->work), *root = mb_format("%s/root", fetch->work);
	struct lab_apt apt = { 0 };
	int status = MB_OK;

	mb_step(fetch->progress, "look for %s", what);
	/* What one that was killed has left may be of another version. */
	if (mb_remove_tree(debs) || mb_remove_tree(root) || mb_make_folders(debs) ||
	    mb_make_folders(root))
		status = mb_fail(MB_MACHINE, "%s: %m", fetch->work);
	if (!status)
		status = lab_apt_open_own(&apt, arch, fetch->log);
	if (!status) {
		mb_step(fetch->progress, "download %s", what);
		mb_progress_watch(debs);
		status = lab_apt_download(&apt, packages, with, debs);
	}
	if (!status) {
		mb_step(fetch->progress, "unpack %s", what);
		status = lab_deb_unpack_all(debs, root);
	}
	if (!status && mb_put_in_place(root, final))
		status = mb_fail(MB_MACHINE, "%s: %m", final);
	mb_remove_tree(debs);
	mb_remove_tree(root);
	lab_apt_close(&apt);
	free(root);
	free(debs);
	return status;
}

/* For each of the tools its name in a folder of its own, by which the compiler is called. */
static int wrap(const char *tools, const char *bin)
{
	char *programs = mb_format("%s/usr/bin", tools), *script = mb_format("%s/.run", bin);
	struct mb_list names = { 0 };
	int status = MB_OK;

	mb_names_in(programs, "", &names);
	if (mb_make_folders(bin) || mb_write_file(script, wrapper, strlen(wrapper)) ||
	    chmod(script, 0755))
		status = mb_fail(MB_MACHINE, "%s: %m", script);
	for (size_t i = 0; !status && i < names.count; i++) {
		char *path = mb_format("%s/%s", bin, names.at[i]);

		/* By a hard link: the script asks by what name it was called. */
		if (link(script, path) && errno != EEXIST)
			status = mb_fail(MB_MACHINE, "%s: %m", path);
		free(path);
	}
	mb_list_free(&names);
	free(script);
	free(programs);
	return status;
}

static int get_compiler(struct fetch *fetch)
{
	char *tools = in_cache(fetch->arch, "tools"), *bin = in_cache(fetch->arch, "bin");
	struct mb_list packages = { 0 };
	int status = MB_OK;

	mb_list_add(&packages, "%s", fetch->arch->compiler);
	if (!mb_exists(tools))
		status = get(fetch, NULL, &packages, LAB_APT_MISSING, fetch->arch->compiler, tools);
	if (!status)
		status = wrap(tools, bin);
	mb_list_free(&packages);
	free(bin);
	free(tools);
	return status;
}

/* Where all lies below /usr, another package than the libraries' has the links to it. */
static int link_below_usr(const char *root, const char *name)
{
	char *target = mb_format("usr/%s", name), *there = mb_format("%s/%s", root, target);
	char *link = mb_format("%s/%s", root, name);
	int status = MB_OK;

	if (mb_exists(there) && !mb_exists(link) && symlink(target, link))
		status = mb_fail(MB_MACHINE, "%s: %m", link);
	free(link);
	free(there);
	free(target);
	return status;
}

static int get_libraries(struct fetch *fetch)
{
	char *root = lab_cross_root(fetch->arch), *what;
	struct mb_list packages = { 0 };
	int status = MB_OK;

	what = mb_format("the libraries of %s", fetch->arch->name);
	for (size_t i = 0; i < sizeof(libraries) / sizeof(libraries[0]); i++)
		mb_list_add(&packages, "%s", libraries[i]);
	if (!mb_exists(root))
		status = get(fetch, fetch->arch->dpkg, &packages, LAB_APT_ALL, what, root);
	/* The loader of x86-64 lies in the second. */
	if (!status)
		status = link_below_usr(root, "lib");
	if (!status)
		status = link_below_usr(root, "lib64");
	mb_list_free(&packages);
	free(what);
	free(root);
	return status;
}

static int fetch_all(FILE *log, void *context)
{
	struct fetch *fetch = context;
	char *prefix = lab_cross_prefix(fetch->arch);
	int status;

	fetch->log = log;
	status = prefix ? MB_OK : get_compiler(fetch);
	free(prefix);
	return status ? status : get_libraries(fetch);
}

int lab_cross_fetch(const struct lab_arch *arch, struct mb_progress *progress)
{
	struct fetch fetch = { .arch = arch,
			       .work = in_cache(arch, ".fetch"),
			       .progress = progress };
	char *what = mb_format("what %s needs", arch->name);
	int status = lab_apt_alone(fetch.work, what, fetch_all, &fetch);

	free(what);
	free(fetch.work);
	return status;
}
