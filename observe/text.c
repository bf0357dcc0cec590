// SPDX-License-Identifier: GPL-2.0-or-later
/* What was observed, as tables. */
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "observe/show.h"

#define SIZES_SHOWN 6

/* "1.25 ms": three digits, in the largest unit that keeps them. malloc'd. */
static char *duration(double ns)
{
	static const char *const units[] = { "ns", "us", "ms", "s" };
	int unit = 0;

	for (; ns >= 1000 && unit < 3; unit++)
		ns /= 1000;
	return mb_format("%.*f %s",
			 ns < 10 && unit    ? 2
			 : ns < 100 && unit ? 1
					    : 0,
			 ns, units[unit]);
}

static double mean(const struct ob_sums *sums, enum ob_span span)
{
	return sums->finished ? (double)sums->ns[span] / (double)sums->finished : 0;
}

static void percent(FILE *out, const char *what, __u64 part, __u64 whole)
{
	if (whole)
		fprintf(out, "  %s %llu (%.4g %%)", what, (unsigned long long)part,
			100 * (double)part / (double)whole);
}

static __u64 left(__u64 all, __u64 part)
{
	return all > part ? all - part : 0;
}

/*
 * Which pages were not moved, as far as the kernel tells why. @by_entry: what was not read may not even
 * have been collected.
 */
static void losses(FILE *out, const struct ob_sums *sums, int most, bool by_entry)
{
	__u64 missed = left(sums->requested, sums->collected + (by_entry ? sums->unread : 0));
	__u64 behind = left(sums->collected, sums->migrated + (by_entry ? 0 : sums->unread));
	__u64 refused = left(behind, sums->not_offered);

	if (missed)
		fprintf(out,
			"    %llu pages not collected: absent, pinned, locked or elsewhere already\n",
			(unsigned long long)missed);
	if (sums->not_offered)
		fprintf(out, "    %llu pages for which the driver had no destination\n",
			(unsigned long long)sums->not_offered);
	if (refused && sums->collected > sums->migrated)
		fprintf(out,
			"    %llu pages that the kernel did not move: in use, or the call not "
			"finished\n",
			(unsigned long long)refused);
	if (sums->unread)
		fprintf(out, "    %llu pages whose end was not read: calls of more than %d pages\n",
			(unsigned long long)sums->unread, most);
	if (sums->unreadable)
		fprintf(out, "    %llu calls whose arguments could not be read\n",
			(unsigned long long)sums->unreadable);
	if (sums->refused)
		fprintf(out, "    %llu calls refused by the kernel\n",
			(unsigned long long)sums->refused);
	if (sums->empty)
		fprintf(out, "    %llu calls that collected nothing\n",
			(unsigned long long)sums->empty);
}

static int by_share(const void *a, const void *b)
{
	const struct ob_size *const *x = a, *const *y = b;

	if ((*x)->sums.calls != (*y)->sums.calls)
		return (*x)->sums.calls > (*y)->sums.calls ? -1 : 1;
	return (*x)->key.pages < (*y)->key.pages ? -1 : 1;
}

static void sizes(FILE *out, const struct ob_driver *driver)
{
	struct ob_size **list = mb_alloc(driver->count, sizeof(*list));
	__u64 rest = driver->sums.calls;
	size_t shown = driver->count < SIZES_SHOWN ? driver->count : SIZES_SHOWN;

	memcpy(list, driver->sizes, driver->count * sizeof(*list));
	qsort(list, driver->count, sizeof(*list), by_share);
	fprintf(out, "    sizes:");
	for (size_t i = 0; i < shown; i++) {
		fprintf(out, i ? ", %u pages x %llu" : " %u pages x %llu", list[i]->key.pages,
			(unsigned long long)list[i]->sums.calls);
		rest -= list[i]->sums.calls;
	}
	if (driver->count > shown)
		fprintf(out, ", %zu others x %llu", driver->count - shown,
			(unsigned long long)rest);
	fputc('\n', out);
	free(list);
}

static void times(FILE *out, const struct ob_driver *driver)
{
	const struct ob_sums *sums = &driver->sums;
	const char *between = "";

	if (!sums->finished)
		return;
	fprintf(out, "    a call:");
	for (int s = 0; s < OB_SPANS; s++) {
		char *text;

		if (!sums->ns[s])
			continue;
		text = duration(mean(sums, (enum ob_span)s));
		fprintf(out, "%s %s %s", between, ob_span_names[s], text);
		between = ",";
		free(text);
	}
	fputc('\n', out);
}

