// SPDX-License-Identifier: GPL-2.0-or-later
/* migbench lab kernel build --stock: a distribution's image and headers, unpacked, not built. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/say.h"
#include "core/base/text.h"
#include "core/config.h"
#include "core/datadir.h"
#include "core/status.h"
#include "lab/base/deb.h"
#include "lab/base/defaults.h"
#include "lab/base/spawn.h"
#include "lab/kernel/cross.h"
#include "lab/kernel/series.h"
#include "lab/kernel/stock.h"
#include "lab/kernel/stock_arrange.h"
#include "lab/kernel/stock_foreign.h"

/* MiB, the packages and the compiler of another release included. */
#define STOCK_ROOM 800UL
#define RECIPE "migbench stock kernel 1"
#define SOURCE "linux-source-"
#define IMAGE "linux-image-"
#define KBUILD "linux-kbuild-"

char *lab_stock_name(const char *config)
{
	const struct lab_arch *arch;
	const struct lab_page *page;
	size_t length = lab_arch_split(config, &arch, &page);

	if (!length)
		length = strlen(config);
	return mb_format("%.*s-stock%s", (int)length, config, config + length);
}

/* Whether @name is an image of the series: "linux-image-6.1.0-56-cloud-amd64" is one of 6.1. */
bool lab_stock_is_image(const char *name, const char *series, const char *flavour)
{
	static const char head[] = IMAGE;
	size_t skip = strlen(head) + strlen(series);

	if (strncmp(name, head, strlen(head)) ||
	    strncmp(name + strlen(head), series, strlen(series)) || name[skip] != '.')
		return false;
	/* "6.12.9+deb13-rt-cloud-amd64" would be something else. */
	name += skip + 1;
	if (*name < '0' || *name > '9')
		return false;
	name += strspn(name, "0123456789abcdefghijklmnopqrstuvwxyz.+~");
	if (*name == '-' && strcmp(name + 1, flavour))
		name += 1 + strspn(name + 1, "0123456789");
	return *name == '-' && !strcmp(name + 1, flavour);
}

/* The newest image of @series, a source package, in these lists. */
static void newest_of(struct lab_stock *s, const char *series)
{
	struct mb_list names = { 0 };
	char *prefix;

	if (!strncmp(series, SOURCE, strlen(SOURCE)))
		series += strlen(SOURCE);
	prefix = mb_format(IMAGE "%s.", series);
	lab_apt_names(&s->apt, prefix, &names);
	for (size_t i = 0; i < names.count; i++) {
		char *version;

		if (!lab_stock_is_image(names.at[i], series, s->config.page->flavour) ||
		    (s->image &&
		     !lab_apt_older(s->image + strlen(IMAGE), names.at[i] + strlen(IMAGE))))
			continue;
		version = lab_apt_version(&s->apt, names.at[i], NULL);
		if (!version)
			continue;
		free(s->image);
		free(s->version);
		s->image = mb_strdup(names.at[i]);
		s->version = version;
	}
	mb_list_free(&names);
	free(prefix);
}

/* The newest image, in these lists, of what is configured. */
static void newest_image(struct lab_stock *s)
{
	struct mb_list packages = { 0 };

	if (s->config.package)
		newest_of(s, s->config.package);
	/* Of another suite than our own: which is the newest kernel is for that to say. */
	else if (s->apt.suites.count)
		lab_series_list(&s->apt, s->config.newest, &packages);
	for (size_t i = packages.count; i-- && !s->version;)
		newest_of(s, packages.at[i]);
	mb_list_free(&packages);
}

/* The newest image in @suite; NULL: in the machine's own suites. */
static int look(struct lab_stock *s, const char *suite, FILE *log)
{
	const struct lab_arch *arch = s->config.arch;
	bool other = arch != lab_arch_host();
	int status = MB_OK;

	s->apt.log = log;
	/* Of its own architecture the machine has lists. */
	if (suite || other) {
		lab_apt_close(&s->apt);
		mb_step(&s->progress, "look %s%s for an image of %s", suite ? "into " : "",
			suite ? suite : "around", arch->name);
		status = lab_apt_open_also(&s->apt, suite, other ? arch->dpkg : NULL, log);
	}
	if (!status)
		newest_image(s);
	return status;
}

static int find_image(struct lab_stock *s, FILE *log)
{
	int status = look(s, NULL, log);

	if (!status && !s->version && s->config.suite)
		status = look(s, s->config.suite, log);
	mb_progress_clear(&s->progress);
	if (status || lab_interrupted)
		return MB_MACHINE;
	if (!s->version)
		return mb_fail(MB_MACHINE,
			       "no stock image of %s with the flavour %s%s%s: neither this "
			       "machine's package lists nor its apt sources have one; try: apt-get "
			       "update, or build it without --stock",
			       s->config.package ? s->config.package : s->config.name,
			       s->config.page->flavour, s->config.suite ? " in " : "",
			       s->config.suite ? s->config.suite : "");
	s->release = s->image + strlen(IMAGE);
	return MB_OK;
}

