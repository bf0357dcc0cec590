// SPDX-License-Identifier: GPL-2.0-or-later
/* migbench lab kernel build: from source, fragment and patches to a kernel in the cache. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/text.h"
#include "core/datadir.h"
#include "core/status.h"
#include "lab/base/config.h"
#include "lab/base/defaults.h"
#include "lab/base/interrupted.h"
#include "lab/base/options.h"
#include "lab/base/spawn.h"
#include "lab/kernel/again.h"
#include "lab/kernel/build.h"
#include "lab/kernel/imported.h"
#include "lab/kernel/module.h"
#include "lab/kernel/steps.h"
#include "lab/kernel/stock.h"
#include "lab/kernel/tools.h"

/* MiB that an unpacked source takes at most, with what it needs on the way. */
#define SOURCE_ROOM 2560UL

static int find_source(struct lab_build *b)
{
	const struct lab_wanted wanted = { .package = b->config.package,
					   .head = b->config.newest,
					   .version = b->config.version,
					   .suite = b->config.suite,
					   .path = b->folder,
					   .patches = &b->patches,
					   .anew = b->newest };

	return lab_source_find(&wanted, &b->progress, &b->source);
}

static int read_fragments(struct lab_build *b)
{
	b->fragment = mb_strdup("");
	for (size_t i = 0; i < b->config.fragments.count; i++) {
		char *text = mb_read_file(b->config.fragments.at[i], NULL), *all;

		if (!text)
			return mb_fail(MB_REQUEST, "%s: %m", b->config.fragments.at[i]);
		all = mb_format("%s%s\n", b->fragment, text);
		free(text);
		free(b->fragment);
		b->fragment = all;
	}
	return MB_OK;
}

/* The compiler that is right for the source; of an archive nobody knows yet what is in it. */
static int choose_compiler(struct lab_build *b)
{
	const char *tree = b->source.original ? b->source.original : b->source.tree;
	unsigned int major = 0, minor = 0;

	if (b->source.package)
		lab_compiler_series(b->source.package, &major, &minor);
	else if (!b->source.archive)
		lab_compiler_tree(tree, &major, &minor);
	return lab_compiler_choose(b->config.arch, major, minor, &b->compiler);
}

/* The key of all that goes in, and the paths that follow from it. */
static int identify(struct lab_build *b)
{
	int status = choose_compiler(b);
	char *kernels;

	if (status)
		return status;
	lab_build_key(b, b->source.version, b->key);
	kernels = mb_cache_path("kernels");
	if (mb_make_folders(kernels))
		return mb_fail(MB_MACHINE, "%s: %m", kernels);
	b->final = mb_format("%s/%s-%.*s", kernels, b->name, LAB_KEY_DIGITS, b->key);
	b->kept = b->folder && !b->source.archive && !b->patches.count;
	b->partial = b->kept ? lab_kernel_work_folder(b->source.tree)
			     : mb_format("%s/.%s-%.*s.partial", kernels, b->name, LAB_KEY_DIGITS,
					 b->key);
	b->log_path = mb_format("%s/build.log", b->partial);
	free(kernels);
	return MB_OK;
}

/* Better now than after ten minutes. */
static int check_room(const struct lab_build *b)
{
	const char *source = b->source.original ? b->source.original : b->source.tree;
	unsigned long need = LAB_BUILD_ROOM + (mb_exists(source) ? 0 : SOURCE_ROOM);
	unsigned long have = lab_build_room();
	char *cache;

	if (have >= need)
		return MB_OK;
	cache = mb_cache_path("kernels");
	mb_fail(MB_MACHINE,
		"kernel %s: building it takes up to %lu MiB in %s, where %lu are free; make room, "
		"or set MIGBENCH_CACHE to another folder",
		b->name, need, cache, have);
	free(cache);
	return MB_MACHINE;
}

static int build_steps(struct lab_build *b)
{
	char *whole = mb_format("%s/whole", b->partial);
	int status = check_room(b);

	mb_remove_tree(whole); /* of a take-over that was killed */
	free(whole);
	if (status) {
		rmdir(b->partial); /* unless something is in it */
		return status;
	}
	b->log = fopen(b->log_path, "we");
	status = b->log ? lab_build_steps(b) : mb_fail(MB_MACHINE, "%s: %m", b->log_path);
	if (b->log)
		fclose(b->log);
	return status;
}

/* In the partial folder, which only one of us may hold. */
static int build_locked(struct lab_build *b)
{
	struct lab_kernel same;
	int status;

	b->lock = lab_take_folder(b->partial, b->name);
	if (b->lock < 0)
		return MB_MACHINE;
	/* Another one may have ended between the first look and the lock. */
	if (lab_kernel_up_to_date(b->final, b->name, b->dry_run)) {
		if (!b->kept)
			mb_remove_tree(b->partial);
		status = MB_OK;
	} else if (!b->kept && lab_kernel_find_key(b->key, &same)) {
		status = lab_build_take_over(b, &same);
		lab_kernel_free(&same);
	} else {
		status = build_steps(b);
	}
	close(b->lock);
	return status;
}

