// SPDX-License-Identifier: GPL-2.0-or-later
/* A boot under the plugin, from its start to the symbols and the trace. */
#include <elf.h>
#include <fts.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/text.h"
#include "core/progress.h"
#include "core/status.h"
#include "lab/base/self.h"
#include "lab/base/spawn.h"
#include "lab/base/temporary.h"
#include "lab/profile/boot.h"
#include "lab/base/timings.h"
#include "lab/vm/klog.h"
#include "lab/vm/ready.h"

/* A guest that measures one point says little; the whole boot takes seconds. */
#define TIMEOUT_S 600
/*
 * Where Linux puts a position-independent program when nothing is randomised: two thirds up the
 * addresses of user space (ELF_ET_DYN_BASE), on arm64 at a border of the program's 64 KiB.
 */
#define PROGRAM_BASE 0x555555554000
#define PROGRAM_BASE_ARM64 0xaaaaaaaa0000
/* The upper bits of where its kernel begins, with addresses of 48 bits. */
#define KERNEL_HALF_ARM64 0xffff80

/* Versions of the plugin interface that a QEMU takes: each here replaced what the one before had. */
static int plugin_version(const struct lab_qemu_is *qemu)
{
	int major = 0, minor = 0;

	sscanf(qemu->version, "%d.%d", &major, &minor);
	if (major > 11 || (major == 11 && minor >= 1))
		return 7;
	if (major > 9 || (major == 9 && minor >= 2))
		return 4;
	return major == 9 && minor == 1 ? 3 : 1;
}

int lab_profile_plugin(const struct lab_qemu_is *qemu, const struct lab_arch *arch, bool memory,
		       char **path)
{
	char *name, *how;

	if (!qemu->plugins)
		return mb_fail(MB_MACHINE, "QEMU %s loads no plugins; see migbench lab qemu",
			       qemu->version);
	/* One that was named; else a newer one was taken. */
	if (memory && !qemu->accesses) {
		how = lab_qemu_how(arch);
		mb_fail(MB_MACHINE,
			"lab profile: QEMU %s tells no plugin what memory is accessed; from " LAB_QEMU_ACCESSES
			" on it does: %s",
			qemu->version, how);
		free(how);
		return MB_MACHINE;
	}
	name = mb_format("profile-plugin-%d.so", plugin_version(qemu));
	*path = lab_self_beside(name);
	free(name);
	return *path ? MB_OK : MB_MACHINE;
}

static void take_output(void *context, char kind, const char *data, size_t length)
{
	struct lab_profile_boot *boot = context;
	char *text, *line, *end;

	if (kind != 'O') {
		mb_write_all(2, data, length);
		return;
	}
	text = mb_resize(boot->partial, boot->partial_length + length + 1, 1);
	memcpy(text + boot->partial_length, data, length);
	text[boot->partial_length + length] = '\0';
	for (line = text; (end = strchr(line, '\n')); line = end + 1)
		mb_list_add(&boot->lines, "%.*s", (int)(end - line), line);
	boot->partial_length = strlen(line);
	memmove(text, line, boot->partial_length + 1);
	boot->partial = text;
}

static char *find_map(const struct lab_profile_boot *boot)
{
	char *tree = lab_kernel_build_tree(&boot->guest.kernel);
	char *map = mb_format("%s/System.map", tree);

	free(tree);
	return map;
}

/* What the plugin is told beside its file: by where the kernel begins it knows the module's timestamps. */
static int tell_plugin(struct lab_profile_boot *boot)
{
	static const char *const names[] = { "_text" };
	const char *accesses = boot->sharing ? "sharing=on" : boot->memory ? "memory=on" : NULL;
	uint64_t text;
	char *map;
	int status;

	boot->spec = (struct lab_vm_plugin){ .path = boot->plugin, .out = boot->out };
	if (boot->guest.kernel.arch->machine != EM_AARCH64) {
		boot->more = accesses ? mb_strdup(accesses) : NULL;
		boot->spec.more = boot->more;
		return MB_OK;
	}
	map = find_map(boot);
	status = lab_symbols_addresses(map, names, 1, &text);
	free(map);
	/* Where programs and page tables lie goes by the size of addresses. */
	if (!status && text >> 40 != KERNEL_HALF_ARM64)
		status = mb_fail(MB_REQUEST,
				 "lab profile: kernel %s begins at %#" PRIx64
				 "; only kernels of arm64 with addresses of 48 bits are known "
				 "(CONFIG_ARM64_VA_BITS_48)",
				 boot->guest.kernel_name, text);
	if (!status)
		boot->more = mb_format("text=%#" PRIx64 "%s%s", text, accesses ? "," : "",
				       accesses ? accesses : "");
	boot->spec.more = boot->more;
	return status;
}

