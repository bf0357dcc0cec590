// SPDX-License-Identifier: GPL-2.0-or-later
/* What was observed, as one JSON document. */
#include <sys/utsname.h>

#include "observe/show.h"

static json_t *integer(__u64 value)
{
	return json_integer((json_int_t)value);
}

static json_t *spans(const struct ob_sums *sums)
{
	json_t *object = json_object();

	for (int s = 0; s < OB_SPANS; s++)
		if (sums->ns[s])
			json_object_set_new(object, ob_span_names[s], integer(sums->ns[s]));
	return object;
}

/* Bucket i: calls that took from 2^i ns on and less than twice that. */
static json_t *histograms(const struct ob_sums *sums)
{
	json_t *object = json_object();

	for (int s = 0; s < OB_SPANS; s++) {
		json_t *list;

		if (!sums->ns[s])
			continue;
		list = json_array();
		for (int b = 0; b < OB_BUCKETS; b++)
			json_array_append_new(list, integer(sums->histogram[s][b]));
		json_object_set_new(object, ob_span_names[s], list);
	}
	return object;
}

/* Of @results; what this kernel does not show of them is null. */
static json_t *of_sums(const struct ob_results *results, const struct ob_sums *sums)
{
	const struct {
		const char *name;
		__u64 value;
	} numbers[] = {
		{ "calls", sums->calls },	    { "refused", sums->refused },
		{ "empty", sums->empty },	    { "finished", sums->finished },
		{ "requested", sums->requested },   { "collected", sums->collected },
		{ "migrated", sums->migrated },	    { "not_offered", sums->not_offered },
		{ "unread", sums->unread },	    { "unreadable", sums->unreadable },
	}, flushes[] = {
		{ "tlb_flushes", sums->flushes },   { "tlb_full_flushes", sums->full_flushes },
		{ "tlb_pages", sums->flush_pages }, { "ipi_rounds", sums->ipis },
	};
	json_t *object = json_object();

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		json_object_set_new(object, numbers[i].name, integer(numbers[i].value));
	for (size_t i = 0; i < sizeof(flushes) / sizeof(flushes[0]); i++)
		json_object_set_new(object, flushes[i].name,
				    results->sight.flushes ? integer(flushes[i].value)
							   : json_null());
	json_object_set_new(object, "ns", spans(sums));
	return object;
}

static json_t *of_driver(const struct ob_results *results, const struct ob_driver *driver)
{
	json_t *object = of_sums(results, &driver->sums), *sizes = json_array();

	json_object_set_new(object, "driver", json_string(driver->name));
	json_object_set_new(object, "direction", json_string(ob_kind_names[driver->kind]));
	json_object_set_new(object, "process", json_string(driver->sums.comm));
	json_object_set_new(object, "pid", integer(driver->sizes[0]->key.tgid));
	for (size_t i = 0; i < driver->count; i++) {
		json_t *size = of_sums(results, &driver->sizes[i]->sums);

		json_object_set_new(size, "pages", integer(driver->sizes[i]->key.pages));
		json_object_set_new(size, "histogram", histograms(&driver->sizes[i]->sums));
		json_array_append_new(sizes, size);
	}
	json_object_set_new(object, "sizes", sizes);
	return object;
}

static json_t *ordinary(const struct ob_results *results)
{
	json_t *list = json_array();

	for (size_t i = 0; i < results->ordinary_count; i++) {
		const struct ob_ordinary_row *row = &results->ordinary[i];

		json_array_append_new(
			list,
			json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o}", "reason",
				  ob_reason(row->key.reason), "process", row->sums.comm, "pid",
				  integer(row->key.tgid), "calls", integer(row->sums.calls),
				  "succeeded", integer(row->sums.succeeded), "failed",
				  integer(row->sums.failed), "ns", integer(row->sums.ns)));
	}
	return list;
}

/* All that was found, what did not grow, too. */
static json_t *own(const struct ob_own *own)
{
	json_t *list = json_array();

	for (size_t i = 0; i < own->count; i++)
		json_array_append_new(list,
				      json_pack("{s:s, s:s, s:o}", "source", own->rows[i].source,
						"name", own->rows[i].name, "grew",
						integer(own->rows[i].now - own->rows[i].before)));
	return list;
}

void ob_show_json(FILE *out, const struct ob_results *results)
{
	json_t *drivers = json_array(), *document;
	struct utsname name;

	uname(&name);
	for (size_t i = 0; i < results->driver_count; i++)
		json_array_append_new(drivers, of_driver(results, &results->drivers[i]));
	document = json_pack(
		"{s:s, s:s, s:f, s:{s:b, s:b, s:b, s:b, s:b, s:b}, s:{s:o, s:o, s:o, s:o}, s:o, "
		"s:o, s:o, s:o}",
		"kernel", name.release, "by", results->way->name, "seconds", results->seconds,
		"sees", "migrate_vma", results->sight.calls, "migrate_device",
		results->sight.device, "faults", results->sight.faults, "flushes",
		results->sight.flushes, "ordinary", results->sight.ordinary, "btf",
		results->sight.told, "lost", "calls", integer(results->lost.calls), "returns",
		integer(results->lost.returns), "samples", integer(results->lost.samples), "events",
		integer(results->lost.events), "cost",
		results->cost.known ? json_pack("{s:o, s:o}", "runs", integer(results->cost.runs),
						"ns", integer(results->cost.ns))
				    : json_null(),
		"drivers", drivers, "ordinary", ordinary(results), "own", own(&results->own));
	json_dumpf(document, out, JSON_COMPACT | JSON_REAL_PRECISION(17));
	fputc('\n', out);
	json_decref(document);
}
