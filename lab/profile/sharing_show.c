// SPDX-License-Identifier: GPL-2.0-or-later
/* Shared lines as text and as JSON. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <jansson.h>

#include "core/base/text.h"
#include "lab/profile/sharing.h"

/* Lines and functions that the text shows. */
#define SHOWN 20

/* "struct page", "slab mm_struct", or the variable of the kernel's image; malloc'd. */
static char *what_is(const struct lab_shared *shared, const struct lab_profile_boot *boot)
{
	const struct lab_name_area *area =
		lab_has_name(shared->kind) ? lab_names_find(&boot->names, shared->at) : NULL;

	if (!area)
		return mb_strdup(lab_kind_names[shared->kind]);
	/* Where in it says something of a variable, not of one of many objects. */
	if (shared->kind == LAB_KIND_REST)
		return mb_strdup(boot->names.names[area->name]);
	return mb_format("%s+0x%" PRIx64, boot->names.names[area->name], shared->at - area->from);
}

/* "0,2", malloc'd. */
static char *cpus(uint32_t mask)
{
	char *text = mb_strdup("");

	for (unsigned int cpu = 0; cpu < LAB_SHARING_CPUS; cpu++) {
		char *more;

		if (!(mask >> cpu & 1))
			continue;
		more = mb_format("%s%s%u", text, *text ? "," : "", cpu);
		free(text);
		text = more;
	}
	return text;
}

static void print_functions(const struct lab_sharing *sharing, const struct lab_profile_boot *boot,
			    FILE *out)
{
	const struct lab_symbols *symbols = &boot->symbols;
	bool *shown = mb_alloc(symbols->function_count, sizeof(*shown));

	fputs("\ntransfers  to the function\n", out);
	for (size_t i = 0; i < SHOWN; i++) {
		size_t most = symbols->function_count;

		for (size_t f = 0; f < symbols->function_count; f++)
			if (!shown[f] && sharing->functions[f] &&
			    (most == symbols->function_count ||
			     sharing->functions[f] > sharing->functions[most]))
				most = f;
		if (most == symbols->function_count)
			break;
		shown[most] = true;
		fprintf(out, "%9" PRIu64 "  %s\n", sharing->functions[most],
			symbols->functions[most]);
	}
	free(shown);
}

static void print_lines(const struct lab_sharing *sharing, const struct lab_profile_boot *boot,
			FILE *out)
{
	fputs("\ntransfers  written by  read by  the line, and the first function that had to fetch it\n",
	      out);
	for (size_t i = 0; i < sharing->count && i < SHOWN; i++) {
		const struct lab_shared *shared = &sharing->at[i];
		char *what = what_is(shared, boot), *writers = cpus(shared->writers);
		char *readers = cpus(shared->readers);

		fprintf(out, "%9" PRIu64 "  %-10s  %-7s  %s: %s, from %s\n", shared->transfers,
			writers, readers, what, boot->symbols.functions[shared->by[0]],
			boot->symbols.functions[shared->by[1]]);
		free(what);
		free(writers);
		free(readers);
	}
	if (sharing->count > SHOWN)
		fprintf(out, "and %zu other lines\n", sharing->count - SHOWN);
}

void lab_sharing_text(const struct lab_sharing *sharing, const struct lab_profile_boot *boot,
		      const char *name, unsigned long pages, FILE *out)
{
	fprintf(out,
		"%s\nkernel %s, %lu CPUs: of %" PRIu64
		" lines that are touched, %zu are written by one CPU and touched by another; they go "
		"from cache to cache %" PRIu64 " times",
		name, boot->guest.kernel.label, boot->guest.topology.cpus, sharing->lines,
		sharing->count, sharing->transfers);
	if (pages)
		fprintf(out, ", %.2f a page", (double)sharing->transfers / (double)pages);
	fputs(".\n\ntransfers     lines  kind of memory\n", out);
	for (size_t kind = 0; kind < LAB_KINDS; kind++)
		if (sharing->kinds[kind])
			fprintf(out, "%9" PRIu64 " %9" PRIu64 "  %s\n", sharing->kinds[kind],
				sharing->kind_lines[kind], lab_kind_names[kind]);
	print_functions(sharing, boot, out);
	print_lines(sharing, boot, out);
}

static json_t *line_json(const struct lab_shared *shared, const struct lab_profile_boot *boot)
{
	char *what = what_is(shared, boot);
	json_t *line =
		json_pack("{s:s, s:s, s:I, s:I, s:I, s:s, s:s}", "what", what, "kind",
			  lab_kind_names[shared->kind], "transfers", (json_int_t)shared->transfers,
			  "writers", (json_int_t)shared->writers, "readers",
			  (json_int_t)shared->readers, "to", boot->symbols.functions[shared->by[0]],
			  "from", boot->symbols.functions[shared->by[1]]);

	free(what);
	return line;
}

void lab_sharing_json(const struct lab_sharing *sharing, const struct lab_profile_boot *boot,
		      const char *name, unsigned long pages, FILE *out)
{
	json_t *kinds = json_object(), *functions = json_object(), *lines = json_array(), *all;

	for (size_t kind = 0; kind < LAB_KINDS; kind++)
		if (sharing->kinds[kind])
			json_object_set_new(kinds, lab_kind_names[kind],
					    json_integer((json_int_t)sharing->kinds[kind]));
	for (size_t f = 0; f < boot->symbols.function_count; f++)
		if (sharing->functions[f])
			json_object_set_new(functions, boot->symbols.functions[f],
					    json_integer((json_int_t)sharing->functions[f]));
	for (size_t i = 0; i < sharing->count; i++)
		json_array_append_new(lines, line_json(&sharing->at[i], boot));
	all = json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:o, s:o, s:o}", "name", name, "kernel",
			boot->guest.kernel.label, "cpus", (json_int_t)boot->guest.topology.cpus,
			"pages", (json_int_t)pages, "touched", (json_int_t)sharing->lines,
			"transfers", (json_int_t)sharing->transfers, "kinds", kinds, "functions",
			functions, "lines", lines);
	json_dumpf(all, out, JSON_INDENT(1));
	fputc('\n', out);
	json_decref(all);
}
