// SPDX-License-Identifier: GPL-2.0-or-later
/* A comparison of two runs as plain text that can stand in a mail, below a patch. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/base/wrap.h"
#include "analysis/compare/lkml.h"
#include "analysis/run/describe.h"
#include "analysis/run/environment.h"
#include "core/record/read.h"

/* Points that could not be compared and are named; the others are counted. */
#define LONELY 10

static void say(FILE *out, char *text)
{
	an_wrap(out, text, AN_LKML_WIDTH, "", true);
	free(text);
}

static void put_summary(FILE *out, const struct an_comparison *c)
{
	char *words = an_summary_words(c), *together = an_together_words(c), *sign;

	while ((sign = strstr(words, "±"))) {
		char *text = mb_format("%.*s+/-%s", (int)(sign - words), words, sign + strlen("±"));

		free(words);
		words = text;
	}
	say(out, words);
	if (*together)
		say(out, mb_strdup(together));
	free(together);
	putc('\n', out);
}

static void put_run(FILE *out, const struct an_run *run, const char *letter)
{
	const char *kernel = mb_record_text(run->lab, "kernel");
	const char *label = strcmp(run->label, run->kernel) ? run->label : "";

	say(out,
	    mb_format("%s: Linux %s%s%s%s%s%s%s", letter, run->kernel, *kernel ? " (kernel " : "",
		      kernel, *kernel ? " of the lab)" : "", *label ? ", " : "", label,
		      run->valid ? "" : "; INVALID by its own account"));
}

/* "QEMU 7.2.22 (tcg), CPU model qemu64,+ssse3", or the CPU of a machine; malloc'd. */
static char *machine_words(const struct an_run *run)
{
	const char *qemu = mb_record_text(run->env, "qemu"),
		   *model = mb_record_text(run->env, "cpu_model");
	const char *accelerator = mb_record_text(run->lab, "accelerator");
	char *text = mb_strdup("");

	if (*qemu)
		an_extend(&text, "QEMU %s", qemu);
	else if (run->emulated)
		an_extend(&text, "emulated");
	if (*accelerator)
		an_extend(&text, "%s%s", *text ? " " : "", accelerator);
	if (!*model)
		model = mb_record_text(run->env, "cpu");
	an_extend(&text, "%sCPU model %s", *text ? ", " : "", *model ? model : "not recorded");
	return text;
}

static char *topology_words(const struct an_run *run)
{
	const char *topology = mb_record_text(run->env, "topology");

	return mb_strdup(*topology ? topology : "not recorded");
}

/* "15", or "3 to 15": the samples of a point, over the boots of a side; malloc'd. */
static char *samples_words(const struct an_comparison *c, bool b)
{
	size_t least = 0, most = 0;

	for (size_t i = 0; i < c->count; i++) {
		size_t samples = b ? c->pairs[i].b.samples : c->pairs[i].a.samples;

		least = !i || samples < least ? samples : least;
		most = samples > most ? samples : most;
	}
	return least == most ? mb_format("%zu", least) : mb_format("%zu to %zu", least, most);
}

/* What @words says of both runs: once where it is the same. */
static void put_both(FILE *out, const char *what, const struct an_comparison *c,
		     char *(*words)(const struct an_run *run))
{
	char *a = words(c->a), *b = words(c->b);

	if (strcmp(a, b))
		say(out, mb_format("%s: A %s; B %s", what, a, b));
	else
		say(out, mb_format("%s: %s", what, a));
	free(a);
	free(b);
}

static void put_boots(FILE *out, const struct an_comparison *c)
{
	char *a = samples_words(c, false), *b = samples_words(c, true);

	if (c->a->boots == c->b->boots && !strcmp(a, b))
		say(out,
		    mb_format("Boots: %u a side; samples of a point: %s a side", c->a->boots, a));
	else
		say(out, mb_format("Boots: A %u, B %u; samples of a point: A %s, B %s", c->a->boots,
				   c->b->boots, a, b));
	free(a);
	free(b);
}

