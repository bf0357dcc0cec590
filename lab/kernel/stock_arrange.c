// SPDX-License-Identifier: GPL-2.0-or-later
/* A distribution's packages, laid out as the lab's kernels are, and found fit or not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/base/spawn.h"
#include "lab/kernel/stock_arrange.h"

/* The headers name their common part by absolute paths: make them ours. */
static int relocate(const struct lab_stock *s, const char *path)
{
	static const char from[] = "/usr/";
	char *text = mb_read_file(path, NULL), *made = NULL;
	const char *at = text, *next;
	size_t size;
	FILE *out;
	int status;

	if (!text)
		return -1;
	out = mb_text_open(&made, &size);
	for (; (next = strstr(at, from)); at = next + strlen(from))
		fprintf(out, "%.*s%s/root/usr/", (int)(next - at), at, s->final);
	fputs(at, out);
	mb_text_close(out);
	status = mb_write_file(path, made, size);
	free(made);
	free(text);
	return status;
}

/* Do kbuild's programs run here? Those of another release may want another C library. */
static int check_programs(const struct lab_stock *s, const char *build)
{
	static char none[] = "/dev/null";
	char *fixdep = mb_format("%s/scripts/basic/fixdep", build), *output = NULL;
	char *argv[] = { fixdep, none, none, none, NULL };
	int ran = lab_capture(argv, NULL, &output), status = MB_OK;

	/* It has nothing to do, and says so by its status; a loader that fails says 126 or more. */
	if (ran < 0 || ran >= 126 || (ran == 1 && !mb_exists(fixdep)))
		status = lab_stock_failed(
			s, "run its headers' programs: they are of another release; build it "
			   "without --stock");
	free(output);
	free(fixdep);
	return status;
}

/* The image lies in /boot, or since 7.x beside its modules; the map of symbols may be missing. */
static int take_image(const struct lab_stock *s, const char *root, const char *build)
{
	char *image = mb_format("%s/%s", build, s->config.arch->image);
	char *in_boot = mb_format("%s/boot/vmlinuz-%s", root, s->release);
	char *beside = mb_format("%s/usr/lib/modules/%s/vmlinuz", root, s->release);
	char *map = mb_format("%s/System.map", build);
	char *map_from = mb_format("%s/boot/System.map-%s", root, s->release);
	int bad = rename(in_boot, image) && rename(beside, image);

	if (mb_exists(map_from))
		bad |= rename(map_from, map);
	free(map_from);
	free(map);
	free(beside);
	free(in_boot);
	free(image);
	return bad;
}

/* From the packages' layout to that of a kernel we built. */
int lab_stock_arrange(struct lab_stock *s, const char *root)
{
	static const char *const links[] = { "scripts", "tools" };
	static const char *const unneeded[] = { "boot",	       "etc",
						"lib/modules", "usr/lib/modules",
						"usr/share",   "var" };
	char *build = mb_format("%s/build", s->partial);
	char *headers = mb_format("%s/usr/src/linux-headers-%s", root, s->release);
	char *makefile = mb_format("%s/Makefile", build);
	char *vmlinux = mb_format("%s/vmlinux", build);
	char *boot = mb_format("%s/%.*s", build,
			       (int)(strrchr(s->config.arch->image, '/') - s->config.arch->image),
			       s->config.arch->image);
	char *modules = mb_format("%s/modules/lib/modules/%s", s->partial, s->release);
	int bad = rename(headers, build) || mb_make_folders(boot) || mb_make_folders(modules);
	int status = MB_OK;

	for (int i = 0; !bad && i < 2; i++) {
		/* "../../lib/linux-kbuild-6.1/scripts", from /usr/src/linux-headers-… */
		char *link = mb_format("%s/%s", build, links[i]), target[512], *moved;
		ssize_t length = readlink(link, target, sizeof(target) - 1);

		if (length > 6 && !strncmp(target, "../../", 6)) {
			target[length] = '\0';
			moved = mb_format("../root/usr/%s", target + 6);
			bad = unlink(link) || symlink(moved, link);
			free(moved);
		}
		free(link);
	}
	bad = bad || take_image(s, root, build);
	/* With it kbuild would want pahole(1), for type information that nobody here reads. */
	bad = bad || mb_remove_tree(vmlinux);
	for (size_t i = 0; !bad && i < sizeof(unneeded) / sizeof(unneeded[0]); i++) {
		char *path = mb_format("%s/%s", root, unneeded[i]);

		bad = mb_remove_tree(path);
		free(path);
	}
	if (bad || relocate(s, makefile))
		status = lab_stock_failed(s, "arrange its packages: they are not as expected");
	if (!status)
		status = check_programs(s, build);
	free(modules);
	free(boot);
	free(makefile);
	free(vmlinux);
	free(headers);
	free(build);
	return status;
}
