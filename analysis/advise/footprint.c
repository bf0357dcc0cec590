// SPDX-License-Identifier: GPL-2.0-or-later
/* Up to which batch what a page's journey touches stays in a cache, by a profile that counted it. */
#include <math.h>
#include <string.h>

#include "analysis/advise/advice.h"
#include "analysis/base/profile.h"
#include "analysis/base/table.h"
#include "analysis/base/text.h"
#include "core/record/read.h"
#include "core/status.h"

int an_footprint_read(const char *path, const struct an_run *run, struct an_footprint *footprint)
{
	json_t *all = an_profile_load("advise", path);
	const json_t *memory = json_object_get(all, "memory"), *kernels, *touch;
	size_t side;
	double pages;

	*footprint = (struct an_footprint){ 0 };
	if (!all)
		return MB_REQUEST;
	kernels = json_object_get(all, "kernels");
	/* The second, if it is the run's and the first isn't. */
	side = json_array_size(kernels) > 1 &&
	       strcmp(json_string_value(json_array_get(kernels, 0)) ?: "", run->kernel) &&
	       !strcmp(json_string_value(json_array_get(kernels, 1)) ?: "", run->kernel);
	touch = json_object_get(json_object_get(memory, side ? "b" : "a"), "all");
	pages = json_number_value(json_object_get(json_object_get(all, "moved"), side ? "b" : "a"));
	footprint->lines = json_number_value(json_object_get(touch, "lines")) / pages;
	footprint->holds = json_number_value(json_object_get(memory, "l2_lines"));
	if (!mb_record_string(memory, "model") || !mb_record_string(all, "name") ||
	    !isfinite(footprint->lines) || footprint->lines <= 0 || footprint->holds <= 0) {
		json_decref(all);
		return mb_fail(MB_REQUEST,
			       "advise: --profile %s: not what lab profile --memory --format json "
			       "writes",
			       path);
	}
	footprint->batch = floor(footprint->holds / footprint->lines);
	footprint->profile = all;
	footprint->kernel = json_string_value(json_array_get(kernels, side));
	return MB_OK;
}

void an_footprint_free(struct an_footprint *footprint)
{
	json_decref(footprint->profile);
	*footprint = (struct an_footprint){ 0 };
}

json_t *an_footprint_json(const struct an_footprint *footprint)
{
	return json_pack("{s:s,s:s,s:s,s:f,s:f,s:f}", "name",
			 mb_record_string(footprint->profile, "name"), "kernel",
			 footprint->kernel ? footprint->kernel : "", "model",
			 mb_record_string(json_object_get(footprint->profile, "memory"), "model"),
			 "lines_per_page", footprint->lines, "l2_lines", footprint->holds,
			 "largest_batch", footprint->batch);
}

void an_footprint_text(const struct an_footprint *footprint, FILE *out)
{
	fputs("\nMemory: ", out);
	an_plain(out, mb_record_string(footprint->profile, "name"));
	fputs(", kernel ", out);
	an_plain(out, footprint->kernel ? footprint->kernel : "–");
	fprintf(out, ", touches %.2f lines of 64 bytes a page. The modelled L2 of ",
		footprint->lines);
	an_plain(out, mb_record_string(json_object_get(footprint->profile, "memory"), "model"));
	if (footprint->batch >= 1)
		fprintf(out,
			" (%s lines) holds those of %s page%s; in a larger batch a phase finds less and "
			"less of what the one before it touched.\n",
			an_count(footprint->holds), an_count(footprint->batch),
			footprint->batch == 1 ? "" : "s");
	else
		fprintf(out, " (%s lines) does not hold those of one page.\n",
			an_count(footprint->holds));
}