/* Add what a downloaded package needs: common headers, kbuild's programs, or the image itself. */
static int add_needed(struct lab_stock *s, const char *deb, struct mb_list *packages)
{
	static const char *const kinds[] = { KBUILD, "linux-headers-", "linux-binary-" };
	char *depends = lab_deb_field(deb, "Depends"), *next = depends, *one;
	int status = depends ? 0 : -1;

	while (next && (one = strsep(&next, ","))) {
		one += strspn(one, " ");
		one[strcspn(one, " |(")] = '\0';
		for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
			if (!strncmp(one, kinds[i], strlen(kinds[i])))
				mb_list_add(packages, "%s", one);
		if (!s->kbuild && !strncmp(one, KBUILD, strlen(KBUILD)))
			s->kbuild = mb_strdup(one);
	}
	free(depends);
	return status;
}

static int fetch(struct lab_stock *s, const char *root)
{
	char *debs = mb_format("%s/debs", s->partial);
	struct mb_list first = { 0 }, needed = { 0 }, names = { 0 };
	int status = MB_OK;

	mb_step(&s->progress, "download %s %s", s->image, s->version);
	mb_progress_watch(debs);
	/* What one that was killed has left may be of another version. */
	if (mb_remove_tree(debs) || mb_make_folders(debs) || mb_make_folders(root))
		status = mb_fail(MB_MACHINE, "%s: %m", s->partial);
	s->apt.log = s->log;
	mb_list_add(&first, "%s", s->image);
	mb_list_add(&first, "linux-headers-%s", s->release);
	if (!status)
		status = lab_apt_download(&s->apt, &first, LAB_APT_ALONE, debs);
	mb_names_in(debs, ".deb", &names);
	for (size_t i = 0; !status && i < names.count; i++) {
		char *deb = mb_format("%s/%s.deb", debs, names.at[i]);

		if (add_needed(s, deb, &needed))
			status = lab_stock_failed(s, "read what its packages need");
		free(deb);
	}
	if (!status)
		status = lab_apt_download(&s->apt, &needed, LAB_APT_ALONE, debs);
	mb_step(&s->progress, "unpack it");
	if (!status)
		status = lab_stock_unpack(s, debs, root);
	mb_remove_tree(debs);
	mb_list_free(&names);
	mb_list_free(&needed);
	mb_list_free(&first);
	free(debs);
	return status;
}

/* Is there anything to measure in it? */
static int check_use(const struct lab_stock *s, const char *headers)
{
	char *path = mb_format("%s/.config", headers), *config = mb_read_file(path, NULL), *line;
	unsigned int major = 0, minor = 0;
	const char *option;
	int status = MB_OK;

	/* What migrate_vma_setup() is compiled with: from 5.18 on with any memory of a device. */
	sscanf(s->release, "%u.%u", &major, &minor);
	option = major < 5 || (major == 5 && minor < 18) ? "DEVICE_PRIVATE" : "ZONE_DEVICE";
	line = mb_format("\nCONFIG_%s=y\n", option);
	if (config && !strstr(config, line))
		status = mb_fail(MB_MACHINE,
				 "kernel %s: the image %s has no CONFIG_%s, without which Linux "
				 "%u.%u migrates nothing; build it without --stock",
				 s->name, s->release, option, major, minor);
	free(line);
	free(config);
	free(path);
	return status;
}

/* Of use at all, and with the compiler that its headers want. */
static int equip(struct lab_stock *s, const char *root)
{
	char *headers = mb_format("%s/usr/src/linux-headers-%s", root, s->release);
	char *compiler = lab_stock_compiler(headers), *prefix = lab_cross_prefix(s->config.arch);
	char *program = mb_format("%s%s", prefix ? prefix : "", compiler ? compiler : "gcc");
	int status = check_use(s, headers);

	if (status || !compiler) {
		;
	} else if (strchr(program, '/') ? mb_exists(program) : lab_have_program(program)) {
		if (s->config.arch != lab_arch_host())
			status = lab_stock_name_compiler(s, headers, prefix, compiler);
	} else if (s->apt.folder) {
		status = lab_stock_foreign(s, root, headers, compiler);
	} else {
		/* Of this machine's own release the user can install it. */
		status = mb_fail(MB_MACHINE,
				 "kernel %s: its modules want %s, which is not installed; "
				 "try: apt-get install %s, or build the kernel without "
				 "--stock",
				 s->name, compiler, compiler);
	}
	free(program);
	free(prefix);
	free(compiler);
	free(headers);
	return status;
}

