// SPDX-License-Identifier: GPL-2.0-or-later
/* Areas of the kernel's addresses, from its log and its System.map. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/profile/layout.h"
#include "lab/profile/said.h"

/* From the kernel's first to its last byte, and of that what each CPU gets a copy of. */
enum { TEXT, END, PER_CPU, PER_CPU_END, BORDERS };
static const char *const borders[BORDERS] = { "_text", "_end", "__per_cpu_start", "__per_cpu_end" };

static void add(struct lab_layout *layout, uint64_t from, uint64_t to, enum lab_kind kind)
{
	layout->at = mb_grow(layout->at, &layout->room, layout->count, sizeof(*layout->at));
	layout->at[layout->count++] = (struct lab_area){ from, to, kind };
}

static unsigned int log2_of(uint64_t bytes)
{
	unsigned int shift = 0;

	while (bytes >> shift > 1)
		shift++;
	return shift;
}

/* "percpu: Embedded 25 pages/cpu s62936 r8192 d31272 u102400": what each CPU has, but for the last. */
static uint64_t per_cpu_bytes(const char *log)
{
	static const char before[] = " pages/cpu s";
	const char *at = strstr(log, before);
	uint64_t fixed, reserved, more;

	if (!at || sscanf(at + strlen(before), "%" SCNu64 " r%" SCNu64 " d%" SCNu64, &fixed,
			  &reserved, &more) != 3)
		return 0;
	return fixed + reserved + more;
}

/* Each CPU has @bytes at its offset; of vmalloc areas only what the CPUs have beside those is of a kind. */
static void take(struct lab_layout *layout, const struct lab_said *said, uint64_t bytes)
{
	uint64_t own = said->from + layout->per_cpu_from;

	switch (said->what) {
	case LAB_SAID_SIZES:
		layout->page_shift = log2_of(said->from);
		layout->large_shift = 2 * layout->page_shift - log2_of(sizeof(uint64_t));
		layout->stack_shift = log2_of(said->to);
		break;
	case LAB_SAID_AREA:
		add(layout, said->from, said->to,
		    !strcmp(said->name, "modules")	 ? LAB_KIND_MODULES
		    : !strcmp(said->name, "struct-page") ? LAB_KIND_STRUCT_PAGE
							 : LAB_KIND_PER_CPU);
		break;
	case LAB_SAID_PER_CPU:
		add(layout, own, own + bytes, LAB_KIND_PER_CPU);
		break;
	case LAB_SAID_VMALLOC:
		if (!strcmp(said->name, "pcpu_get_vm_areas"))
			add(layout, said->from, said->to, LAB_KIND_PER_CPU);
		break;
	case LAB_SAID_SLAB:
		break;
	}
}

int lab_layout_read(struct lab_layout *layout, const char *log, const char *system_map)
{
	uint64_t at[BORDERS], bytes;
	struct lab_said said;
	const char *rest;
	size_t length;
	char *text;
	int status = lab_symbols_addresses(system_map, borders, BORDERS, at);

	*layout = (struct lab_layout){ 0 };
	if (status)
		return status;
	layout->per_cpu_from = at[PER_CPU];
	layout->per_cpu_to = at[PER_CPU_END];
	text = mb_read_file(log, &length);
	bytes = text ? per_cpu_bytes(text) : 0;
	rest = text;
	while (text && lab_said_next(&rest, &said))
		take(layout, &said, bytes);
	free(text);
	add(layout, at[TEXT], at[END], LAB_KIND_IMAGE);
	return layout->page_shift
		       ? MB_OK
		       : mb_fail(MB_MACHINE, "lab profile: the guest's kernel did not say "
					     "where it has what: it can't load slabs.ko");
}

enum lab_kind lab_layout_kind(const struct lab_layout *layout, uint64_t virtual)
{
	for (size_t i = 0; i < layout->count; i++)
		if (virtual >= layout->at[i].from && virtual < layout->at[i].to)
			return layout->at[i].kind;
	return LAB_KIND_REST;
}

void lab_layout_free(struct lab_layout *layout)
{
	free(layout->at);
	*layout = (struct lab_layout){ 0 };
}
