// SPDX-License-Identifier: GPL-2.0-or-later
/* A line through differences. */
#include <math.h>
#include <stdlib.h>
#include <gsl/gsl_fit.h>
#include <gsl/gsl_sort.h>

#include "analysis/base/text.h"
#include "analysis/stats/change.h"

#define TENTH 0.1
#define SURE 2 /* standard errors */

double an_change_at(const struct an_change_fit *fit, double pages)
{
	return fit->per_batch + fit->per_page * pages;
}

static size_t count_sizes(const struct an_change *changes, size_t count)
{
	double *pages = mb_alloc(count, sizeof(*pages));
	size_t sizes = 0;

	for (size_t i = 0; i < count; i++)
		pages[i] = changes[i].pages;
	gsl_sort(pages, 1, count);
	for (size_t i = 0; i < count; i++)
		sizes += !i || pages[i] != pages[i - 1];
	free(pages);
	return sizes;
}

/* How far the sizes are off, where that is more than their noise. */
static void find_distance(const struct an_change *changes, size_t count, struct an_change_fit *fit)
{
	fit->line = true;
	for (size_t i = 0; i < count; i++) {
		double far = fabs(an_change_at(fit, changes[i].pages) - changes[i].change);
		double off = changes[i].change != 0 ? far / fabs(changes[i].change) : INFINITY;

		if (far <= changes[i].noise || off <= fit->off)
			continue;
		fit->off = off;
		fit->worst = changes[i].pages;
		fit->line &= off <= TENTH;
	}
}

struct an_change_fit an_change_fit(const struct an_change *changes, size_t count)
{
	struct an_change_fit fit = { .sizes = count_sizes(changes, count),
				     .per_batch = NAN,
				     .per_page = NAN };
	double cov00, cov01, cov11, chi2, scale, batch_error = 0, page_error = 0;
	double *x, *y, *weights;
	const struct an_change *least = changes, *most = changes;

	if (fit.sizes < 2)
		return fit;
	x = mb_alloc(count, sizeof(*x));
	y = mb_alloc(count, sizeof(*y));
	weights = mb_alloc(count, sizeof(*weights));
	for (size_t i = 0; i < count; i++) {
		x[i] = changes[i].pages;
		y[i] = changes[i].change;
		weights[i] = 1 / (changes[i].cost * changes[i].cost);
		least = changes[i].pages < least->pages ? &changes[i] : least;
		most = changes[i].pages > most->pages ? &changes[i] : most;
	}
	gsl_fit_wlinear(x, 1, weights, 1, y, 1, count, &fit.per_batch, &fit.per_page, &cov00,
			&cov01, &cov11, &chi2);
	free(x);
	free(y);
	free(weights);
	if (count > 2) {
		scale = chi2 / (double)(count - 2);
		batch_error = sqrt(fmax(cov00 * scale, 0));
		page_error = sqrt(fmax(cov11 * scale, 0));
	}
	/* A batch's part shows most in the smallest one, a page's in the largest. */
	fit.batch = fabs(fit.per_batch) > fmax(SURE * batch_error, least->noise) &&
		    fabs(fit.per_batch) > TENTH * fabs(fit.per_page) * least->pages;
	fit.page = fabs(fit.per_page) * most->pages >
			   fmax(SURE * page_error * most->pages, most->noise) &&
		   fabs(fit.per_page) * most->pages > TENTH * fabs(fit.per_batch);
	find_distance(changes, count, &fit);
	return fit;
}
