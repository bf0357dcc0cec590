// SPDX-License-Identifier: GPL-2.0-or-later
/* Whose the kernel's memory is, from the lines of the guest's log and the kernel's variables. */
#include <stdlib.h>
#include <string.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "lab/profile/names.h"
#include "lab/profile/said.h"

/* @name becomes ours. */
static size_t name_index(struct lab_names *names, char *name)
{
	json_t *known = json_object_get(names->index, name);

	if (known) {
		free(name);
		return (size_t)json_integer_value(known);
	}
	names->names = mb_resize(names->names, names->name_count + 1, sizeof(*names->names));
	names->names[names->name_count] = name;
	json_object_set_new(names->index, name, json_integer((json_int_t)names->name_count));
	return names->name_count++;
}

static void add(struct lab_names *names, uint64_t from, uint64_t to, char *name)
{
	names->at = mb_grow(names->at, &names->room, names->count, sizeof(*names->at));
	names->at[names->count++] = (struct lab_name_area){ from, to, name_index(names, name) };
}

/* The variables that each CPU has of its own, where those of one CPU are. */
static void add_per_cpu(struct lab_names *names, const struct lab_symbols *data,
			const struct lab_layout *layout, uint64_t offset)
{
	for (size_t i = 0; i < data->count; i++) {
		const struct lab_symbol *symbol = &data->at[i];

		/* What begins where all of them do is called after that. */
		if (symbol->at > layout->per_cpu_from && symbol->at < layout->per_cpu_to)
			add(names, offset + symbol->at, offset + symbol->end,
			    mb_format("per-CPU %s", data->functions[symbol->function]));
	}
}

static void take(struct lab_names *names, const struct lab_said *said,
		 const struct lab_symbols *data, const struct lab_layout *layout)
{
	if (said->what == LAB_SAID_SLAB)
		add(names, said->from, said->to, mb_format("slab %s", said->name));
	else if (said->what == LAB_SAID_VMALLOC)
		add(names, said->from, said->to, mb_format("vmalloc by %s", said->name));
	else if (said->what == LAB_SAID_PER_CPU)
		add_per_cpu(names, data, layout, said->from);
}

static int by_address(const void *left, const void *right)
{
	const struct lab_name_area *a = left, *b = right;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	return a->to < b->to ? -1 : a->to > b->to;
}

void lab_names_read(struct lab_names *names, const char *log, const struct lab_symbols *data,
		    const struct lab_layout *layout)
{
	size_t length;
	char *text = mb_read_file(log, &length);
	const char *rest = text;
	struct lab_said said;

	*names = (struct lab_names){ .index = json_object() };
	name_index(names, mb_strdup(""));
	while (text && lab_said_next(&rest, &said))
		take(names, &said, data, layout);
	free(text);
	/* What lies below is where a CPU's own variables would be without an offset. */
	for (size_t i = 0; i < data->count; i++)
		if (data->at[i].at >> 63)
			add(names, data->at[i].at, data->at[i].end,
			    mb_strdup(data->functions[data->at[i].function]));
	if (names->count)
		qsort(names->at, names->count, sizeof(*names->at), by_address);
}

const struct lab_name_area *lab_names_find(const struct lab_names *names, uint64_t virtual)
{
	size_t low = 0, high = names->count;

	/* The last one that does not begin behind it. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (names->at[middle].from <= virtual)
			low = middle + 1;
		else
			high = middle;
	}
	return low && virtual < names->at[low - 1].to ? &names->at[low - 1] : NULL;
}

size_t lab_names_index(const struct lab_names *names, const char *name)
{
	return (size_t)json_integer_value(json_object_get(names->index, name));
}

void lab_names_free(struct lab_names *names)
{
	for (size_t i = 0; i < names->name_count; i++)
		free(names->names[i]);
	free(names->names);
	free(names->at);
	json_decref(names->index);
	*names = (struct lab_names){ 0 };
}
