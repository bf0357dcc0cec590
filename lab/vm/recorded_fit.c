// SPDX-License-Identifier: GPL-2.0-or-later
/* A recorded machine made small enough for a virtual one. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/text.h"
#include "core/status.h"
#include "lab/vm/recorded_fit.h"

#define STEP 2UL /* MiB: a huge page */
/* Where there is enough for all; with less, few of a suite's points fit into a node. */
#define GOOD_MEMORY 64UL
#define UNKNOWN_MEMORY 512UL /* MiB of a node of which the file says nothing */
/* What a firmware's table can say, and Linux's own where there is none. */
#define LOCAL 10
#define NEAREST 11
#define REMOTE 20
#define FARTHEST 254

/* The differences, separated by semicolons. */
static void say(FILE *out, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void say(FILE *out, const char *fmt, ...)
{
	va_list ap;

	if (ftell(out))
		fputs("; ", out);
	va_start(ap, fmt);
	vfprintf(out, fmt, ap);
	va_end(ap);
}

static const char *plural(unsigned long count)
{
	return count == 1 ? "" : "s";
}

static void say_numbers(const struct lab_recorded *machine, FILE *out)
{
	size_t count = machine->count, first = 0;

	while (first < count && machine->nodes[first].number == first)
		first++;
	if (first == count)
		return;
	say(out, "its node%s", plural(count - first));
	for (size_t i = first; i < count; i++)
		fprintf(out, "%s%u", i == first ? " " : ", ", machine->nodes[i].number);
	if (count - first == 1)
		fprintf(out, " is %zu here", first);
	else
		fprintf(out, " are %zu to %zu here", first, count - 1);
}

static void fit_cpus(const struct lab_recorded *machine, unsigned long most,
		     struct lab_topology *topology, FILE *out)
{
	unsigned long total = 0, left, given = 0;

	for (size_t i = 0; i < machine->count; i++)
		total += machine->nodes[i].cpus;
	left = most;
	for (size_t i = 0; i < machine->count; i++) {
		unsigned long cpus = machine->nodes[i].cpus;

		/* Each the same part of its own, and none nothing as long as there are some. */
		if (total > most && cpus)
			cpus = cpus * most / total ? cpus * most / total : 1;
		topology->nodes[i].cpus = cpus < left ? cpus : left;
		left -= topology->nodes[i].cpus;
		given += topology->nodes[i].cpus;
	}
	/* A file that names none: what boots needs one. */
	if (!given)
		topology->nodes[0].cpus = given = 1;
	topology->cpus = given;
	if (given != machine->cpus)
		say(out, "%lu of %lu CPUs", given, machine->cpus);
	if (machine->offline)
		say(out, "without %lu more CPU%s that %s not in use", machine->offline,
		    plural(machine->offline), machine->offline == 1 ? "was" : "were");
	if (machine->cpu_kinds)
		say(out, "all CPUs of one kind");
}

/* Parts of @total MiB by the nodes' own sizes, none below @least. Returns whether one was. */
static bool share(const struct lab_recorded *machine, double total, unsigned long least,
		  struct lab_topology *topology)
{
	bool again = true, raised = false;
	double size = 0;

	for (size_t i = 0; i < machine->count; i++) {
		topology->nodes[i].memory = 0;
		size += (double)machine->nodes[i].memory;
	}
	/* What a small node gets beyond its part, the others lack; that may make another small. */
	while (again) {
		again = false;
		for (size_t i = 0; !again && i < machine->count; i++) {
			double own = (double)machine->nodes[i].memory;

			if (topology->nodes[i].memory || total * own / size >= (double)least)
				continue;
			topology->nodes[i].memory = least;
			total -= (double)least;
			size -= own;
			again = raised = true;
		}
	}
	for (size_t i = 0; i < machine->count; i++)
		if (!topology->nodes[i].memory)
			topology->nodes[i].memory =
				(unsigned long)(total * (double)machine->nodes[i].memory / size) /
				STEP * STEP;
	return raised;
}

static void fit_memory(const struct lab_recorded *machine, unsigned long most,
		       struct lab_topology *topology, FILE *out)
{
	unsigned long each = most / machine->count / STEP * STEP, least = GOOD_MEMORY, sum = 0;
	double total = 0;
	bool raised = false;

	each = each < LAB_MIN_MEMORY ? LAB_MIN_MEMORY : each;
	least = least < each ? least : each;
	for (size_t i = 0; i < machine->count; i++)
		total += (double)machine->nodes[i].memory / (1 << 20);
	if (total > 0)
		raised = share(machine, fmin(total, (double)most), least, topology);
	for (size_t i = 0; i < machine->count; i++) {
		if (!(total > 0))
			topology->nodes[i].memory = each < UNKNOWN_MEMORY ? each : UNKNOWN_MEMORY;
		sum += topology->nodes[i].memory;
	}
	topology->memory = sum;
	if (!(total > 0))
		say(out, "no size of its memory is known");
	else if ((double)sum != total)
		say(out, "%lu of %.0f MiB", sum, total);
	if (raised)
		fprintf(out, ", at least %lu a node", least);
	if (*machine->kinds)
		say(out, "%s as plain memory", machine->kinds);
	if (machine->attributes)
		say(out, "no bandwidths and latencies");
	if (machine->bare)
		say(out, "%zu node%s without memory left out, the nearest ha%s the CPUs",
		    machine->bare, plural(machine->bare), machine->bare == 1 ? "s" : "ve");
	if (machine->beyond)
		say(out, "%zu node%s left out, %d are the most", machine->beyond,
		    plural(machine->beyond), LAB_MAX_NODES);
}

/* What a node's distance to itself is in the file's unit: 0 when it is not known of any. */
static double local_distance(const struct lab_recorded *machine, bool *several)
{
	double local = 0;

	*several = false;
	for (size_t i = 0; i < machine->count; i++) {
		double own = machine->nodes[i].distances[i];

		*several = *several || (i && own != machine->nodes[0].distances[0]);
		if (own > 0 && (!(local > 0) || own < local))
			local = own;
	}
	return local;
}

static void fit_distances(const struct lab_recorded *machine, struct lab_topology *topology,
			  FILE *out)
{
	size_t count = machine->count, unknown = 0, cut = 0;
	bool several;
	double local = local_distance(machine, &several), scale = local > 0 ? LOCAL / local : 1;

	if (count < 2)
		return;
	if (!machine->distances) {
		say(out, "no distances are known, %d here", REMOTE);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < count; j++) {
			double here = round(machine->nodes[i].distances[j] * scale), is;

			if (i == j)
				is = LOCAL;
			else if (!(here > 0))
				is = REMOTE, unknown++;
			else
				is = fmin(fmax(here, NEAREST), FARTHEST), cut += is != here;
			topology->nodes[i].distances[j] = (unsigned long)is;
		}
		topology->nodes[i].distance_count = count;
	}
	if (scale != 1)
		say(out, "distances in tenths of the nearest, %g", local);
	if (several)
		say(out, "each node equally near to itself");
	if (cut)
		say(out, "%zu distance%s cut to %d or %d", cut, plural(cut), NEAREST, FARTHEST);
	if (unknown)
		say(out, "%zu distance%s not known, %d here", unknown, plural(unknown), REMOTE);
}

char *lab_recorded_fit(const struct lab_recorded *machine, unsigned long cpus, unsigned long memory,
		       struct lab_topology *topology)
{
	char *text = NULL;
	size_t size;
	FILE *out = mb_text_open(&text, &size);

	topology->count = machine->count;
	fit_memory(machine, memory, topology, out);
	fit_cpus(machine, cpus, topology, out);
	fit_distances(machine, topology, out);
	say_numbers(machine, out);
	mb_text_close(out);
	return text;
}
