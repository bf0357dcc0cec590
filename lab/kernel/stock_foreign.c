// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A kernel of another release than this machine's: its headers want that release's compiler and C
 * library. Both are had as packages, unpacked beside the headers and made to run from there; nothing
 * is installed, and no root or namespace is needed.
 */
#include <fcntl.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/base/spawn.h"
#include "lab/kernel/stock_foreign.h"

/* Until Debian 12 the C library lies in the first. */
#define LIBRARIES "lib/x86_64-linux-gnu"
#define LOADER LIBRARIES "/ld-linux-x86-64.so.2"

char *lab_stock_compiler(const char *headers)
{
	char *path = mb_format("%s/.kernelvariables", headers);
	char *text = mb_read_file(path, NULL), *at = text ? strstr(text, "gcc-") : NULL;
	char *compiler = at ? mb_format("%.*s", (int)strcspn(at, " \n)"), at) : NULL;

	free(text);
	free(path);
	return compiler;
}

static bool is_program(const FTSENT *entry)
{
	char magic[4] = "";
	int fd;

	if (entry->fts_info != FTS_F || !(entry->fts_statp->st_mode & S_IXUSR) ||
	    strstr(entry->fts_name, ".so"))
		return false;
	fd = open(entry->fts_path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	if (read(fd, magic, sizeof(magic)) != sizeof(magic))
		magic[0] = '\0';
	close(fd);
	return !memcmp(magic, "\177ELF", sizeof(magic));
}

/*
 * In the place of a program a script that starts it with its own loader, below @usr ("" or "usr/"),
 * and libraries.
 */
static int wrap(const FTSENT *entry, const char *root, const char *usr)
{
	char *program = mb_format("%s.elf", entry->fts_path), up[3 * 64] = "", *script;
	int status = -1;

	/* From its folder to @root; the whole will be renamed. */
	for (const char *at = entry->fts_path + strlen(root) + 1; (at = strchr(at, '/')); at++)
		if (strlen(up) + 4 < sizeof(up))
			strcat(up, "../");
	script = mb_format("#!/bin/sh\nat=$(dirname \"$(readlink -f \"$0\")\")\n"
			   "exec \"$at/%s%s" LOADER "\" "
			   "--library-path \"$at/%s" LIBRARIES ":$at/%susr/" LIBRARIES "\" "
			   "--argv0 \"$at/${0##*/}\" \"$at/%s.elf\" \"$@\"\n",
			   up, usr, up, up, entry->fts_name);
	if (!rename(entry->fts_path, program) &&
	    !mb_write_file(entry->fts_path, script, strlen(script)))
		status = chmod(entry->fts_path, 0755);
	free(script);
	free(program);
	return status;
}

static int wrap_all(const char *root)
{
	char *usr = mb_format("%s/usr", root), *const roots[] = { usr, NULL };
	char *loader = mb_format("%s/" LOADER, root);
	bool split = mb_exists(loader);
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	FTSENT *entry;
	int status = walk ? 0 : -1;

	while (!status && (entry = fts_read(walk))) {
		/* The headers will lie elsewhere; they have no programs of their own. */
		if (entry->fts_info == FTS_D && !strcmp(entry->fts_name, "src"))
			fts_set(walk, entry, FTS_SKIP);
		else if (entry->fts_info == FTS_ERR || entry->fts_info == FTS_DNR)
			status = -1;
		else if (is_program(entry))
			status = wrap(entry, root, split ? "" : "usr/");
	}
	if (walk)
		fts_close(walk);
	free(loader);
	free(usr);
	return status;
}

int lab_stock_name_compiler(const struct lab_stock *s, const char *headers, const char *prefix,
			    const char *compiler)
{
	char *path = mb_format("%s/.kernelvariables", headers);
	FILE *out = fopen(path, "ae");
	int status = MB_OK;

	if (out)
		fprintf(out, "override CROSS_COMPILE = %s\nCC = $(CROSS_COMPILE)%s\n", prefix,
			compiler);
	if (!out || fclose(out))
		status = lab_stock_failed(s, "name its compiler");
	free(path);
	return status;
}

/* The tools of @arch; where they will lie, not where they lie now. */
static int name_tools(const struct lab_stock *s, const char *headers, const char *compiler)
{
	const struct lab_arch *arch = s->config.arch;
	char *prefix = mb_format("%s/root/usr/bin/%s-", s->final, arch->triplet);
	/* It looks for the assembler beside itself only if told to. */
	char *line =
		arch != lab_arch_host()
			? mb_format("%s -B%s/root/usr/%s/bin/", compiler, s->final, arch->triplet)
			: mb_format("%s -B%s/root/usr/bin/", compiler, s->final);
	int status = lab_stock_name_compiler(s, headers, prefix, line);

	free(line);
	free(prefix);
	return status;
}

int lab_stock_foreign(struct lab_stock *s, const char *root, const char *headers,
		      const char *compiler)
{
	const struct lab_arch *arch = s->config.arch;
	char *debs = mb_format("%s/tools", s->partial);
	struct mb_list packages = { 0 };
	int status = MB_OK;

	mb_step(&s->progress, "download %s and what it needs", compiler);
	mb_progress_watch(debs);
	if (mb_make_folders(debs))
		status = mb_fail(MB_MACHINE, "%s: %m", debs);
	mb_list_add(&packages, "%s%s%s", compiler, arch != lab_arch_host() ? "-" : "",
		    arch != lab_arch_host() ? arch->triplet : "");
	/* Once more, for the libraries that its programs need. */
	if (s->kbuild)
		mb_list_add(&packages, "%s", s->kbuild);
	if (!status)
		status = lab_apt_download(&s->apt, &packages, LAB_APT_ALL, debs);
	mb_step(&s->progress, "unpack it");
	if (!status)
		status = lab_stock_unpack(s, debs, root);
	if (!status && wrap_all(root))
		status = lab_stock_failed(s, "arrange its compiler");
	if (!status)
		status = name_tools(s, headers, compiler);
	mb_remove_tree(debs);
	mb_list_free(&packages);
	free(debs);
	return status;
}
