// SPDX-License-Identifier: GPL-2.0-or-later
/* Configure, compile, install, complete. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/say.h"
#include "core/base/text.h"
#include "core/datadir.h"
#include "core/status.h"
#include "lab/base/log.h"
#include "lab/base/spawn.h"
#include "lab/base/timings.h"
#include "lab/kernel/make.h"
#include "lab/kernel/seed.h"
#include "lab/kernel/steps.h"

static int failed(struct lab_build *b, const char *step)
{
	mb_progress_clear(&b->progress);
	if (lab_interrupted)
		return MB_MACHINE;
	fflush(b->log);
	mb_fail(MB_MACHINE, "kernel %s: %s failed; log: %s%s%s", b->name, step, b->log_path,
		b->compiler.advice ? "; " : "", b->compiler.advice ? b->compiler.advice : "");
	lab_print_trouble(b->log_path, LAB_LOG_LINES);
	return MB_MACHINE;
}

static int configure(struct lab_build *b, const char *tree)
{
	char *fragment = mb_format("%s/fragment.config", b->partial);
	char *done = mb_format("%s/configured", b->partial);
	char *config = mb_format("%s/.config", tree);
	struct lab_make make = { .source = b->source.tree,
				 .build = tree,
				 .arch = b->config.arch,
				 .compiler = b->compiler.command,
				 .lenient = b->compiler.lenient,
				 .log = b->log };
	int status = MB_OK;

	/* A key's folder is configured once; a user's tree may have got new options since. */
	if (b->kept || !mb_exists(done) || !mb_exists(config)) {
		mb_step(&b->progress, "configure");
		if (mb_write_file(fragment, b->fragment, strlen(b->fragment)))
			status = mb_fail(MB_MACHINE, "%s: %m", fragment);
		make.fragment = fragment;
		mb_list_add(&make.targets, "allnoconfig");
		if (!status && lab_make(&make))
			status = failed(b, "make allnoconfig");
		if (!status && mb_write_file(done, "", 0))
			status = mb_fail(MB_MACHINE, "%s: %m", done);
	}
	free(config);
	free(done);
	free(fragment);
	return status;
}

static bool is_set(const char *config, const char *line)
{
	const char *at = config;
	size_t length = strlen(line);

	while ((at = strstr(at, line))) {
		if ((at == config || at[-1] == '\n') && (at[length] == '\n' || !at[length]))
			return true;
		at++;
	}
	return false;
}

/* What the fragment asked for and Kconfig did not give goes to the log; the essential must be. */
static int check_config(struct lab_build *b, const char *tree)
{
	char *path = mb_format("%s/.config", tree), *config = mb_read_file(path, NULL);
	struct mb_list missing = { 0 };
	const char *line = b->fragment;
	int status = MB_OK;

	if (!config)
		return mb_fail(MB_MACHINE, "%s: %m", path);
	for (; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		char *asked = mb_format("%.*s", (int)strcspn(line, "\n"), line);

		if (!strncmp(asked, "CONFIG_", 7) && !is_set(config, asked))
			fprintf(b->log, "not taken: %s\n", asked);
		free(asked);
	}
	for (size_t i = 0; i < b->config.essential.count; i++) {
		char *yes = mb_format("%s=y", b->config.essential.at[i]);
		char *module = mb_format("%s=m", b->config.essential.at[i]);

		if (!is_set(config, yes) && !is_set(config, module))
			mb_list_add(&missing, "%s", b->config.essential.at[i]);
		free(module);
		free(yes);
	}
	if (missing.count) {
		char *names = mb_list_join(&missing);

		mb_progress_clear(&b->progress);
		status = mb_fail(MB_MACHINE,
				 "kernel %s: its Kconfig did not accept %s, which the lab needs; "
				 "configuration: %s",
				 b->name, names, path);
		free(names);
	}
	mb_list_free(&missing);
	free(config);
	free(path);
	return status;
}

static void count_object(void *context, const char *line)
{
	struct lab_make_count *count = context;

	if (strncmp(line, "  CC ", 5) && strncmp(line, "  AS ", 5) && strncmp(line, "  CC [", 6))
		return;
	count->done++;
	mb_tick(count->progress, count->done, count->about, "compile: %u of about %u objects",
		count->done, count->about);
}

