// SPDX-License-Identifier: GPL-2.0-or-later
/* Which shared libraries a program needs: its own loader is asked, in list mode. */
#include <elf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/text.h"
#include "core/status.h"
#include "lab/base/spawn.h"
#include "lab/vm/initramfs.h"

/*
 * The loader that an ELF program of 64 bits asks for, malloc'd; NULL: static, or no ELF at all. For
 * which kind of machine it is in *@machine; EM_NONE: it is none.
 */
static char *interpreter(const char *path, unsigned int *machine)
{
	FILE *in = fopen(path, "re");
	Elf64_Ehdr header;
	Elf64_Phdr segment;
	char *name = NULL;

	*machine = EM_NONE;
	if (!in)
		return NULL;
	if (fread(&header, sizeof(header), 1, in) != 1 || memcmp(header.e_ident, ELFMAG, SELFMAG) ||
	    header.e_ident[EI_CLASS] != ELFCLASS64)
		header.e_phnum = 0;
	else if (header.e_type == ET_EXEC || header.e_type == ET_DYN)
		*machine = header.e_machine;
	for (unsigned int i = 0; i < header.e_phnum && !name; i++) {
		if (fseek(in, (long)(header.e_phoff + i * sizeof(segment)), SEEK_SET) ||
		    fread(&segment, sizeof(segment), 1, in) != 1)
			break;
		if (segment.p_type != PT_INTERP || segment.p_filesz > 4096)
			continue;
		name = calloc(1, segment.p_filesz + 1);
		if (name && (fseek(in, (long)segment.p_offset, SEEK_SET) ||
			     fread(name, segment.p_filesz, 1, in) != 1)) {
			free(name);
			name = NULL;
		}
	}
	fclose(in);
	return name;
}

/* Whether the guest's loader, which has no cache file, looks into the folder of @path. */
static bool is_searched(const struct lab_arch *arch, const char *path)
{
	char *own = mb_format("/lib/%s", arch->triplet);
	const char *const folders[] = { own, "/lib", "/lib64" };
	const char *from = path + (strncmp(path, "/usr/", 5) ? 0 : strlen("/usr"));
	size_t length = (size_t)(strrchr(from, '/') - from);
	bool found = false;

	for (size_t i = 0; !found && i < sizeof(folders) / sizeof(folders[0]); i++)
		found = strlen(folders[i]) == length && !strncmp(from, folders[i], length);
	free(own);
	return found;
}

static void add_library(struct lab_initramfs *fs, const char *path)
{
	lab_initramfs_file(fs, path, path, 0755);
	if (!is_searched(fs->arch, path)) {
		char *found = mb_format("/usr/lib%s", strrchr(path, '/'));

		lab_initramfs_file(fs, found, path, 0755);
		free(found);
	}
}

/* Take a line of the loader's list: "name => path (address)", or "path (address)". */
static int take_line(struct lab_initramfs *fs, const char *program, char *line)
{
	char *arrow = strstr(line, " => "), *path = arrow ? arrow + 4 : line;
	char *end = strstr(path, " (0x");

	path += strspn(path, " \t");
	if (arrow && !strncmp(path, "not found", 9)) {
		*arrow = '\0';
		return mb_fail(MB_REQUEST, "%s: its shared library %s is missing here", program,
			       line + strspn(line, " \t"));
	}
	/* The rest is the kernel's own vdso, which has no file. */
	if (end && *path == '/') {
		*end = '\0';
		add_library(fs, path);
	}
	return MB_OK;
}

static int add_libraries(struct lab_initramfs *fs, const char *program, char *loader)
{
	static char list_mode[] = "--list", locale[] = "LC_ALL=C";
	char *full = realpath(program, NULL), *output = NULL, *next;
	char *argv[] = { loader, list_mode, full, NULL }, *env[] = { locale, NULL };
	int status;

	if (!full)
		return mb_fail(MB_REQUEST, "%s: %m", program);
	status = lab_capture(argv, env, &output);
	if (status && lab_interrupted)
		status = MB_MACHINE;
	else if (status)
		status = mb_fail(MB_REQUEST, "%s: cannot tell its shared libraries with %s",
				 program, loader);
	for (char *line = output; !status && line && *line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		status = take_line(fs, program, line);
	}
	free(output);
	free(full);
	return status;
}

static const char *machine_name(unsigned int machine)
{
	for (size_t i = 0; lab_arch_at(i); i++)
		if (lab_arch_at(i)->machine == machine)
			return lab_arch_at(i)->name;
	return "another kind of machine";
}

int lab_initramfs_program(struct lab_initramfs *fs, const char *path, const char *from, mode_t mode)
{
	unsigned int machine;
	struct stat st;
	char *loader;
	int status = MB_OK;

	if (stat(from, &st))
		return mb_fail(MB_REQUEST, "%s: %m", from);
	if (!S_ISREG(st.st_mode))
		return mb_fail(MB_REQUEST, "%s: not a regular file", from);
	loader = interpreter(from, &machine);
	if (machine != EM_NONE && machine != fs->arch->machine) {
		free(loader);
		return mb_fail(MB_REQUEST, "%s: a program for %s, and the guest is %s", from,
			       machine_name(machine), fs->arch->name);
	}
	lab_initramfs_file(fs, path, from, mode);
	if (loader && fs->root) {
		char *there = mb_format("%s%s", fs->root, loader);

		lab_initramfs_file(fs, loader, there, 0755);
		status = lab_initramfs_needed(fs, from);
		free(there);
		free(loader);
	} else if (loader) {
		add_library(fs, loader);
		status = add_libraries(fs, from, loader);
		free(loader);
	}
	return status;
}
