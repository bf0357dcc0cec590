// SPDX-License-Identifier: GPL-2.0-or-later
/* Where the fields of the kernel's struct migrate_vma are. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "observe/offsets.h"

/* include/linux/migrate.h from 5.10 to 7.2: the first field is the vma, all are a word. */
static const struct {
	const char *name;
	size_t place; /* in struct ob_config */
	__u32 word;
} fields[] = {
	{ "dst", offsetof(struct ob_config, dst), 1 },
	{ "src", offsetof(struct ob_config, src), 2 },
	{ "cpages", offsetof(struct ob_config, cpages), 3 },
	{ "npages", offsetof(struct ob_config, npages), 4 },
	{ "start", offsetof(struct ob_config, start), 5 },
	{ "end", offsetof(struct ob_config, end), 6 },
	{ "flags", offsetof(struct ob_config, flags), 8 },
};

#define FIELDS (sizeof(fields) / sizeof(fields[0]))

static void put(struct ob_config *config, size_t field, __u32 offset)
{
	memcpy((char *)config + fields[field].place, &offset, sizeof(offset));
}

bool ob_offsets(struct ob_config *config)
{
	const struct btf_type *type = NULL;
	size_t found = 0;
	struct btf *btf;
	int id;

	/* That there is none is no complaint of ours. */
	libbpf_set_print(NULL);
	btf = btf__load_vmlinux_btf();

	for (size_t i = 0; i < FIELDS; i++)
		put(config, i, fields[i].word * (__u32)sizeof(long));
	if (!btf)
		return false;
	id = btf__find_by_name_kind(btf, "migrate_vma", BTF_KIND_STRUCT);
	if (id > 0)
		type = btf__type_by_id(btf, (__u32)id);
	for (__u32 m = 0; type && m < btf_vlen(type); m++) {
		const struct btf_member *member = &btf_members(type)[m];
		const char *name = btf__name_by_offset(btf, member->name_off);

		for (size_t i = 0; i < FIELDS; i++) {
			if (strcmp(fields[i].name, name))
				continue;
			put(config, i, btf_member_bit_offset(type, m) / 8);
			found++;
		}
	}
	btf__free(btf);
	return found == FIELDS;
}

void ob_page_sizes(struct ob_config *config)
{
	FILE *in = fopen("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size", "re");
	long size = sysconf(_SC_PAGESIZE);
	unsigned long huge;

	config->huge_pages = 512;
	if (in && fscanf(in, "%lu", &huge) == 1)
		config->huge_pages = (__u32)(huge / (unsigned long)size);
	if (in)
		fclose(in);
	while (1L << config->page_shift < size)
		config->page_shift++;
}