static void put_floor(FILE *out, const struct an_comparison *c)
{
	double largest = NAN;
	size_t with = 0;

	for (size_t i = 0; i < c->count; i++) {
		largest = fmax(largest, c->pairs[i].floor);
		with += !isnan(c->pairs[i].floor);
	}
	if (!with)
		fputs("Noise floor: no floor was measured\n", out);
	else
		say(out, mb_format("Noise floor: %.2g%% at most%s%s", 100 * largest,
				   with < c->count ? "; not measured of all points" : "",
				   c->a->floor_within_boot || c->b->floor_within_boot
					   ? "; within one boot, which knows nothing of another"
					   : ""));
}

/* What differs of the environment besides what makes it another kernel. */
static void put_environment(FILE *out, const struct an_comparison *c)
{
	static const char *const known[] = { "kernel",	  "build_id", "qemu",
					     "cpu_model", "topology", "topology_sha256" };
	json_t *differences = an_env_differences((struct an_run *const[]){ c->a, c->b }, 2),
	       *values;
	char *text = mb_strdup("");
	const char *key;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		json_object_del(differences, known[i]);
	json_object_foreach(differences, key, values) {
		char *words[] = { an_env_words(json_array_get(values, 0)),
				  an_env_words(json_array_get(values, 1)) };
		bool brief = strlen(words[0]) + strlen(words[1]) < 50;

		if (json_is_null(json_array_get(values, 0)) ||
		    json_is_null(json_array_get(values, 1)))
			brief = false;
		an_extend(&text, brief ? "%s%s (%s, %s)" : "%s%s", *text ? ", " : "", key, words[0],
			  words[1]);
		free(words[0]);
		free(words[1]);
	}
	if (*text)
		say(out, mb_format("Differs, too: %s", text));
	free(text);
	json_decref(differences);
}

/* What a time of this comparison is; of one machine that is emulated and one that is not, of each. */
static char *clock_words(const struct an_comparison *c)
{
	bool a = an_shape_only(c->a), b = an_shape_only(c->b);

	if (c->a->insns)
		return mb_strdup("insns, instructions executed; exact");
	if (a && b)
		return mb_strdup("time of the host, of an emulated machine");
	if (a || b)
		return mb_format(
			"time; %s's is that of the host of an emulated machine, and shows shape "
			"and not speed",
			a ? "A" : "B");
	return mb_strdup("time; each boot counts once");
}

static void put_legend(FILE *out, const struct an_comparison *c)
{
	char *unit = mb_strdup(an_unit(c->a));

	say(out,
	    mb_format("A and B are for the whole batch, in %s%s; a change above 0 means that B "
		      "costs more; = is within +/-%s, ? is not decided.",
		      unit, c->a->insns ? ", counted exactly" : "",
		      an_percent(c->question.margin)));
	free(unit);
	putc('\n', out);
}

static void put_lonely(FILE *out, const struct an_comparison *c)
{
	if (c->lonely_count)
		fputs("\nNot compared:\n", out);
	for (size_t i = 0; i < c->lonely_count && i < LONELY; i++) {
		const struct an_lonely *lonely = &c->lonely[i];

		say(out, mb_format("- %s%s: %s",
				   lonely->in_a && lonely->in_b ? "not alike: "
				   : lonely->in_a		? "only in A: "
				   : lonely->in_b		? "only in B: "
								: "in neither: ",
				   lonely->point->name, lonely->why));
	}
	if (c->lonely_count > LONELY)
		fprintf(out, "- and %zu more\n", c->lonely_count - LONELY);
}

void an_compare_lkml(const struct an_comparisons *all)
{
	const struct an_comparison *c = &all->at[0];
	char *text, *mail, *clock;
	size_t size;
	FILE *out = mb_text_open(&text, &size);

	if (all->meaning) {
		say(out, mb_strdup(all->meaning));
		putc('\n', out);
	}
	put_summary(out, c);
	put_run(out, c->a, "A");
	put_run(out, c->b, "B");
	clock = clock_words(c);
	say(out, mb_format("Clock: %s", clock));
	free(clock);
	put_both(out, "Machine", c, machine_words);
	put_both(out, "Topology", c, topology_words);
	put_boots(out, c);
	put_floor(out, c);
	put_environment(out, c);
	putc('\n', out);
	put_legend(out, c);
	an_lkml_table(out, c);
	put_lonely(out, c);
	putc('\n', out);
	an_lkml_commands(out, c, &all->command);
	mb_text_close(out);
	mail = an_mailable(text);
	fputs(mail, stdout);
	free(mail);
	free(text);
}
