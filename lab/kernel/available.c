// SPDX-License-Identifier: GPL-2.0-or-later
/* Which version of each kernel can be had here, and from where. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <jansson.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/say.h"
#include "core/base/text.h"
#include "core/datadir.h"
#include "core/progress.h"
#include "core/status.h"
#include "lab/base/spawn.h"
#include "lab/kernel/available.h"
#include "lab/kernel/cache.h"
#include "lab/kernel/ini.h"
#include "lab/kernel/series.h"
#include "lab/kernel/source_package.h"

#define HEAD "linux-source-"

/* A kernel of configs/kernels; where it would come from, as lab_source_find_package() decides. */
struct wanted {
	struct lab_kernel_config config;
	char *package, *version; /* NULL: cannot be had */
	char *from; /* a suite, "installed" or "cache" */
	bool built;
};

struct available {
	struct wanted *wanted;
	size_t count;
	struct mb_list suites; /* of all of them */
	struct lab_apt apt;
	struct lab_apt_offer *offers;
	size_t offer_count;
};

static int read_configs(struct available *all)
{
	char *folder = mb_data_path("configs/kernels");
	struct mb_list names = { 0 };
	int status = MB_OK;

	mb_names_in(folder, ".ini", &names);
	all->wanted = mb_alloc(names.count, sizeof(*all->wanted));
	for (size_t i = 0; !status && i < names.count; i++) {
		struct lab_kernel_config *config = &all->wanted[i].config;

		status = lab_kernel_config(names.at[i], config);
		if (!status)
			all->count = i + 1;
		if (!status && config->suite && !mb_list_has(&all->suites, config->suite))
			mb_list_add(&all->suites, "%s", config->suite);
	}
	mb_list_free(&names);
	free(folder);
	return status;
}

static int ask_suites(struct available *all)
{
	struct mb_list names = { 0 }, packages = { 0 };
	struct mb_progress progress = mb_progress(stderr, MB_PROGRESS_LINE);
	char *suites;
	int status;

	mb_list_sort(&all->suites);
	suites = mb_list_join(&all->suites);
	/* stdout is for the answer, and an error's line stands alone where nobody watches. */
	if (isatty(STDERR_FILENO))
		mb_step(&progress, "look into %s", suites);
	status = lab_apt_open(&all->apt, suites, NULL);
	mb_progress_clear(&progress);
	if (!status)
		lab_apt_names(&all->apt, HEAD, &names);
	for (size_t i = 0; i < names.count; i++)
		if (lab_series_is(names.at[i], HEAD))
			mb_list_add(&packages, "%s", names.at[i]);
	lab_series_sort(&packages);
	if (!status)
		all->offers = lab_apt_offers(&all->apt, &packages, &all->offer_count);
	mb_list_free(&packages);
	mb_list_free(&names);
	free(suites);
	return status || lab_interrupted ? MB_MACHINE : MB_OK;
}

/* Whether an offer's @suite is what a configuration means by @wanted: it, or its release. */
static bool is_suite(const char *suite, const char *wanted)
{
	static const char security[] = "-security";
	size_t length = strlen(suite);

	return !strcmp(suite, wanted) ||
	       (!strncmp(suite, wanted, length) && !strcmp(wanted + length, security));
}

/* Where a package of another suite, or the newest of it, comes from. */
static void take_offer(const struct available *all, struct wanted *wanted)
{
	const struct lab_apt_offer *best = NULL;
	const struct lab_kernel_config *config = &wanted->config;

	for (size_t i = 0; config->suite && i < all->offer_count; i++) {
		const struct lab_apt_offer *offer = &all->offers[i];

		if (!is_suite(offer->suite, config->suite))
			continue;
		if (config->package ? strcmp(offer->package, config->package)
				    : !lab_series_is(offer->package, config->newest))
			continue;
		if (!best || lab_apt_older(best->version, offer->version))
			best = offer;
	}
	if (!best)
		return;
	wanted->package = mb_strdup(best->package);
	wanted->version = mb_strdup(best->version);
	wanted->from = mb_strdup(best->suite);
}

