// SPDX-License-Identifier: GPL-2.0-or-later
/* The choice of a QEMU. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/text.h"
#include "core/datadir.h"
#include "core/status.h"
#include "lab/base/config.h"
#include "lab/base/spawn.h"
#include "lab/vm/qemu.h"

#define SYSTEM "system"

static int by_version(const void *a, const void *b)
{
	return strverscmp(*(char *const *)a, *(char *const *)b);
}

char *lab_qemu_folder(const struct lab_arch *arch)
{
	bool other = arch != lab_arch_default();
	char *relative = mb_format("qemu%s%s", other ? "-" : "", other ? arch->name : "");
	char *path = mb_cache_path(relative);

	free(relative);
	return path;
}

void lab_qemu_fetched(const struct lab_arch *arch, struct mb_list *versions)
{
	char *folder = lab_qemu_folder(arch);

	if (folder)
		mb_names_in(folder, "", versions);
	if (versions->count)
		qsort(versions->at, versions->count, sizeof(*versions->at), by_version);
	free(folder);
}

bool lab_qemu_load(const struct lab_arch *arch, const char *folder, struct lab_qemu *qemu)
{
	const struct lab_arch *host = lab_arch_host();

	qemu->program = mb_format("%s/usr/bin/%s", folder, arch->qemu);
	/* The program runs here, whatever its guests are. */
	qemu->libraries = host ? mb_format("%s/usr/lib/%s:%s/lib/%s", folder, host->triplet, folder,
					   host->triplet)
			       : NULL;
	if (lab_qemu_ask(qemu->program, qemu->libraries, &qemu->is))
		return true;
	lab_qemu_free(qemu);
	return false;
}

static bool load_fetched(const struct lab_arch *arch, const char *version, struct lab_qemu *qemu)
{
	char *all = lab_qemu_folder(arch), *folder = mb_format("%s/%s", all, version);
	bool loaded = mb_exists(folder) && lab_qemu_load(arch, folder, qemu);

	free(folder);
	free(all);
	return loaded;
}

static bool load_program(const char *program, struct lab_qemu *qemu)
{
	qemu->program = mb_strdup(program);
	return lab_qemu_ask(program, NULL, &qemu->is);
}

static int choose_named(const struct lab_arch *arch, const char *name, struct lab_qemu *qemu)
{
	struct mb_list versions = { 0 };
	char *known, *how;
	int status = MB_OK;

	if (strchr(name, '/'))
		return load_program(name, qemu) ? MB_OK
		       : lab_interrupted
			       ? MB_MACHINE
			       : mb_fail(MB_REQUEST, "--qemu %s: no QEMU that starts", name);
	if (lab_good_name(name) && load_fetched(arch, name, qemu))
		return MB_OK;
	if (lab_interrupted)
		return MB_MACHINE;
	lab_qemu_fetched(arch, &versions);
	known = mb_list_join(&versions);
	how = lab_qemu_how(arch);
	status = mb_fail(MB_REQUEST,
			 "--qemu takes a path, " SYSTEM " or a fetched version, not '%s'; "
			 "fetched: %s; more: %s",
			 name, known, how);
	free(how);
	free(known);
	mb_list_free(&versions);
	return status;
}

static bool suits(const struct lab_qemu *qemu, bool turns, bool accesses)
{
	return (qemu->is.turns || !turns) && (qemu->is.accesses || !accesses);
}

/*
 * The newest one where a new one is needed, else the oldest: versions differ by some instructions, and
 * fetching one for this must not move what is measured by another.
 */
static bool choose_fetched(const struct lab_arch *arch, bool turns, bool accesses,
			   struct lab_qemu *qemu)
{
	struct mb_list versions = { 0 };
	bool found = false, newest = turns || accesses;

	lab_qemu_fetched(arch, &versions);
	for (size_t i = 0; i < versions.count && !found; i++) {
		lab_qemu_free(qemu);
		found = load_fetched(arch, versions.at[newest ? versions.count - 1 - i : i],
				     qemu) &&
			suits(qemu, turns, accesses);
	}
	mb_list_free(&versions);
	return found;
}

char *lab_qemu_how(const struct lab_arch *arch)
{
	return arch == lab_arch_default()
		       ? mb_strdup("migbench lab qemu fetch")
		       : mb_format("migbench lab qemu fetch --arch %s", arch->name);
}

static int fail_absent(const struct lab_arch *arch)
{
	if (arch != lab_arch_host())
		return mb_fail(
			MB_MACHINE,
			"there is no %s that starts on this machine; get one into the cache with: "
			"migbench lab arch fetch %s",
			arch->qemu, arch->name);
	return mb_fail(MB_MACHINE,
		       "%s is not installed or does not start; on Debian: apt-get install %s",
		       arch->qemu, arch->qemu_package);
}

int lab_qemu_choose(const struct lab_arch *arch, const char *name, const char *several,
		    const char *cpu, bool accesses, struct lab_qemu *qemu)
{
	char had[sizeof(qemu->is.version)];
	bool newer = several || cpu;
	char *how;

	*qemu = (struct lab_qemu){ 0 };
	if (name && strcmp(name, SYSTEM))
		return choose_named(arch, name, qemu);
	/* Who names it may have a kernel that starts its CPUs all the same. */
	if (load_program(arch->qemu, qemu) && (suits(qemu, newer, accesses) || name))
		return MB_OK;
	memcpy(had, qemu->is.version, sizeof(had));
	if (!name && choose_fetched(arch, newer, accesses, qemu))
		return MB_OK;
	/* One that starts and would do for less. */
	if (!*had && !name && choose_fetched(arch, false, false, qemu))
		memcpy(had, qemu->is.version, sizeof(had));
	if (lab_interrupted)
		return MB_MACHINE;
	if (!*had)
		return fail_absent(arch);
	how = lab_qemu_how(arch);
	if (accesses)
		mb_fail(MB_MACHINE,
			"QEMU %s tells no plugin what memory is accessed; get a newer one with: %s",
			had, how);
	else if (cpu)
		mb_fail(MB_MACHINE, "--cpu %s: QEMU %s cannot emulate it; get a newer one with: %s",
			cpu, had, how);
	else
		mb_fail(MB_MACHINE,
			"topology %s has several CPUs, and under --clock insns QEMU %s never gives "
			"the second its turn; get a newer one with: %s, or use a topology of one "
			"CPU, such as 2-node-1-cpu",
			several, had, how);
	free(how);
	return MB_MACHINE;
}

void lab_qemu_command(const struct lab_qemu *qemu, const char *preload, struct mb_list *words)
{
	/* env becomes the program: the process that we start is the one that we end. */
	if (qemu->libraries || preload)
		mb_list_add(words, "env");
	if (qemu->libraries)
		mb_list_add(words, "LD_LIBRARY_PATH=%s", qemu->libraries);
	if (preload)
		mb_list_add(words, "LD_PRELOAD=%s", preload);
	mb_list_add(words, "%s", qemu->program);
}

void lab_qemu_free(struct lab_qemu *qemu)
{
	free(qemu->program);
	free(qemu->libraries);
	*qemu = (struct lab_qemu){ 0 };
}
