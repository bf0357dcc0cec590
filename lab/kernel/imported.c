// SPDX-License-Identifier: GPL-2.0-or-later
/* migbench lab kernel build --image: what another tool built, taken into the cache. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/say.h"
#include "core/base/text.h"
#include "core/datadir.h"
#include "core/digest.h"
#include "core/status.h"
#include "lab/base/defaults.h"
#include "lab/base/spawn.h"
#include "lab/kernel/image.h"
#include "lab/kernel/imported.h"
#include "lab/kernel/place.h"

/* Modules that benchmarks use where they are not built in: lib/test_hmm, and refault's swap. */
static const char *const wanted[] = { "test_hmm", "zram" };

/* Without these, and its architecture's ports, nothing boots here: the machine has an initramfs. */
static const char *const needed[] = { "BLK_DEV_INITRD", "DEVTMPFS", "MODULES",	  "NUMA",
				      "PROC_FS",	"SYSFS",    "ZONE_DEVICE" };

struct import {
	const struct lab_imported *from;
	const struct lab_arch *arch;
	const struct lab_page *page;
	char *release, *image, *build, *config; /* of the image; full paths */
	char *root; /* holds lib/modules/RELEASE, or NULL */
	struct mb_list modules; /* files there that the lab loads */
	char key[MB_DIGEST_HEX];
	char *final, *partial;
	FILE *log;
};

static int find_modules(struct import *import)
{
	const char *given = import->from->modules;
	char *below, *full = realpath(given, NULL);
	char *tail = mb_format("/lib/modules/%s", import->release);
	size_t length = full ? strlen(full) : 0, skip = strlen(tail);
	int status = MB_OK;

	below = mb_format("%s%s", full ? full : "", tail);
	if (full && mb_exists(below))
		import->root = mb_strdup(full);
	else if (length >= skip && !strcmp(full + length - skip, tail))
		import->root = length == skip ? mb_strdup("/")
					      : mb_format("%.*s", (int)(length - skip), full);
	else
		status = mb_fail(MB_REQUEST,
				 "--modules %s: has no lib/modules/%s, which is what the image is",
				 given, import->release);
	free(below);
	free(tail);
	free(full);
	return status;
}

/* The folder above arch/…/boot, malloc'd, if the image lies where make leaves it. */
static char *above_image(const struct import *import)
{
	size_t length = strlen(import->image), skip = strlen(import->arch->image) + 1;
	size_t above = length > skip ? length - skip : 0;

	return above && import->image[above] == '/' &&
			       !strcmp(import->image + above + 1, import->arch->image)
		       ? mb_format("%.*s", (int)above, import->image)
		       : NULL;
}

static int find_build(struct import *import)
{
	char *link = import->root
			     ? mb_format("%s/lib/modules/%s/build", import->root, import->release)
			     : NULL;
	char *path, *release, *above = above_image(import);
	const char *given = import->from->build;
	int status = MB_OK;

	import->build = realpath(given			   ? given
				 : link && mb_exists(link) ? link
				 : above		   ? above
							   : "",
				 NULL);
	path = mb_format("%s/include/config/kernel.release", import->build ? import->build : "");
	release = mb_read_file(path, NULL);
	if (release)
		release[strcspn(release, "\n")] = '\0';
	if (!import->build && given)
		status = mb_fail(MB_REQUEST, "--build %s: %m", given);
	else if (!import->build)
		status = mb_fail(MB_REQUEST,
				 "lab kernel build: neither the image nor --modules says where "
				 "%s was built; say it with --build DIR (its headers will do)",
				 import->release);
	else if (!release || strcmp(release, import->release))
		status = mb_fail(MB_REQUEST, "%s: is the build of %s, and the image is %s",
				 import->build, release ? release : "no kernel", import->release);
	free(release);
	free(path);
	free(above);
	free(link);
	return status;
}

static bool has(const char *config, const char *option)
{
	char *line = mb_format("\nCONFIG_%s=y\n", option);
	bool found = strstr(config, line);

	free(line);
	return found;
}

static void need(const char *config, const char *option, struct mb_list *missing)
{
	if (!has(config, option))
		mb_list_add(missing, "CONFIG_%s", option);
}