/* Is there while make runs. One that was killed removed no target that it had half written. */
static char *mark_of(const struct lab_build *b)
{
	return mb_format("%s/making", b->partial);
}

static void remove_half_made(const struct lab_build *b, const char *tree)
{
	char *mark = mark_of(b);

	if (mb_exists(mark))
		mb_remove_tree(tree);
	unlink(mark);
	free(mark);
}

static int compile(struct lab_build *b, const char *tree, const char *modules)
{
	/* What lab.config comes to on 6.1; other versions are near enough for a progress line. */
	struct lab_make_count count = { .progress = &b->progress, .about = 1160 };
	struct lab_make make = { .source = b->source.tree,
				 .build = tree,
				 .arch = b->config.arch,
				 .compiler = b->compiler.command,
				 .lenient = b->compiler.lenient,
				 .log = b->log,
				 .jobs = b->jobs,
				 .hold = b->lock,
				 .line = count_object,
				 .context = &count };
	struct lab_make install = { .source = b->source.tree,
				    .build = tree,
				    .arch = b->config.arch,
				    .compiler = b->compiler.command,
				    .lenient = b->compiler.lenient,
				    .log = b->log };
	char *key, *objects, *mark;
	double known;
	int status;

	key = lab_timing_build(b->config.name, b->seeded);
	objects = lab_timing_objects(key);
	known = lab_timing(objects);
	free(key);
	mb_step(&b->progress, "compile (%lu at a time)", b->jobs);
	if (known > 0)
		count.about = (unsigned int)known;
	mb_list_add(&make.targets, "%s", b->config.arch->target);
	mb_list_add(&make.targets, "modules");
	mark = mark_of(b);
	if (mb_write_file(mark, "", 0))
		status = mb_fail(MB_MACHINE, "%s: %m", mark);
	else
		status = lab_make(&make);
	if (status >= 0 || errno != ECANCELED)
		unlink(mark);
	free(mark);
	if (!status && b->fresh)
		lab_timing_note(objects, count.done);
	free(objects);
	if (status)
		return failed(b, "make");
	mb_step(&b->progress, "install the modules");
	mb_list_add(&install.targets, "INSTALL_MOD_PATH=%s", modules);
	mb_list_add(&install.targets, "modules_install");
	mb_remove_tree(modules);
	if (lab_make(&install))
		return failed(b, "make modules_install");
	return MB_OK;
}

/* The kernel's own name of its version; malloc'd, or NULL. */
static char *read_release(const char *tree)
{
	char *path = mb_format("%s/include/config/kernel.release", tree);
	char *release = mb_read_file(path, NULL);

	if (release)
		release[strcspn(release, "\n")] = '\0';
	free(path);
	return release;
}

/* Two links point out of the folder; and without an index modprobe would find nothing. */
static int tidy_modules(struct lab_build *b, const char *modules, const char *release)
{
	char *folder = mb_format("%s/lib/modules/%s", modules, release);
	static const char *const links[] = { "build", "source" };
	char *path;
	int status = MB_OK;

	for (size_t i = 0; i < 2; i++) {
		path = mb_format("%s/%s", folder, links[i]);
		unlink(path);
		free(path);
	}
	path = mb_format("%s/modules.dep", folder);
	if (!mb_exists(path)) {
		mb_progress_clear(&b->progress);
		status = mb_fail(MB_MACHINE, "depmod did not run; on Debian: apt-get install kmod");
	}
	free(path);
	free(folder);
	return status;
}

