// SPDX-License-Identifier: GPL-2.0-or-later
/* Where the fields of the kernel's struct migrate_vma are. */
#include <stddef.h>
#include <string.h>
#include <bpf/btf.h>

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
	struct btf *btf = btf__load_vmlinux_btf();
	const struct btf_type *type = NULL;
	size_t found = 0;
	int id;

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