/* What an architecture that has base pages of several sizes is configured for. */
static const struct lab_page *page_of(const struct lab_arch *arch, const char *config)
{
	const struct lab_page *page = &arch->pages[0];

	for (size_t i = 0; i < arch->page_count; i++) {
		char *option = mb_format("ARM64_%luK_PAGES", arch->pages[i].bytes >> 10);

		if (has(config, option))
			page = &arch->pages[i];
		free(option);
	}
	return page;
}

static int check_config(struct import *import)
{
	struct mb_list missing = { 0 };
	char *text, *names;
	int status = MB_OK;

	import->config = mb_format("%s/.config", import->build);
	text = mb_read_file(import->config, NULL);
	if (!text)
		return mb_fail(MB_REQUEST, "%s: %m", import->config);
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		need(text, needed[i], &missing);
	for (size_t i = 0; import->arch->ports[i]; i++)
		need(text, import->arch->ports[i], &missing);
	import->page = page_of(import->arch, text);
	if (missing.count) {
		names = mb_list_join(&missing);
		status = mb_fail(
			MB_REQUEST,
			"%s: the lab's machines need %s built in; configs/kernels/lab.config "
			"has all that they use",
			import->config, names);
		free(names);
	}
	mb_list_free(&missing);
	free(text);
	return status;
}

/* @name and what it needs, as modprobe says: "insmod /…/lib/modules/RELEASE/kernel/…/NAME.ko OPTIONS". */
static void list_module(struct import *import, const char *name)
{
	char *show[] = { (char *)"modprobe", (char *)"--show-depends",
			 (char *)"-S",	     import->release,
			 (char *)"-d",	     import->root,
			 (char *)name,	     NULL };
	char *said = NULL, *rest, *line;
	size_t root = strlen(import->root);

	/* One that is built in, or not there, is no loss: the benchmark says so. */
	rest = lab_capture(show, NULL, &said) ? NULL : said;
	while ((line = strsep(&rest, "\n"))) {
		char *path = line + 7, *end;

		if (strncmp(line, "insmod ", 7))
			continue;
		/* The user's folder may have blanks in its name. */
		end = strstr(path + (strncmp(path, import->root, root) ? 0 : root), ".ko");
		if (!end)
			continue;
		end[strcspn(end, " ")] = '\0';
		if (!mb_list_has(&import->modules, path))
			mb_list_add(&import->modules, "%s", path);
	}
	free(said);
}

/* What goes into the cache with it, told by content: make changes a module and not the image. */
static void list_modules(struct import *import)
{
	for (size_t i = 0; import->root && i < sizeof(wanted) / sizeof(wanted[0]); i++)
		list_module(import, wanted[i]);
}

static int identify(struct import *import)
{
	char *kernels = mb_cache_path("kernels"), *all;
	char image[MB_DIGEST_HEX], config[MB_DIGEST_HEX], one[MB_DIGEST_HEX], *next;

	if (mb_digest_file(import->image, image) || mb_digest_file(import->config, config)) {
		free(kernels);
		return mb_fail(MB_REQUEST, "%s: %m", import->image);
	}
	all = mb_format("migbench imported kernel 2\n%s\n%s\n%s\n%s\n", image, config,
			import->build, import->root ? import->root : "");
	list_modules(import);
	for (size_t i = 0; i < import->modules.count; i++) {
		if (mb_digest_file(import->modules.at[i], one)) {
			free(kernels);
			free(all);
			return mb_fail(MB_REQUEST, "%s: %m", import->modules.at[i]);
		}
		next = mb_format("%s%s\n", all, one);
		free(all);
		all = next;
	}
	mb_digest(all, strlen(all), import->key);
	import->final =
		mb_format("%s/%s-%.*s", kernels, import->from->name, LAB_KEY_DIGITS, import->key);
	import->partial = mb_format("%s/.%s-%.*s.partial", kernels, import->from->name,
				    LAB_KEY_DIGITS, import->key);
	free(all);
	free(kernels);
	return MB_OK;
}

