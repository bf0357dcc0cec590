// SPDX-License-Identifier: GPL-2.0-or-later
/* A guest: what the user asked for, found, and its file system. */
#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/text.h"
#include "core/datadir.h"
#include "core/status.h"
#include "lab/base/defaults.h"
#include "lab/base/self.h"
#include "lab/base/spawn.h"
#include "lab/kernel/cross.h"
#include "lab/vm/guest.h"
#include "lab/vm/initramfs.h"
#include "lab/vm/topology_choose.h"

#define BUSYBOX "/bin/busybox"

/* "folder" of "folder/", as shells complete it; malloc'd. */
static char *path_of(const char *add)
{
	size_t length = strlen(add);

	while (length > 1 && add[length - 1] == '/')
		length--;
	return mb_format("%.*s", (int)length, add);
}

char *lab_guest_add_name(const char *add)
{
	char *path = path_of(add), *name = mb_strdup(mb_base_name(path));

	free(path);
	return name;
}

static int check_adds(const struct mb_strings *adds)
{
	struct mb_list names = { 0 };
	int status = MB_OK;

	for (size_t i = 0; !status && i < adds->count; i++) {
		char *base = lab_guest_add_name(adds->at[i]);
		struct stat st;

		if (stat(adds->at[i], &st) || access(adds->at[i], R_OK))
			status = mb_fail(MB_REQUEST, "--add %s: %m", adds->at[i]);
		else if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
			status = mb_fail(MB_REQUEST, "--add %s: neither a file nor a folder",
					 adds->at[i]);
		else if (mb_list_has(&names, base))
			status = mb_fail(MB_REQUEST,
					 "--add %s: a file of the name '%s' is added already",
					 adds->at[i], base);
		mb_list_add(&names, "%s", base);
		free(base);
	}
	mb_list_free(&names);
	return status;
}

static int check_params(const struct mb_strings *params)
{
	for (size_t i = 0; i < params->count; i++)
		if (!strchr(params->at[i], '=') || params->at[i][0] == '=' ||
		    strpbrk(params->at[i], " \t\n\""))
			return mb_fail(MB_REQUEST,
				       "--module-param takes NAME=VALUE without spaces, "
				       "not '%s'",
				       params->at[i]);
	return MB_OK;
}

/* What hinges on the kernel's architecture and page size. */
static int fit_kernel(struct lab_guest *guest)
{
	const struct lab_arch *arch = guest->kernel.arch;
	int status = lab_cpu_suits(guest->cpu_name, &guest->kernel);
	char *program;

	if (!status)
		status = lab_topology_place(&guest->topology, arch, guest->kernel.page);
	if (status || arch == lab_arch_host())
		return status;
	if (guest->accel_name && strcmp(guest->accel_name, lab_accel_name(LAB_TCG)))
		return mb_fail(MB_REQUEST,
			       "--accel kvm: kernel %s is for %s, which this machine "
			       "only emulates",
			       guest->kernel.name, arch->name);
	guest->root = lab_cross_root(arch);
	if (!mb_exists(guest->root))
		return mb_fail(MB_MACHINE,
			       "the libraries of %s are not here; get them with: migbench lab arch "
			       "fetch %s",
			       arch->name, arch->name);
	program = lab_guest_program(guest, "migbench");
	status = program ? MB_OK : MB_MACHINE;
	free(program);
	return status;
}

int lab_guest_find(struct lab_guest *guest)
{
	const char *topology = guest->topology_name;
	int status;

	if (!topology)
		topology = guest->clock == MB_INSNS ? LAB_TOPOLOGY_INSNS : LAB_TOPOLOGY_TIME;
	status = lab_accel_check(guest->accel_name, guest->clock);
	if (!status)
		status = lab_cpu_check(guest->cpu_name, guest->accel_name);
	if (!status && guest->cpu_name)
		guest->accel_name = lab_accel_name(LAB_TCG);
	if (!status)
		status = check_adds(&guest->adds);
	if (!status)
		status = check_params(&guest->module_params);
	if (!status && guest->append && strpbrk(guest->append, "\n\r"))
		status = mb_fail(MB_REQUEST, "--append takes one line");
	/* With one CPU the instruction clock is exact. */
	if (!status)
		status = lab_topology_choose(topology, guest->clock == MB_INSNS ? 1 : LAB_MAX_CPUS,
					     &guest->topology);
	if (!status)
		status = lab_kernel_find(guest->kernel_name, &guest->kernel);
	/* It may have been called by its file. */
	if (!status)
		guest->kernel_name = guest->kernel.name;
	if (!status)
		status = fit_kernel(guest);
	if (!status)
		status = lab_qemu_choose(guest->kernel.arch, guest->qemu_name,
					 guest->clock == MB_INSNS && guest->topology.cpus > 1
						 ? guest->topology.name
						 : NULL,
					 lab_cpu_is_new(guest->cpu_name) ? guest->cpu_name : NULL,
					 guest->accesses, &guest->qemu);
	if (!status)
		lab_topology_note(&guest->topology);
	/* Of another architecture's the names of its applets are asked of the host's. */
	if (!status && access(BUSYBOX, X_OK))
		status = mb_fail(MB_MACHINE, BUSYBOX " is missing; on Debian: apt-get install "
						     "busybox-static");
	return status;
}