static int complete(struct lab_stock *s)
{
	char *source = mb_format("%s %s", s->image, s->version);
	struct lab_kernel kernel = { .name = (char *)s->name,
				     .arch = s->config.arch,
				     .page = s->config.page,
				     .release = (char *)s->release,
				     .label = (char *)s->release,
				     .key = s->key,
				     .source = source,
				     .tree = s->final,
				     .built = time(NULL),
				     .size = (long long)mb_tree_size(s->partial) };
	int status = MB_OK;

	if (lab_kernel_store(s->partial, &kernel) || lab_kernel_put(s->partial, s->final))
		status = mb_fail(MB_MACHINE, "%s: %m", s->final);
	mb_progress_clear(&s->progress);
	if (!status)
		mb_say(stdout, "kernel %s (%s) is ready: migbench lab exec --kernel %s -- uname -r",
		       s->name, s->release, s->name);
	free(source);
	return status;
}

static int check_room(const struct lab_stock *s)
{
	unsigned long have = lab_build_room();

	return have >= STOCK_ROOM ? MB_OK
				  : mb_fail(MB_MACHINE,
					    "kernel %s: unpacking it takes up to %lu MiB in the "
					    "cache, where %lu are free; make room, or set "
					    "MIGBENCH_CACHE to another folder",
					    s->name, STOCK_ROOM, have);
}

static int make_locked(struct lab_stock *s)
{
	char *root;
	int lock, status;

	lock = lab_take_folder(s->partial, s->name);
	if (lock < 0)
		return MB_MACHINE;
	/* Another one may have ended between the first look and the lock. */
	if (lab_kernel_up_to_date(s->final, s->name, false)) {
		mb_remove_tree(s->partial);
		close(lock);
		return MB_OK;
	}
	root = mb_format("%s/root", s->partial);
	mb_remove_tree(root);
	s->log = fopen(s->log_path, "we");
	status = s->log ? fetch(s, root) : mb_fail(MB_MACHINE, "%s: %m", s->log_path);
	if (!status)
		status = equip(s, root);
	if (!status)
		status = lab_stock_arrange(s, root);
	mb_progress_clear(&s->progress);
	if (s->log)
		fclose(s->log);
	if (!status)
		status = complete(s);
	if (status)
		mb_remove_tree(s->partial);
	close(lock);
	free(root);
	return status;
}

static int make(struct lab_stock *s)
{
	char *all = mb_format("%s\n%s\n%s", RECIPE, s->image, s->version);
	char *kernels = mb_cache_path("kernels");
	int status = MB_OK;

	mb_digest(all, strlen(all), s->key);
	s->final = mb_format("%s/%s-%.*s", kernels, s->name, LAB_KEY_DIGITS, s->key);
	s->partial = mb_format("%s/.%s-%.*s.partial", kernels, s->name, LAB_KEY_DIGITS, s->key);
	s->log_path = mb_format("%s/build.log", s->partial);
	if (!lab_kernel_up_to_date(s->final, s->name, false))
		status = check_room(s) ?: make_locked(s);
	free(kernels);
	free(all);
	return status;
}

int lab_kernel_stock(const char *config_name, const char *name, bool quiet)
{
	char *base = mb_config_name(config_name), *said = NULL;
	char *own_name = lab_stock_name(base), *prefix = NULL;
	struct lab_stock s = { .name = name ? name : own_name,
			       .progress = mb_progress(stdout, quiet ? MB_PROGRESS_NONE
								     : MB_PROGRESS_STEPS) };
	size_t size;
	FILE *log = mb_text_open(&said, &size);
	int status = lab_kernel_config(config_name, &s.config);

	if (!status && !s.config.page->flavour)
		status = mb_fail(MB_REQUEST,
				 "lab kernel build: Debian has no image of %s with base pages of "
				 "%s; leave out --stock, and %s is built",
				 s.config.arch->name, s.config.page->name, config_name);
	/* The programs that come with its headers run there. */
	if (!status && lab_arch_host() != lab_arch_default())
		status = mb_fail(MB_MACHINE,
				 "lab kernel build: --stock needs a machine of %s; leave it out, "
				 "and %s is built",
				 lab_arch_default()->name, config_name);
	/* The module's compiler; better now than after the download. */
	if (!status && !(prefix = lab_cross_need_prefix(s.config.arch)))
		status = MB_MACHINE;
	if (!status)
		status = find_image(&s, log);
	if (!status)
		status = make(&s);
	lab_apt_close(&s.apt);
	lab_kernel_config_free(&s.config);
	mb_text_close(log);
	free(said);
	free(s.partial);
	free(s.final);
	free(s.log_path);
	free(s.kbuild);
	free(s.image);
	free(s.version);
	free(prefix);
	free(own_name);
	free(base);
	return status;
}