/* What make left, in a folder that complete() can give its final name; malloc'd, or NULL. */
static char *copy_kept(struct lab_build *b)
{
	char *copy = mb_format("%s.copy", b->partial);
	struct mb_list words = { 0 };
	struct lab_spawn how = { .in = -1 };
	int status;

	mb_step(&b->progress, "copy the kernel");
	mb_remove_tree(copy);
	mb_list_add(&words, "cp");
	mb_list_add(&words, "-a");
	mb_list_add(&words, "--reflink=auto");
	mb_list_add(&words, "%s", b->partial);
	mb_list_add(&words, "%s", copy);
	how.argv = words.at;
	status = lab_run_logged(&how, b->log, NULL, NULL);
	mb_list_free(&words);
	if (!status)
		return copy;
	failed(b, "copying it");
	/* As large as a kernel's build, and what it lacks was room, most likely. */
	mb_remove_tree(copy);
	free(copy);
	return NULL;
}

static int complete(struct lab_build *b, char *release)
{
	char *from = b->kept ? copy_kept(b) : mb_strdup(b->partial);
	char *label = lab_build_label(b, release);
	struct lab_kernel kernel = lab_build_kernel(b, release, label);
	int status = from ? MB_OK : MB_MACHINE;

	if (!status && (lab_kernel_store(from, &kernel) || lab_kernel_put(from, b->final))) {
		status = mb_fail(MB_MACHINE, "%s: %m", b->final);
		if (b->kept)
			mb_remove_tree(from);
	}
	mb_progress_clear(&b->progress);
	if (!status)
		mb_say(stdout, "kernel %s (%s) is ready: migbench lab exec --kernel %s -- uname -r",
		       b->name, release, b->name);
	free(label);
	free(from);
	return status;
}

static void note_time(const struct lab_build *b, double seconds)
{
	char *what = lab_timing_build(b->config.name, b->seeded);

	if (b->fresh)
		lab_timing_note(what, seconds);
	free(what);
}

/* A lock by which a removal knows that the patched source is in use; -1: there is none of our own. */
static int share_patched(const struct lab_build *b)
{
	int fd = -1;

	if (b->source.original)
		fd = open(b->source.tree, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0)
		flock(fd, LOCK_SH);
	return fd;
}

int lab_build_steps(struct lab_build *b)
{
	char *tree = mb_format("%s/build", b->partial), *release = NULL;
	char *modules = mb_format("%s/modules", b->partial);
	double began = lab_timing_now();
	int status = lab_source_fetch(&b->source, &b->patches, &b->progress, b->log);
	int shared = status ? -1 : share_patched(b);

	if (status && !lab_interrupted) {
		fflush(b->log);
		/* Which part of a patch does not fit is more than a line. */
		if (status == MB_MACHINE && b->source.original && mb_exists(b->source.original))
			lab_print_trouble(b->log_path, LAB_LOG_LINES);
		/* There is nothing yet that another try could go on from. */
		if (!b->kept)
			mb_remove_tree(b->partial);
	}
	remove_half_made(b, tree);
	if (!status && mb_make_folders(tree))
		status = mb_fail(MB_MACHINE, "%s: %m", tree);
	if (!status)
		status = lab_kernel_seed(b, tree);
	if (!status)
		status = configure(b, tree);
	if (!status)
		status = check_config(b, tree);
	if (!status)
		status = compile(b, tree, modules);
	if (!status && !(release = read_release(tree)))
		status = failed(b, "reading the release");
	if (!status)
		status = tidy_modules(b, modules, release);
	/* A patched copy was made at once; the folder itself was read for minutes. */
	if (!status && !b->source.original) {
		mb_progress_clear(&b->progress);
		status = lab_source_unchanged(&b->source);
		/* An object may be newer than the edit that it has not. */
		if (status && b->kept)
			mb_remove_tree(tree);
	}
	if (!status)
		status = complete(b, release);
	if (!status)
		note_time(b, lab_timing_now() - began);
	/* What failed is of no use, but for its log; an interrupted build alone goes on. */
	else if (!b->kept && !lab_interrupted) {
		mb_remove_tree(tree);
		/* Modules of other kernels are built with it, also later; and so may others be now. */
		if (shared >= 0 && !flock(shared, LOCK_EX | LOCK_NB) &&
		    !lab_kernel_has_tree(b->source.tree))
			mb_remove_tree(b->source.tree);
	}
	mb_progress_clear(&b->progress);
	if (shared >= 0)
		close(shared);
	free(release);
	free(modules);
	free(tree);
	return status;
}
