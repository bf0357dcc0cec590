// SPDX-License-Identifier: GPL-2.0-or-later
/* The campaign file, and the cells that follow from it, always in the same order. */
#include <stdlib.h>
#include <string.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "core/config.h"
#include "core/digest.h"
#include "core/options.h"
#include "core/status.h"
#include "lab/base/config.h"
#include "lab/base/options.h"
#include "lab/fleet/plan.h"

#define MAX_CELLS 100000

static bool read_number(const char *key, const char *value, unsigned long min, unsigned long max,
			unsigned long *number, struct lab_reason *reason)
{
	return mb_number(value, min, max, number)
		       ? true
		       : lab_refuse(reason, "'%s = %s': allowed: a number from %lu to %lu", key,
				    value, min, max);
}

static bool read_names(const char *key, const char *kind, const char *value, struct mb_list *names,
		       struct lab_reason *reason)
{
	mb_list_split(names, value);
	for (size_t i = 0; i < names->count; i++) {
		char *why;

		/* A file of the user's own would have to be on every machine. */
		if (!lab_good_name(names->at[i]) || strchr(names->at[i], ','))
			return lab_refuse(reason, "'%s = %s': allowed: names of configs/%s", key,
					  value, kind);
		for (size_t j = 0; j < i; j++)
			if (!strcmp(names->at[i], names->at[j]))
				return lab_refuse(reason, "%s: '%s' stands there twice", key,
						  names->at[i]);
		why = mb_config_missing(kind, names->at[i]);
		if (why) {
			lab_refuse(reason, "%s: %s", key, why);
			free(why);
			return false;
		}
	}
	return names->count ? true : lab_refuse(reason, "'%s' is empty", key);
}

/* Whether those that are neither files nor ranges of tags are configurations. */
static bool know_kernels(const struct lab_fleet_plan *plan, const char *key,
			 struct lab_reason *reason)
{
	for (size_t i = 0; i < plan->words.count; i++) {
		const char *word = plan->words.at[i];
		char *why = mb_config_is_file(word) || strstr(word, "..")
				    ? NULL
				    : mb_config_missing("kernels", word);

		if (!why)
			continue;
		lab_refuse(reason, "%s: %s, or a FILE.ini of yours", key, why);
		free(why);
		return false;
	}
	return true;
}

static bool on_value(void *context, const char *section, const char *key, const char *value,
		     struct lab_reason *reason)
{
	struct lab_fleet_plan *plan = context;

	if (strcmp(section, "campaign"))
		return lab_refuse(reason, "unknown section [%s]; allowed: [campaign]", section);
	if (!key)
		return true;
	if (!strcmp(key, "kernels")) {
		mb_list_split(&plan->words, value);
		return plan->words.count ? know_kernels(plan, key, reason)
					 : lab_refuse(reason, "'%s' is empty", key);
	}
	if (!strcmp(key, "tree")) {
		free(plan->tree);
		plan->tree = mb_strdup(value);
		return true;
	}
	if (!strcmp(key, "topologies"))
		return read_names(key, "topologies", value, &plan->topologies, reason);
	if (!strcmp(key, "suites"))
		return read_names(key, "suites", value, &plan->suites, reason);
	if (!strcmp(key, "boots"))
		return read_number(key, value, 1, 100, &plan->boots, reason);
	if (!strcmp(key, "calibrate"))
		return read_number(key, value, 0, LAB_MAX_CALIBRATE, &plan->calibrate, reason);
	if (!strcmp(key, "seed"))
		return read_number(key, value, 0, LAB_MAX_SEED, &plan->seed, reason);
	if (!strcmp(key, "check"))
		return read_number(key, value, 0, 100, &plan->check, reason);
	if (strcmp(key, "clock"))
		return lab_refuse(reason,
				  "unknown key '%s'; allowed: kernels, tree, topologies, suites, "
				  "clock, boots, calibrate, seed, check",
				  key);
	if (strcmp(value, "insns") && strcmp(value, "time"))
		return lab_refuse(reason, "'clock = %s': allowed: insns, time", value);
	free(plan->clock);
	plan->clock = mb_strdup(value);
	return true;
}