static int copy(struct import *import, const char *path, const char *to)
{
	struct mb_list words = { 0 };

	mb_list_add(&words, "cp");
	mb_list_add(&words, "-L");
	mb_list_add(&words, "%s", path);
	mb_list_add(&words, "%s", to);
	return lab_run_words(&words, NULL, import->log) ? -1 : 0;
}

static int copy_modules(struct import *import)
{
	char *base = mb_format("%s/modules", import->partial);
	char *to = mb_format("%s/lib/modules/%s", base, import->release);
	struct mb_list words = { 0 };
	int bad = mb_make_folders(to);

	for (size_t i = 0; !bad && i < import->modules.count; i++)
		bad = copy(import, import->modules.at[i], to);
	if (!bad) {
		mb_list_add(&words, "depmod");
		mb_list_add(&words, "-b");
		mb_list_add(&words, "%s", base);
		mb_list_add(&words, "%s", import->release);
		bad = lab_run_words(&words, NULL, import->log);
	}
	free(to);
	free(base);
	return bad;
}

static int fill(struct import *import)
{
	char *image = mb_format("%s/%s", import->partial, import->arch->target);
	char *config = mb_format("%s/config", import->partial);
	struct stat st = { 0 };
	struct lab_kernel kernel = { .name = (char *)import->from->name,
				     .arch = import->arch,
				     .page = import->page,
				     .release = import->release,
				     .key = import->key,
				     .source = import->image,
				     .tree = import->build,
				     .build = import->build };
	int status = MB_OK;

	/* Its release may be that of others, too. */
	kernel.label = mb_format("%s (%s)", import->release, import->from->name);
	if (copy(import, import->image, image) || copy(import, import->config, config) ||
	    copy_modules(import))
		status = lab_interrupted ? MB_MACHINE
					 : mb_fail(MB_MACHINE,
						   "kernel %s: cannot copy %s and its modules "
						   "into the cache",
						   import->from->name, import->image);
	if (!status) {
		stat(import->image, &st);
		kernel.built = st.st_mtime;
		kernel.size = (long long)mb_tree_size(import->partial);
		if (lab_kernel_store(import->partial, &kernel) ||
		    lab_kernel_put(import->partial, import->final))
			status = mb_fail(MB_MACHINE, "%s: %m", import->final);
	}
	free(kernel.label);
	free(config);
	free(image);
	return status;
}

static int take(struct import *import)
{
	const char *name = import->from->name;
	int lock, status;

	if (lab_kernel_up_to_date(import->final, name, false))
		return MB_OK;
	lock = lab_take_folder(import->partial, name);
	if (lock < 0)
		return MB_MACHINE;
	/* Another one may have ended between the first look and the lock. */
	if (lab_kernel_up_to_date(import->final, name, false)) {
		mb_remove_tree(import->partial);
		close(lock);
		return MB_OK;
	}
	import->log = fopen("/dev/null", "we");
	status = import->log ? fill(import) : mb_fail(MB_MACHINE, "/dev/null: %m");
	if (import->log)
		fclose(import->log);
	if (status)
		mb_remove_tree(import->partial);
	else
		mb_say(stdout, "kernel %s (%s) is ready: migbench lab exec --kernel %s -- uname -r",
		       name, import->release, name);
	close(lock);
	return status;
}

int lab_kernel_import(const struct lab_imported *from)
{
	struct import import = { .from = from, .image = realpath(from->image, NULL) };
	int status = MB_OK;

	if (!import.image)
		return mb_fail(MB_REQUEST, "--image %s: %m", from->image);
	import.release = lab_image_release(import.image, &import.arch);
	if (!import.release)
		status = mb_fail(MB_REQUEST,
				 "--image %s: is neither a bzImage of x86 nor an Image of arm64, "
				 "uncompressed",
				 from->image);
	if (!status && from->modules)
		status = find_modules(&import);
	if (!status)
		status = find_build(&import);
	if (!status)
		status = check_config(&import);
	if (!status)
		status = identify(&import);
	if (!status)
		status = take(&import);
	free(import.release);
	free(import.image);
	free(import.build);
	free(import.config);
	free(import.root);
	mb_list_free(&import.modules);
	free(import.final);
	free(import.partial);
	return status;
}