static void flushes(FILE *out, const struct ob_results *results, const struct ob_sums *sums)
{
	double pages = sums->migrated ? (double)sums->migrated : 0;

	if (!results->sight.flushes || !sums->finished || pages <= 0)
		return;
	fprintf(out, "    a page moved: %.3g TLB flushes (%.3g of all of it), %.3g IPI rounds\n",
		(double)sums->flushes / pages, (double)sums->full_flushes / pages,
		(double)sums->ipis / pages);
}

static void driver(FILE *out, const struct ob_results *results, const struct ob_driver *of)
{
	const struct ob_sums *sums = &of->sums;

	fprintf(out, "\n%s  %s  %s (%u)\n", of->name, ob_kind_names[of->kind], sums->comm,
		of->sizes[0]->key.tgid);
	fprintf(out, "    %llu calls; pages: requested %llu", (unsigned long long)sums->calls,
		(unsigned long long)sums->requested);
	percent(out, "collected", sums->collected, sums->requested);
	percent(out, "migrated", sums->migrated, sums->requested);
	fputc('\n', out);
	sizes(out, of);
	losses(out, sums, (int)results->way->read_most, of->kind == OB_DEVICE);
	times(out, of);
	flushes(out, results, sums);
}

static void ordinary(FILE *out, const struct ob_results *results)
{
	if (!results->ordinary_count)
		return;
	fprintf(out, "\nwithout device memory:\n");
	for (size_t i = 0; i < results->ordinary_count; i++) {
		const struct ob_ordinary_row *row = &results->ordinary[i];

		char *a_call = duration((double)row->sums.ns / (double)row->sums.calls);

		fprintf(out, "    %s, %s (%u): %llu calls, %llu moved, %llu not; a call %s\n",
			ob_reason(row->key.reason), row->sums.comm, row->key.tgid,
			(unsigned long long)row->sums.calls,
			(unsigned long long)row->sums.succeeded,
			(unsigned long long)row->sums.failed, a_call);
		free(a_call);
	}
}

/* What grew of it. */
static void own(FILE *out, const struct ob_own *own)
{
	const char *source = "";

	for (size_t i = 0; i < own->count; i++) {
		const struct ob_own_row *row = &own->rows[i];

		if (row->now == row->before)
			continue;
		if (strcmp(source, row->source))
			fprintf(out, "\nby its own account (%s):\n", row->source);
		source = row->source;
		fprintf(out, "    %s %llu\n", row->name, row->now - row->before);
	}
}

static void trust(FILE *out, const struct ob_results *results, __u64 calls)
{
	const struct ob_lost *lost = &results->lost;

	fprintf(out,
		"\nlost: %llu calls not counted, %llu whose return was not seen, %llu left out of "
		"the run file\n",
		(unsigned long long)lost->calls, (unsigned long long)lost->returns,
		(unsigned long long)lost->samples);
	if (lost->events)
		fprintf(out,
			"lost: %llu events that found the buffer full: calls are missing, or parts of "
			"them\n",
			(unsigned long long)lost->events);
	if (results->way->less)
		fprintf(out, "by %s, without %s\n", results->way->name, results->way->less);
	if (!results->cost.known && calls)
		fprintf(out,
			"cost: in the times, and not measured by the kernel (migbench observe "
			"--by %s --calibrate 1000000 does)\n",
			results->way->name);
	if (results->cost.known && calls) {
		char *a_call = duration((double)results->cost.ns / (double)calls);

		fprintf(out,
			"cost: our programs took %s a call, without the kernel's way to them; it is in "
			"the times (all of it: migbench observe --calibrate 1000000)\n",
			a_call);
		free(a_call);
	}
}

void ob_show_text(FILE *out, const struct ob_results *results)
{
	__u64 calls = 0;

	for (size_t i = 0; i < results->driver_count; i++)
		calls += results->drivers[i].sums.calls;
	fprintf(out, "observed for %.1f s: %llu calls of drivers\n", results->seconds,
		(unsigned long long)calls);
	for (size_t i = 0; i < results->driver_count; i++)
		driver(out, results, &results->drivers[i]);
	ordinary(out, results);
	own(out, &results->own);
	trust(out, results, calls);
}