static int start(struct lab_profile_boot *boot, char *const *command)
{
	struct lab_vm_spec spec;
	int status;

	boot->vm = (struct lab_vm){ .output = take_output,
				    .context = boot,
				    .timeout = TIMEOUT_S,
				    .port = -1,
				    .exit_fd = -1,
				    .needs_module = true };
	boot->folder = lab_temporary();
	if (!boot->folder)
		return MB_MACHINE;
	boot->out = mb_format("%s/trace", boot->folder);
	status = lab_guest_ready(&boot->guest, command, boot->folder, &spec);
	if (!status && boot->plugin)
		status = tell_plugin(boot);
	spec.plugin = boot->plugin ? &boot->spec : NULL;
	return status ? status : lab_vm_start(&boot->vm, &spec, boot->folder);
}

/* Whether @file is the module @name: in a file's name what is an underscore may be a dash. */
static bool is_module(const char *file, const char *name)
{
	for (; *name; name++, file++)
		if (*file != *name && !(*file == '-' && *name == '_'))
			return false;
	return !strcmp(file, ".ko");
}

/* The kernel's own module of this name, malloc'd, or NULL. */
static char *find_module(const struct lab_kernel *kernel, const char *name)
{
	char *roots[] = { lab_kernel_modules(kernel), NULL }, *found = NULL;
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	FTSENT *entry;

	while (walk && !found && (entry = fts_read(walk)))
		if (entry->fts_info == FTS_F && is_module(entry->fts_name, name))
			found = mb_strdup(entry->fts_path);
	if (walk)
		fts_close(walk);
	free(roots[0]);
	return found;
}

static int add_section(struct lab_profile_boot *boot, const char *module, const char *section,
		       unsigned long long at)
{
	char *path = !strcmp(module, "migbench") ? mb_strdup(boot->guest.module)
						 : find_module(&boot->guest.kernel, module);
	int status = MB_OK;

	if (path)
		status = lab_symbols_add_elf(&boot->symbols, path, section, at, module);
	free(path);
	return status;
}

/* What is the file @inside of the guest here: added by the user, or the same. malloc'd. */
static char *find_file(const struct lab_guest *guest, const char *inside)
{
	const char *name = inside + strlen(LAB_GUEST_WORK);
	size_t length;

	/* A library is the host's, or of the libraries of the guest's architecture. */
	if (strncmp(inside, LAB_GUEST_WORK, strlen(LAB_GUEST_WORK)))
		return mb_format("%s%s", guest->root ? guest->root : "", inside);
	length = strcspn(name, "/");
	for (size_t i = 0; i < guest->adds.count; i++) {
		char *base = lab_guest_add_name(guest->adds.at[i]);
		bool is = strlen(base) == length && !strncmp(base, name, length);

		free(base);
		if (is)
			return mb_format("%s%s", guest->adds.at[i], name + length);
	}
	return mb_strdup(inside);
}

/* A line of what the guest sent is of a module, or of a file of the user's program. */
static int add_line(struct lab_profile_boot *boot, const char *name, const char *where,
		    unsigned long long at)
{
	char *path;

	if (name[0] != '/')
		return add_section(boot, name, where, at);
	path = find_file(&boot->guest, name);
	lab_symbols_add_file(&boot->symbols, path, strtoull(where, NULL, 16), at);
	free(path);
	return MB_OK;
}

/* The kernel's variables, and what its log says. */
static int read_names(struct lab_profile_boot *boot, const char *map)
{
	struct lab_symbols data = { 0 };
	int status = lab_symbols_add_data(&data, map);

	if (!status)
		status = lab_layout_read(&boot->layout, boot->vm.log, map);
	if (!status) {
		lab_symbols_sort(&data);
		lab_names_read(&boot->names, boot->vm.log, &data, &boot->layout);
	}
	lab_symbols_free(&data);
	return status;
}