void lab_guest_free(struct lab_guest *guest)
{
	lab_kernel_free(&guest->kernel);
	lab_topology_free(&guest->topology);
	lab_qemu_free(&guest->qemu);
	mb_list_free(&guest->initrds);
	free(guest->root);
	free(guest->module);
	guest->root = NULL;
	guest->module = NULL;
}

char *lab_guest_program(const struct lab_guest *guest, const char *name)
{
	char *beside, *path;

	if (!guest->root)
		return !strcmp(name, "migbench") ? lab_self_path() : lab_self_beside(name);
	beside = mb_format("%s/%s", guest->kernel.arch->name, name);
	path = mb_built_path(beside);
	if (!path)
		mb_fail(MB_MACHINE,
			"migbench itself is not built for guests of %s; in its source: cmake "
			"--build build --target guest-%s",
			guest->kernel.arch->name, guest->kernel.arch->name);
	free(beside);
	return path;
}

static int add_init(struct lab_initramfs *fs, const struct lab_guest *guest)
{
	char *init = lab_guest_program(guest, "guest-init");

	if (!init)
		return MB_MACHINE;
	lab_initramfs_file(fs, "/init", init, 0755);
	free(init);
	return MB_OK;
}

static int add_busybox(struct lab_initramfs *fs)
{
	static char busybox[] = BUSYBOX, list[] = "--list";
	char *argv[] = { busybox, list, NULL }, *output, *next;
	char *from = mb_format("%s" BUSYBOX, fs->root ? fs->root : "");
	int status = lab_initramfs_program(fs, "/bin/busybox", from, 0755);

	free(from);
	if (status)
		return status;
	if (lab_capture(argv, NULL, &output))
		return lab_interrupted ? MB_MACHINE : mb_fail(MB_MACHINE, BUSYBOX " --list failed");
	for (char *applet = output; applet && *applet; applet = next) {
		char *path;

		next = strchr(applet, '\n');
		if (next)
			*next++ = '\0';
		path = mb_format("/bin/%s", applet);
		lab_initramfs_link(fs, path, "busybox");
		free(path);
	}
	free(output);
	return MB_OK;
}

static int add_migbench(struct lab_initramfs *fs, const struct lab_guest *guest)
{
	char *self = lab_guest_program(guest, "migbench"), *configs = mb_data_path("configs");
	int status = self ? lab_initramfs_program(fs, "/usr/bin/migbench", self, 0755) : MB_MACHINE;

	if (!status && configs && mb_exists(configs) &&
	    lab_initramfs_tree(fs, "/usr/share/migbench/configs", configs))
		status = mb_fail(MB_MACHINE, "%s: %m", configs);
	free(configs);
	free(self);
	return status;
}

static int add_kernel(struct lab_initramfs *fs, const struct lab_guest *guest)
{
	char *modules = lab_kernel_modules(&guest->kernel);
	char *inside = mb_format("/lib/modules/%s", guest->kernel.release);
	char *config = lab_kernel_configuration(&guest->kernel);
	char *named = mb_format("/boot/config-%s", guest->kernel.release);
	char *slabs = mb_format("%.*sslabs.ko", (int)(mb_base_name(guest->module) - guest->module),
				guest->module);
	int status = MB_OK;

	if (lab_initramfs_tree(fs, inside, modules))
		status = mb_fail(MB_MACHINE, "%s: %m", modules);
	lab_initramfs_file(fs, named, config, 0644);
	lab_initramfs_file(fs, "/lib/modules/migbench.ko", guest->module, 0644);
	lab_initramfs_file(fs, "/lib/modules/slabs.ko", slabs, 0644);
	free(slabs);
	free(named);
	free(config);
	free(inside);
	free(modules);
	return status;
}

