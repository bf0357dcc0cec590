// SPDX-License-Identifier: GPL-2.0-or-later
/* migbench.ko: copied, built beside its kernel, and asked for its parameters. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gelf.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/text.h"
#include "core/datadir.h"
#include "core/digest.h"
#include "core/status.h"
#include "lab/base/defaults.h"
#include "lab/base/log.h"
#include "lab/base/spawn.h"
#include "lab/kernel/make.h"
#include "lab/kernel/module.h"
#include "lab/kernel/source.h"

/* One file of the module's source: where it is, and its name in the copy. */
struct sources {
	struct mb_list from, to;
};

/* A build in the checkout may have left objects and generated code there. */
static bool is_source(const char *name)
{
	size_t length = strlen(name);

	if ((length > 6 && !strcmp(name + length - 6, ".mod.c")) || !strcmp(name, "have.h"))
		return false;
	return !strcmp(name, "Kbuild") || !strcmp(name, "ask.sh") ||
	       (length > 2 && name[length - 2] == '.' && strchr("ch", name[length - 1]));
}

/* kmod/'s sources, and the contract. */
static int list_sources(struct sources *sources)
{
	char *folder = mb_data_path("kmod"), *contract = mb_data_path("include/migbench/uapi.h");
	struct mb_list names = { 0 };
	int status = MB_OK;

	mb_names_in(folder, "", &names);
	for (size_t i = 0; i < names.count; i++) {
		const char *name = names.at[i];

		if (!is_source(name))
			continue;
		mb_list_add(&sources->from, "%s/%s", folder, name);
		mb_list_add(&sources->to, "%s", name);
	}
	if (!sources->from.count)
		status = mb_fail(MB_MACHINE, "%s: the module's source is not there", folder);
	if (mb_exists(contract)) {
		mb_list_add(&sources->from, "%s", contract);
		mb_list_add(&sources->to, "include/migbench/uapi.h");
	}
	mb_list_free(&names);
	free(contract);
	free(folder);
	return status;
}

static int digest_sources(const struct sources *sources, char hex[MB_DIGEST_HEX])
{
	char *all = mb_strdup(""), *next;
	int status = MB_OK;

	for (size_t i = 0; !status && i < sources->from.count; i++) {
		char one[MB_DIGEST_HEX];

		if (mb_digest_file(sources->from.at[i], one)) {
			status = mb_fail(MB_MACHINE, "%s: %m", sources->from.at[i]);
			continue;
		}
		next = mb_format("%s%s %s\n", all, one, sources->to.at[i]);
		free(all);
		all = next;
	}
	mb_digest(all, strlen(all), hex);
	free(all);
	return status;
}

static int copy_sources(const struct sources *sources, const char *folder)
{
	char *include = mb_format("%s/include/migbench", folder);
	int status = MB_OK;

	if (mb_make_folders(include))
		status = mb_fail(MB_MACHINE, "%s: %m", include);
	for (size_t i = 0; !status && i < sources->from.count; i++) {
		char *to = mb_format("%s/%s", folder, sources->to.at[i]);
		size_t length;
		char *text = mb_read_file(sources->from.at[i], &length);

		if (!text || mb_write_file(to, text, length))
			status = mb_fail(MB_MACHINE, "%s: %m", text ? to : sources->from.at[i]);
		free(text);
		free(to);
	}
	free(include);
	return status;
}

int lab_module_digest(char hex[MB_DIGEST_HEX])
{
	struct sources sources = { 0 };
	int status = list_sources(&sources);

	if (!status)
		status = digest_sources(&sources, hex);
	mb_list_free(&sources.from);
	mb_list_free(&sources.to);
	return status;
}

static int compile(const struct lab_kernel *kernel, const char *folder)
{
	char *tree = lab_kernel_build_tree(kernel), *log_path = mb_format("%s/build.log", folder);
	struct lab_make make = { .build = tree,
				 .arch = kernel->arch,
				 .compiler = kernel->compiler,
				 .log = fopen(log_path, "we") };
	int status = MB_OK;

	if (!make.log) {
		status = mb_fail(MB_MACHINE, "%s: %m", log_path);
	} else {
		mb_list_add(&make.targets, "M=%s", folder);
		/* Where the cache lies must not show in the module. */
		mb_list_add(&make.targets, "KCFLAGS=-Werror -fmacro-prefix-map=%s/=", folder);
		mb_list_add(&make.targets, "MIGBENCH_LAB=m");
		mb_list_add(&make.targets, "modules");
		if (lab_make(&make))
			status = MB_MACHINE;
		fclose(make.log);
	}
	if (status && make.log && !lab_interrupted) {
		mb_fail(status, "migbench.ko does not build for kernel %s; log: %s", kernel->name,
			log_path);
		lab_print_trouble(log_path, LAB_LOG_LINES);
	}
	free(log_path);
	free(tree);
	return status;
}

