// SPDX-License-Identifier: GPL-2.0-or-later
/* The shared libraries that a program of another architecture needs: nobody here can ask its loader. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gelf.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/vm/initramfs.h"

/* The names that the dynamic section of @path has as DT_NEEDED. */
static void list_needed(const char *path, struct mb_list *names)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	Elf_Scn *scn = NULL;
	GElf_Shdr header;
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = fd < 0 ? NULL : elf_begin(fd, ELF_C_READ, NULL);
	while (elf && (scn = elf_nextscn(elf, scn))) {
		Elf_Data *data;
		GElf_Dyn entry;

		if (!gelf_getshdr(scn, &header) || header.sh_type != SHT_DYNAMIC)
			continue;
		data = elf_getdata(scn, NULL);
		for (int i = 0; data && gelf_getdyn(data, i, &entry) && entry.d_tag != DT_NULL;
		     i++) {
			const char *name =
				entry.d_tag != DT_NEEDED
					? NULL
					: elf_strptr(elf, header.sh_link, entry.d_un.d_val);

			if (name)
				mb_list_add(names, "%s", name);
		}
	}
	elf_end(elf);
	if (fd >= 0)
		close(fd);
}

/* Where the loader would find @name, a path in the guest; malloc'd, or NULL. */
static char *find(const struct lab_initramfs *fs, const char *name)
{
	static const char *const folders[] = { "/lib/", "/usr/lib/" };

	for (size_t i = 0; i < 2; i++)
		for (int own = 1; own >= 0; own--) {
			char *path = mb_format("%s%s%s%s", folders[i], own ? fs->arch->triplet : "",
					       own ? "/" : "", name);
			char *there = mb_format("%s%s", fs->root, path);
			bool is = mb_exists(there);

			free(there);
			if (is)
				return path;
			free(path);
		}
	return NULL;
}

int lab_initramfs_needed(struct lab_initramfs *fs, const char *from)
{
	struct mb_list names = { 0 };
	int status = MB_OK;

	list_needed(from, &names);
	for (size_t i = 0; !status && i < names.count; i++) {
		char *path = find(fs, names.at[i]), *there;

		if (!path) {
			status = mb_fail(MB_REQUEST,
					 "%s: its shared library %s is not among those of %s in %s",
					 from, names.at[i], fs->arch->name, fs->root);
			continue;
		}
		there = mb_format("%s%s", fs->root, path);
		if (!lab_initramfs_has(fs, path)) {
			lab_initramfs_file(fs, path, there, 0755);
			status = lab_initramfs_needed(fs, there);
		}
		free(there);
		free(path);
	}
	mb_list_free(&names);
	return status;
}