/* Whether the cell is among those that are checked: by its name and the seed, on every machine alike. */
static bool is_checked(const struct lab_fleet_plan *plan, const char *name)
{
	char *text = mb_format("%lu %s", plan->seed, name), hex[MB_DIGEST_HEX];

	mb_digest(text, strlen(text), hex);
	free(text);
	hex[8] = '\0';
	return strtoul(hex, NULL, 16) % 100 < plan->check;
}

static void make_cells(struct lab_fleet_plan *plan)
{
	struct lab_cell *cell;

	plan->count = plan->kernel_count * plan->topologies.count * plan->suites.count;
	plan->cells = mb_alloc(plan->count, sizeof(*plan->cells));
	cell = plan->cells;
	for (size_t k = 0; k < plan->kernel_count; k++)
		for (size_t t = 0; t < plan->topologies.count; t++)
			for (size_t s = 0; s < plan->suites.count; s++, cell++) {
				cell->kernel = &plan->kernels[k];
				cell->topology = plan->topologies.at[t];
				cell->suite = plan->suites.at[s];
				cell->name = mb_format("%s,%s,%s", cell->kernel->name,
						       cell->topology, cell->suite);
				cell->twice = is_checked(plan, cell->name);
			}
}

int lab_fleet_read(struct lab_fleet_plan *plan, const char *path)
{
	int status;

	*plan = (struct lab_fleet_plan){
		.boots = 2, .calibrate = 3, .seed = 42, .check = 5, .path = path
	};
	plan->clock = mb_strdup("insns");
	status = lab_config_read(path, on_value, plan);
	if (!status && (!plan->words.count || !plan->topologies.count || !plan->suites.count))
		status = mb_fail(MB_REQUEST, "%s: [campaign] needs kernels, topologies and suites",
				 path);
	if (!status)
		status = lab_fleet_kernels(plan, path);
	if (!status && plan->kernel_count * plan->topologies.count * plan->suites.count > MAX_CELLS)
		status = mb_fail(MB_REQUEST, "%s: more than %d cells", path, MAX_CELLS);
	if (!status && plan->check && strcmp(plan->clock, "insns"))
		status = mb_fail(MB_REQUEST,
				 "%s: times of two machines are never the same: 'check = 0' with "
				 "'clock = time'",
				 path);
	if (!status)
		make_cells(plan);
	return status;
}

void lab_fleet_free(struct lab_fleet_plan *plan)
{
	for (size_t i = 0; i < plan->count; i++)
		free(plan->cells[i].name);
	free(plan->cells);
	for (size_t i = 0; i < plan->kernel_count; i++) {
		free(plan->kernels[i].name);
		free(plan->kernels[i].file);
	}
	free(plan->kernels);
	free(plan->clock);
	free(plan->tree);
	mb_list_free(&plan->words);
	mb_list_free(&plan->topologies);
	mb_list_free(&plan->suites);
	*plan = (struct lab_fleet_plan){ 0 };
}

char *lab_cell_file(const struct lab_cell *cell, const char *folder, enum lab_cell_turn turn)
{
	static const char *const endings[] = { "", ",again", ",third" };

	return mb_format("%s/%s%s.jsonl", folder, cell->name, endings[turn]);
}

void lab_cell_words(const struct lab_fleet_plan *plan, const struct lab_cell *cell,
		    const char *folder, enum lab_cell_turn turn, struct mb_list *words)
{
	char *file = lab_cell_file(cell, folder, turn);

	mb_list_add(words, "--kernel=%s",
		    cell->kernel->file ? cell->kernel->file : cell->kernel->name);
	mb_list_add(words, "--topology=%s", cell->topology);
	mb_list_add(words, "--suite=%s", cell->suite);
	mb_list_add(words, "--clock=%s", plan->clock);
	mb_list_add(words, "--boots=%lu", plan->boots);
	if (plan->calibrate)
		mb_list_add(words, "--calibrate=%lu", plan->calibrate);
	mb_list_add(words, "--seed=%lu", plan->seed);
	mb_list_add(words, "--probe");
	mb_list_add(words, "--out=%s", file);
	free(file);
}