/* Build in a folder that is not yet called what a finished one is. */
static int build(const struct lab_kernel *kernel, const struct sources *sources, const char *folder)
{
	char *partial = mb_format("%s.partial", folder);
	/* It is built with the headers that are there now. */
	int status = lab_source_stays(kernel->source, kernel->tree, kernel->name, kernel->config);

	if (!status) {
		mb_remove_tree(partial);
		status = copy_sources(sources, partial);
	}
	if (!status)
		status = compile(kernel, partial);
	/* A failed build stays for its log, until the next one. */
	if (!status && mb_put_in_place(partial, folder))
		status = mb_fail(MB_MACHINE, "%s: %m", folder);
	free(partial);
	return status;
}

int lab_module(const struct lab_kernel *kernel, char **path)
{
	struct sources sources = { 0 };
	char hex[MB_DIGEST_HEX], *folder = NULL;
	int status = list_sources(&sources), lock = -1;

	*path = NULL;
	if (!status)
		status = digest_sources(&sources, hex);
	if (!status) {
		/* Two commands at a time must not build in one folder; the second finds it done. */
		lock = open(kernel->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		while (lock >= 0 && flock(lock, LOCK_EX) && errno == EINTR && !lab_interrupted)
			;
		folder = mb_format("%s/kmod-%.*s", kernel->folder, LAB_KEY_DIGITS, hex);
		*path = mb_format("%s/migbench.ko", folder);
		if (lab_interrupted)
			status = MB_MACHINE;
		else if (!mb_exists(*path))
			status = build(kernel, &sources, folder);
	}
	if (lock >= 0)
		close(lock);
	if (status) {
		free(*path);
		*path = NULL;
	}
	mb_list_free(&sources.from);
	mb_list_free(&sources.to);
	free(folder);
	return status;
}

/* The section @name of the file, or NULL. */
static Elf_Data *section(Elf *elf, const char *name)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr header;
	size_t names;

	if (elf_getshdrstrndx(elf, &names))
		return NULL;
	while ((scn = elf_nextscn(elf, scn))) {
		const char *is =
			gelf_getshdr(scn, &header) ? elf_strptr(elf, names, header.sh_name) : NULL;

		if (is && !strcmp(is, name))
			return elf_getdata(scn, NULL);
	}
	return NULL;
}

/* The names in the module's notes "parmtype=NAME:TYPE", each of which ends with a NUL. */
static void list_params(const char *path, struct mb_list *names)
{
	static const char sign[] = "parmtype=";
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	Elf *elf;
	Elf_Data *notes;

	elf_version(EV_CURRENT);
	elf = fd < 0 ? NULL : elf_begin(fd, ELF_C_READ, NULL);
	notes = elf ? section(elf, ".modinfo") : NULL;
	for (size_t at = 0; notes && at < notes->d_size;) {
		const char *note = (const char *)notes->d_buf + at, *name = note + strlen(sign);
		size_t length = strnlen(note, notes->d_size - at);
		const char *colon = memchr(note, ':', length);

		if (colon >= name && !strncmp(note, sign, strlen(sign)))
			mb_list_add(names, "%.*s", (int)(colon - name), name);
		at += length + 1;
	}
	elf_end(elf);
	if (fd >= 0)
		close(fd);
}

int lab_module_check_params(const char *path, const struct mb_strings *params)
{
	struct mb_list names = { 0 };
	int status = MB_OK;
	char *known;

	list_params(path, &names);
	mb_list_sort(&names);
	for (size_t i = 0; !status && i < params->count; i++) {
		size_t length = strcspn(params->at[i], "="), j = 0;

		while (j < names.count && (strlen(names.at[j]) != length ||
					   strncmp(names.at[j], params->at[i], length)))
			j++;
		if (j < names.count)
			continue;
		known = mb_list_join(&names);
		status = mb_fail(MB_REQUEST,
				 "--module-param %s: migbench.ko has no such parameter; it has: %s",
				 params->at[i], known);
		free(known);
	}
	mb_list_free(&names);
	return status;
}