/* What this machine has of itself. */
static void take_own(const struct available *all, struct wanted *wanted)
{
	const struct lab_apt own = { .log = NULL };
	const char *package = wanted->config.package;

	if (!package)
		return;
	wanted->version = lab_installed_version(package);
	if (wanted->version)
		wanted->from = mb_strdup("installed");
	else
		wanted->version = lab_apt_version(&own, package, NULL);
	for (size_t i = 0; wanted->version && !wanted->from && i < all->offer_count; i++)
		if (!strcmp(all->offers[i].package, package) &&
		    !strcmp(all->offers[i].version, wanted->version))
			wanted->from = mb_strdup(all->offers[i].suite);
	if (wanted->version && wanted->from) {
		wanted->package = mb_strdup(package);
		return;
	}
	/* The machine's lists are of yesterday: no suite has that version any more. */
	free(wanted->version);
	wanted->version = NULL;
}

static void take_cached(struct wanted *wanted)
{
	const char *package = wanted->config.package;

	wanted->version = package ? lab_source_cached(package) : NULL;
	if (!wanted->version)
		return;
	wanted->package = mb_strdup(package);
	wanted->from = mb_strdup("cache");
}

static void mark_built(struct lab_kernel *kernel, void *context)
{
	struct available *all = context;

	for (size_t i = 0; i < all->count; i++)
		if (!strcmp(all->wanted[i].config.name, kernel->name))
			all->wanted[i].built = true;
}

static const char *or_dash(const char *text)
{
	return text ? text : "-";
}

static void print_text(const struct available *all)
{
	printf("%-12s %-20s %-24s %-20s %s\n", "KERNEL", "SOURCE", "VERSION", "FROM", "BUILT");
	for (size_t i = 0; i < all->count; i++) {
		const struct wanted *wanted = &all->wanted[i];

		mb_say(stdout, "%-12s %-20s %-24s %-20s %s", wanted->config.name,
		       or_dash(wanted->package ? wanted->package : wanted->config.package),
		       or_dash(wanted->version), wanted->from ? wanted->from : "nowhere",
		       wanted->built ? "yes" : "no");
	}
	printf("\n%-20s %-24s %s\n", "OFFERED", "VERSION", "SUITE");
	for (size_t i = 0; i < all->offer_count; i++)
		mb_say(stdout, "%-20s %-24s %s", all->offers[i].package, all->offers[i].version,
		       all->offers[i].suite);
}

static int print_json(const struct available *all)
{
	json_t *kernels = json_array(), *offers = json_array(), *document;
	int status;

	for (size_t i = 0; i < all->count; i++) {
		const struct wanted *wanted = &all->wanted[i];

		json_array_append_new(
			kernels,
			json_pack("{s:s, s:s?, s:s?, s:s?, s:s?, s:b}", "name", wanted->config.name,
				  "suite", wanted->config.suite, "package",
				  wanted->package ? wanted->package : wanted->config.package,
				  "version", wanted->version, "from", wanted->from, "built",
				  wanted->built));
	}
	for (size_t i = 0; i < all->offer_count; i++)
		json_array_append_new(offers, json_pack("{s:s, s:s, s:s}", "package",
							all->offers[i].package, "version",
							all->offers[i].version, "suite",
							all->offers[i].suite));
	document = json_pack("{s:o, s:o}", "kernels", kernels, "offered", offers);
	status = json_dumpf(document, stdout, JSON_INDENT(1)) ? MB_MACHINE : MB_OK;
	putchar('\n');
	json_decref(document);
	return status;
}

static void free_all(struct available *all)
{
	for (size_t i = 0; i < all->count; i++) {
		lab_kernel_config_free(&all->wanted[i].config);
		free(all->wanted[i].package);
		free(all->wanted[i].version);
		free(all->wanted[i].from);
	}
	lab_apt_offers_free(all->offers, all->offer_count);
	lab_apt_close(&all->apt);
	mb_list_free(&all->suites);
	free(all->wanted);
}

int lab_kernel_available(bool json)
{
	struct available all = { .count = 0 };
	int status = read_configs(&all);
	const char *reason;

	if (!status)
		status = ask_suites(&all);
	for (size_t i = 0; !status && i < all.count; i++) {
		take_own(&all, &all.wanted[i]);
		if (!all.wanted[i].version)
			take_offer(&all, &all.wanted[i]);
		if (!all.wanted[i].version)
			take_cached(&all.wanted[i]);
	}
	if (!status) {
		lab_kernel_each(mark_built, &all);
		if (json)
			status = print_json(&all);
		else
			print_text(&all);
	}
	if (!status && !all.offer_count) {
		reason = lab_apt_reason(&all.apt);
		status = mb_fail(MB_MACHINE, "lab kernel list: no suite offers any source: %s",
				 reason ? reason : "the package lists are empty");
	}
	free_all(&all);
	return status;
}