/* On the source, before anything is built. */
static int check_patches(struct lab_build *b)
{
	int status = check_room(b);

	return status ? status : lab_source_check(&b->source, &b->patches, &b->progress);
}

/* --dry-run, of what is not there yet. */
static int say_what(struct lab_build *b)
{
	mb_progress_clear(&b->progress);
	printf("kernel %s would be built from %s", b->name, b->source.version);
	if (b->patches.count)
		printf(" %s %zu patch%s", b->patches.reverse ? "without" : "with", b->patches.count,
		       b->patches.count > 1 ? "es" : "");
	puts("");
	return MB_OK;
}

/* While the user's folder is what the kernel was built of. Where it does not build, the kernel is there all the same. */
static void build_module(const struct lab_build *b)
{
	char *makefile = mb_format("%s/build/Makefile", b->final), *module = NULL;
	struct lab_kernel kernel = { 0 };

	if (mb_exists(makefile) && lab_kernel_load(b->final, &kernel))
		lab_module(&kernel, &module);
	lab_kernel_free(&kernel);
	free(makefile);
	free(module);
}

static int build(struct lab_build *b)
{
	int status = lab_tools_check();

	if (!status)
		status = read_fragments(b);
	if (!status)
		status = find_source(b);
	if (!status)
		status = identify(b);
	if (status)
		return status;
	if (lab_kernel_up_to_date(b->final, b->name, b->dry_run))
		return MB_OK;
	if (b->patches.count)
		status = check_patches(b);
	if (status)
		return status;
	if (b->dry_run)
		return say_what(b);
	if (!b->kept)
		lab_build_remove_stale(b);
	return build_locked(b);
}

/* @plain: it will be what its configuration says, and may have that one's name. */
static int check_name(const char *name, const struct lab_kernel_config *config, bool plain)
{
	if (!lab_good_name(name))
		return mb_fail(MB_REQUEST,
			       "lab kernel build: --name takes letters, digits and ._+-, not '%s'",
			       name);
	if (lab_is_config(name) && !(plain && !config->path && !strcmp(name, config->name)))
		return mb_fail(MB_REQUEST,
			       "lab kernel build: %s is what configs/kernels calls another "
			       "kernel; choose another name with --name",
			       name);
	return MB_OK;
}

/* --stock: nothing to choose but the version and the name. */
static int stock_build(const char *config_name, const struct lab_build *b)
{
	const struct lab_kernel_config none = { .name = NULL };

	if (!config_name || b->folder || b->patch_files.count || b->newest || b->reverse ||
	    b->dry_run)
		return mb_fail(MB_REQUEST,
			       "lab kernel build: --stock goes with NAME, --arch, --page and "
			       "--name only: it is the image that the distribution has");
	if (b->name && check_name(b->name, &none, false))
		return MB_REQUEST;
	return lab_kernel_stock(config_name, b->name, b->quiet);
}

/* --image: built already. */
static int import(struct lab_imported *from, const char *config_name, const struct lab_build *b)
{
	const struct lab_kernel_config none = { .name = NULL };

	if (config_name || b->folder || b->patch_files.count || b->newest || b->reverse ||
	    b->dry_run)
		return mb_fail(MB_REQUEST, "lab kernel build: --image goes with --modules, --build "
					   "and --name only: it is built already");
	if (!from->image)
		return mb_fail(MB_REQUEST, "lab kernel build: --modules and --build go with "
					   "--image FILE");
	if (!b->name)
		return mb_fail(MB_REQUEST, "lab kernel build: --image needs --name NAME");
	if (check_name(b->name, &none, false))
		return MB_REQUEST;
	from->name = b->name;
	return lab_kernel_import(from);
}

