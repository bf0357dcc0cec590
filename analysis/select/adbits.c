// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/select/adbits.h"

static const struct an_point *measured(const struct an_run *run, const struct an_point *point,
				       const char *access)
{
	const struct an_point *found = an_run_counterpart(run, point, "access", access);

	return found && an_summary(found, "total") ? found : NULL;
}

struct an_ad *an_ads(const struct an_run *run, size_t *count)
{
	struct an_ad *rows = NULL;
	size_t capacity = 0;

	*count = 0;
	for (size_t i = 0; i < run->point_count; i++) {
		const struct an_point *point = &run->points[i];
		struct an_ad row = { .journey = an_param(point, "journey"),
				     .retention = an_param(point, "retention") };

		if (strcmp(point->benchmark, "ad") || !an_summary(point, "total"))
			continue;
		row.read = measured(run, point, "read");
		row.write = measured(run, point, "write");
		row.any = row.read ? row.read : row.write;
		/* Each row once: at its first point. */
		if (!row.any || point != row.any)
			continue;
		rows = an_grow(rows, &capacity, *count, sizeof(*rows));
		rows[(*count)++] = row;
	}
	return rows;
}

const struct an_ad *an_ad_other(const struct an_ad *rows, size_t count, const struct an_ad *ad)
{
	for (size_t i = 0; i < count; i++)
		if (&rows[i] != ad && !strcmp(rows[i].journey, ad->journey) &&
		    strcmp(rows[i].retention, ad->retention) &&
		    !strcmp(an_param(rows[i].any, "page"), an_param(ad->any, "page")) &&
		    !strcmp(an_param(rows[i].any, "nodes"), an_param(ad->any, "nodes")) &&
		    rows[i].any->pages == ad->any->pages)
			return &rows[i];
	return NULL;
}