static int read_symbols(struct lab_profile_boot *boot)
{
	char *map = find_map(boot), name[512], where[64], *program;
	bool arm64 = boot->guest.kernel.arch->machine == EM_AARCH64;
	int status = lab_symbols_add_kernel(&boot->symbols, map), taken;
	unsigned long long at;

	for (const char *line = boot->vm.frames.sections;
	     !status && sscanf(line, "%511s %63s %llx%n", name, where, &at, &taken) == 3;
	     line += taken)
		status = add_line(boot, name, where, at);
	/* A program of the user's lies in the same place, and is what counts then. */
	if (!status && !boot->program) {
		program = lab_guest_program(&boot->guest, "migbench");
		status = !program ? MB_MACHINE
				  : lab_symbols_add_elf(&boot->symbols, program, NULL,
							arm64 ? PROGRAM_BASE_ARM64 : PROGRAM_BASE,
							"user");
		free(program);
	}
	if (!status && boot->memory)
		status = read_names(boot, map);
	lab_symbols_sort(&boot->symbols);
	free(map);
	return status;
}

static int finish(struct lab_profile_boot *boot)
{
	char *what = mb_format("kernel %s", boot->guest.kernel_name);
	char *complaint = lab_klog_complaint(boot->vm.log);
	int status = MB_OK;

	if (boot->vm.state == LAB_VM_FAILED && boot->vm.frames.refused)
		status = lab_vm_explain_refusal(&boot->vm, what);
	else if (boot->vm.state == LAB_VM_FAILED)
		status = lab_vm_explain(&boot->vm, what);
	else if (boot->vm.frames.status)
		status = boot->vm.frames.status <= MB_MACHINE
				 ? (int)boot->vm.frames.status
				 : mb_fail(MB_MACHINE,
					   "%s: migbench run ended with status %u in "
					   "the guest",
					   what, boot->vm.frames.status);
	else if (complaint)
		status = mb_fail(MB_MACHINE, "%s: the kernel complained: %s", what, complaint);
	if (!status && boot->plugin) {
		status = read_symbols(boot);
		if (!status)
			status = lab_trace_read(&boot->trace, boot->out, &boot->symbols);
	}
	free(complaint);
	free(what);
	return status;
}

int lab_profile_boot(struct lab_profile_boot *boots, size_t count, char *const *command, bool quiet)
{
	struct mb_progress progress =
		mb_progress(stderr, quiet ? MB_PROGRESS_NONE : MB_PROGRESS_LINE);
	double began = lab_timing_now();
	struct lab_vm *machines[count];
	size_t running = 0, begun = 0;
	int status = MB_OK;

	if (count > 1)
		mb_step(&progress, "profile on kernels %s and %s", boots[0].guest.kernel_name,
			boots[1].guest.kernel_name);
	else
		mb_step(&progress, "profile on kernel %s", boots[0].guest.kernel_name);
	mb_progress_expect(lab_timing(LAB_TIMING_PROFILE_BOOT));
	for (size_t i = 0; !status && i < count; i++) {
		begun++;
		status = start(&boots[i], command);
		machines[i] = &boots[i].vm;
	}
	do {
		if (!status)
			lab_vm_poll(machines, count);
		mb_progress_wait();
		running = 0;
		for (size_t i = 0; i < count; i++)
			running += boots[i].vm.state == LAB_VM_RUNS && boots[i].vm.pid > 0;
	} while (!status && running && !lab_interrupted);
	for (size_t i = 0; !status && !lab_interrupted && i < count; i++)
		status = finish(&boots[i]);
	for (size_t i = 0; i < begun; i++)
		lab_vm_end(&boots[i].vm);
	mb_progress_clear(&progress);
	if (!status && !lab_interrupted)
		lab_timing_note(LAB_TIMING_PROFILE_BOOT, lab_timing_now() - began);
	return lab_interrupted ? MB_MACHINE : status;
}

void lab_profile_boot_free(struct lab_profile_boot *boot)
{
	mb_list_free(&boot->lines);
	lab_trace_free(&boot->trace);
	lab_symbols_free(&boot->symbols);
	lab_names_free(&boot->names);
	lab_layout_free(&boot->layout);
	lab_guest_free(&boot->guest);
	free(boot->partial);
	free(boot->plugin);
	free(boot->out);
	free(boot->more);
	free(boot->folder);
}

void lab_profile_keep_lines(const struct lab_profile_boot *boot, FILE *out)
{
	for (size_t i = 0; i < boot->lines.count; i++)
		fprintf(out, "%s\n", boot->lines.at[i]);
}