/* The folder @from, or what it is a link to, with all that is in it, as @path; other links are left out. */
static int add_users_folder(struct lab_initramfs *fs, const char *path, const char *from)
{
	char *start = path_of(from), *roots[] = { start, NULL };
	FTS *walk = fts_open(roots, FTS_COMFOLLOW | FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	int status = walk ? MB_OK : mb_fail(MB_REQUEST, "--add %s: %m", from);
	FTSENT *entry;

	while (!status && walk && (entry = fts_read(walk))) {
		char *inside = mb_format("%s%s", path, entry->fts_path + strlen(start));

		if (entry->fts_info == FTS_D)
			lab_initramfs_folder(fs, inside);
		else if (entry->fts_info == FTS_F && access(entry->fts_path, R_OK))
			status = mb_fail(MB_REQUEST, "--add %s: %m", entry->fts_path);
		else if (entry->fts_info == FTS_F)
			status = lab_initramfs_program(fs, inside, entry->fts_path,
						       entry->fts_statp->st_mode);
		else if (entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR)
			status = mb_fail(MB_REQUEST, "--add %s: %s", entry->fts_path,
					 strerror(entry->fts_errno));
		free(inside);
	}
	if (walk)
		fts_close(walk);
	free(start);
	return status;
}

static int add_users_files(struct lab_initramfs *fs, const struct lab_guest *guest)
{
	int status = MB_OK;

	lab_initramfs_folder(fs, "/work");
	for (size_t i = 0; !status && i < guest->adds.count; i++) {
		const char *from = guest->adds.at[i];
		char *name = lab_guest_add_name(from), *path = mb_format(LAB_GUEST_WORK "%s", name);
		struct stat st;

		if (stat(from, &st))
			status = mb_fail(MB_REQUEST, "--add %s: %m", from);
		else if (S_ISDIR(st.st_mode))
			status = add_users_folder(fs, path, from);
		else
			status = lab_initramfs_program(fs, path, from, st.st_mode);
		free(path);
		free(name);
	}
	return status;
}

/* Device-coherent memory came with 6.0; older kernels' module would refuse the range. */
static bool knows_coherent(const struct lab_kernel *kernel)
{
	return strtoul(kernel->release, NULL, 10) >= 6;
}

static void add_command(struct lab_initramfs *fs, char *const *command)
{
	char *text = NULL;
	size_t length;
	FILE *out = mb_text_open(&text, &length);

	for (size_t i = 0; command[i]; i++)
		fwrite(command[i], 1, strlen(command[i]) + 1, out);
	mb_text_close(out);
	lab_initramfs_data(fs, "/etc/migbench/command", text, length);
	free(text);
}

static void add_params(struct lab_initramfs *fs, const struct lab_guest *guest)
{
	char *text = NULL;
	size_t length;
	FILE *out = mb_text_open(&text, &length);

	/* Given twice, a parameter has its last value: the user's own. */
	if (guest->topology.coherent && knows_coherent(&guest->kernel))
		fprintf(out, "coherent=%#llx,%#llx ", guest->topology.coherent_at,
			(unsigned long long)guest->topology.coherent << 20);
	/* The kernel forgets whose memory it was that it was kept from. */
	if (guest->topology.coherent && guest->kernel.arch != lab_arch_default())
		fprintf(out, "coherent_node=%zu ", guest->topology.count - 1);
	for (size_t i = 0; i < guest->module_params.count; i++)
		fprintf(out, "%s ", guest->module_params.at[i]);
	mb_text_close(out);
	lab_initramfs_data(fs, "/etc/migbench/module-params", text, length);
	free(text);
}

int lab_guest_initramfs(const struct lab_guest *guest, char *const *command, const char *path)
{
	struct lab_initramfs fs = { .arch = guest->kernel.arch, .root = guest->root };
	int status = add_init(&fs, guest);

	if (!status)
		status = add_busybox(&fs);
	if (!status)
		status = add_migbench(&fs, guest);
	if (!status)
		status = add_kernel(&fs, guest);
	if (!status)
		status = add_users_files(&fs, guest);
	if (!status) {
		lab_initramfs_folder(&fs, "/root");
		lab_initramfs_folder(&fs, "/etc/migbench");
		if (command)
			add_command(&fs, command);
		add_params(&fs, guest);
		/* Of one length, so that the guest is the same until it looks for it. */
		lab_initramfs_data(&fs,
				   guest->accesses ? "/etc/migbench/names" : "/etc/migbench/quiet",
				   "", 0);
		if (guest->suite)
			lab_initramfs_file(&fs, LAB_GUEST_SUITE, guest->suite, 0644);
		status = lab_initramfs_write(&fs, path);
	}
	lab_initramfs_free(&fs);
	return status;
}

int lab_guest_bare_initramfs(char *const *command, const char *path)
{
	const struct lab_guest host = { .root = NULL };
	struct lab_initramfs fs = { .arch = lab_arch_host() };
	int status = add_init(&fs, &host);

	if (!status)
		status = lab_initramfs_program(&fs, "/bin/busybox", BUSYBOX, 0755);
	if (!status) {
		lab_initramfs_folder(&fs, "/work");
		add_command(&fs, command);
		status = lab_initramfs_write(&fs, path);
	}
	lab_initramfs_free(&fs);
	return status;
}