int lab_kernel_build(int argc, char **argv)
{
	struct lab_imported imported = { 0 };
	struct lab_build b = { 0 };
	const char *arch = NULL, *page = NULL;
	bool stock = false;
	const struct mb_option options[] = {
		MB_HEADING("Where the kernel comes from"),
		{ "source", "DIR|TARBALL", "a kernel's source, in place of Debian's package",
		  MB_OPT_STRING, &b.folder, 0, 0 },
		{ "newest", NULL,
		  "look for a newer version in the suites of the distribution than the cache has",
		  MB_OPT_FLAG, &b.newest, 0, 0 },
		{ "stock", NULL,
		  "take the distribution's own image of that version, unpacked with its headers",
		  MB_OPT_FLAG, &stock, 0, 0 },
		{ "image", "FILE", "take a bzImage, or arm64's Image, that another tool built",
		  MB_OPT_STRING, &imported.image, 0, 0 },
		{ "modules", "DIR", "with --image: where its modules were installed", MB_OPT_STRING,
		  &imported.modules, 0, 0 },
		{ "build", "DIR",
		  "with --image: where it was built, or its headers, if the modules don't say",
		  MB_OPT_STRING, &imported.build, 0, 0 },
		{ "arch", "x86_64|arm64", "the architecture (default: x86_64)", MB_OPT_STRING,
		  &arch, 0, 0 },
		{ "page", "4k|16k|64k", "the base page, of arm64 (default: 4k)", MB_OPT_STRING,
		  &page, 0, 0 },
		MB_HEADING("What becomes of it"),
		{ "patch", "FILE|DIR|-",
		  "apply this first: a patch, a mail or a folder of them, or - for "
		  "stdin; can be repeated",
		  MB_OPT_STRINGS, &b.patch_files, 0, 0 },
		{ "reverse", NULL, "take the patches out of a source that has them", MB_OPT_FLAG,
		  &b.reverse, 0, 0 },
		{ "name", "NAME", "the name that --kernel will find it by", MB_OPT_STRING, &b.name,
		  0, 0 },
		LAB_OPT_JOBS(&b.jobs),
		{ "dry-run", NULL,
		  "check that all is right and that the patches apply; build nothing", MB_OPT_FLAG,
		  &b.dry_run, 0, 0 },
		{ "quiet", NULL, "show no progress", MB_OPT_FLAG, &b.quiet, 0, 0 },
		{ 0 },
	};
	static const struct mb_usage usage = {
		.command = "lab kernel build",
		.operands = "[NAME|FILE.ini]",
		.summary = "Build the kernel that configs/kernels/NAME.ini describes, or a "
			   "file of your own. With --source it only gives the "
			   "configuration, and can be left out. An interrupted build goes "
			   "on where it stopped.",
		.example = "migbench lab kernel build 6.1 --patch my.patch --name mine",
		.max_operands = 1,
	};
	char *own_name = NULL, *target = NULL;
	cpu_set_t cpus;
	int first, status = mb_options(&usage, options, argc, argv, &first);

	if (status != MB_PARSED)
		return status;
	if (imported.image || imported.modules || imported.build)
		return import(&imported,
			      first < argc ? argv[first]
			      : stock	   ? "--stock"
			      : arch	   ? arch
					   : page,
			      &b);
	b.config_name = first < argc ? argv[first] : b.folder ? LAB_CONFIG : NULL;
	if (b.config_name && (arch || page)) {
		status = lab_arch_target(b.config_name, arch, page, &target);
		if (status)
			return status;
		b.config_name = target;
	}
	if (stock) {
		status = stock_build(b.config_name, &b);
		free(target);
		return status;
	}
	if (!b.config_name)
		return mb_fail(MB_REQUEST, "lab kernel build: NAME or --source DIR is missing; see "
					   "migbench lab kernel build --help");
	if (b.reverse && !b.patch_files.count)
		return mb_fail(MB_REQUEST, "lab kernel build: --reverse needs --patch FILE, what "
					   "to take out of the source");
	status = lab_kernel_config(b.config_name, &b.config);
	if (!status && !b.name) {
		char *base = b.folder ? lab_source_name(b.folder) : mb_strdup(b.config.name);

		status = base ? MB_OK : MB_REQUEST;
		b.name = own_name = mb_format("%s%s", base ? base : "",
					      !b.patch_files.count ? ""
					      : b.reverse	   ? "-without"
								   : "-patched");
		free(base);
	}
	if (!status)
		status = check_name(b.name, &b.config, !b.folder && !b.patch_files.count);
	if (!status)
		status = lab_patches_read(&b.patch_files, b.reverse, &b.patches);
	if (!b.jobs)
		b.jobs = sched_getaffinity(0, sizeof(cpus), &cpus) ? 1 : (unsigned)CPU_COUNT(&cpus);
	b.progress = mb_progress(stdout, b.quiet ? MB_PROGRESS_NONE : MB_PROGRESS_STEPS);
	if (!status)
		status = build(&b);
	if (!status && b.kept && !b.dry_run)
		build_module(&b);
	if (lab_interrupted && !status)
		status = MB_MACHINE;
	lab_patches_free(&b.patches);
	lab_kernel_config_free(&b.config);
	lab_source_free(&b.source);
	free(own_name);
	free(target);
	free(b.fragment);
	lab_compiler_free(&b.compiler);
	free(b.partial);
	free(b.final);
	free(b.log_path);
	return status;
}
