// SPDX-License-Identifier: GPL-2.0-or-later
/* What a change means, on runs whose truth is known. */
#include "tests/unit/test_compare_runs.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "analysis/compare/meaning.h"

static const int sizes[] = { 1, 2, 4, 8, 16, 32, 64, 128, 256, 512 };

#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

/* What B costs more, at a batch. */
typedef double more_fn(int batch);

static double cost(int batch)
{
	return 2500 + 3000.0 * batch;
}

/* A and B over the first @count sizes, each boot with noise of @spread where it is above 0. */
static void make(struct an_run **a, struct an_run **b, bool insns, size_t count, more_fn *more,
		 double spread)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);

	*a = new_run(insns);
	*b = new_run(insns);
	for (size_t i = 0; i < count; i++)
		for (unsigned int boot = 0; boot < 5; boot++) {
			double base = cost(sizes[i]);

			add_total(*a, sizes[i], boot, base * exp(gsl_ran_gaussian(rng, spread)));
			add_total(*b, sizes[i], boot,
				  (base + more(sizes[i])) * exp(gsl_ran_gaussian(rng, spread)));
		}
	gsl_rng_free(rng);
}

/* The paragraph, or NULL; with the fit in *@fit. */
static char *meaning_of(bool insns, size_t count, more_fn *more, double spread,
			struct an_change_fit *fit)
{
	const struct an_question question = { "total", 0.5, insns ? 0.001 : 0.02, NULL };
	const struct an_sources sources = { 0 };
	struct an_run *a, *b;
	struct an_comparison c;
	struct an_family family;
	char *words;

	make(&a, &b, insns, count, more, spread);
	assert_int_equal(an_compare(a, b, &question, &c), MB_OK);
	assert_int_equal(an_meaning_words(&c, &sources, &words), MB_OK);
	assert_true(an_family_find(&c, NULL, &family) == (words != NULL));
	*fit = family.fit;
	an_family_free(&family);
	an_compare_free(&c);
	an_run_free(a);
	an_run_free(b);
	return words;
}

static void has(char *words, const char *text)
{
	if (!words || !strstr(words, text))
		fail_msg("no '%s' in: %s", text, words ? words : "nothing");
}

static double a_page(int batch)
{
	return 20.0 * batch;
}

static double a_batch(int batch)
{
	(void)batch;
	return 512;
}

static double both(int batch)
{
	return 20.0 * batch - 300;
}

static double nothing(int batch)
{
	(void)batch;
	return 0;
}

static double below_margin(int batch)
{
	return cost(batch) * 0.0009;
}

static double steps(int batch)
{
	return batch < 64 ? 40 : 30.0 * batch;
}

static double odd_one(int batch)
{
	return batch == 16 ? -4000 : 20.0 * batch;
}

static void exact_counts(void **state)
{
	struct an_change_fit fit;
	char *words;

	(void)state;
	words = meaning_of(true, SIZES, a_page, 0, &fit);
	assert_float_equal(fit.per_page, 20, 1e-6);
	assert_float_equal(fit.per_batch, 0, 1e-6);
	has(words, "B costs more at 10 of 10 points");
	has(words,
	    "It is +20.0 instructions a page and nothing a batch (least squares over 10 batch "
	    "sizes; none is off by more than its noise).");
	free(words);

	words = meaning_of(true, SIZES, a_batch, 0, &fit);
	assert_float_equal(fit.per_batch, 512, 1e-6);
	has(words, "It is nothing a page and +512 instructions a batch");
	/* At 256 pages it is below a thousandth. */
	has(words, "most at 1 page (+9.31%)");
	free(words);

	words = meaning_of(true, SIZES, both, 0, &fit);
	assert_float_equal(fit.per_page, 20, 1e-6);
	assert_float_equal(fit.per_batch, -300, 1e-6);
	has(words, "B costs more at 5 and less at 4 of 10 points");
	has(words, "It is +20.0 instructions a page and -300 a batch");
	free(words);
}

static void no_line(void **state)
{
	struct an_change_fit fit;
	char *words = meaning_of(true, SIZES, steps, 0, &fit);

	(void)state;
	assert_false(fit.line);
	has(words, "Over the 10 batch sizes it does not fit a line");
	free(words);
	/* One odd size is told apart. */
	words = meaning_of(true, SIZES, odd_one, 0, &fit);
	assert_float_equal(fit.per_page, 20, 1e-6);
	has(words,
	    "Except at 16 pages, where the change is another one, it is +20.0 instructions a page and "
	    "nothing a batch (least squares over 9 batch sizes");
	free(words);
}

static void few_sizes(void **state)
{
	struct an_change_fit fit;
	char *words = meaning_of(true, 1, a_page, 0, &fit);

	(void)state;
	has(words,
	    "Whether that is once a batch or once a page can't be told from one batch size.");
	free(words);
	words = meaning_of(true, 2, a_batch, 0, &fit);
	has(words, "It is nothing a page and +512 instructions a batch (least squares over 2 batch "
		   "sizes; two sizes always lie on a line).");
	free(words);
}

static void nothing_to_tell(void **state)
{
	struct an_change_fit fit;

	(void)state;
	assert_null(meaning_of(true, SIZES, nothing, 0, &fit));
	assert_null(meaning_of(true, SIZES, below_margin, 0, &fit));
	assert_null(meaning_of(false, SIZES, nothing, 0.002, &fit));
}

static double dear_page(int batch)
{
	return 300.0 * batch;
}

static double dear_batch(int batch)
{
	(void)batch;
	return 2000;
}

/* Time has noise; what it hides is nothing, and what it does not is told to its width. */
static void noisy_time(void **state)
{
	struct an_change_fit fit;
	char *words = meaning_of(false, SIZES, dear_page, 0.002, &fit);

	(void)state;
	assert_true(fit.line && fit.page && !fit.batch);
	assert_float_equal(fit.per_page, 300, 15);
	has(words, " ns a page and nothing a batch");
	free(words);
	words = meaning_of(false, SIZES, dear_batch, 0.002, &fit);
	assert_true(fit.line && !fit.page && fit.batch);
	assert_float_equal(fit.per_batch, 2000, 200);
	free(words);
}

/* The phase that has it is named, and the others are not. */
static void phases(void **state)
{
	static const char *const names[] = { "setup", "alloc", "copy", "pages", "finalize" };
	const struct an_question question = { "total", 0.5, 0.001, NULL };
	struct an_run *runs[2] = { new_run(true), new_run(true) };
	const struct an_sources sources = { 0 };
	struct an_comparison c;
	char *words;

	(void)state;
	for (size_t i = 0; i < 2; i++)
		for (size_t k = 0; k < SIZES; k++)
			for (unsigned int boot = 0; boot < 2; boot++) {
				double total = 100 + 5.0 * 600 * sizes[k], phase = 600.0 * sizes[k];
				double more = i ? 17.0 * sizes[k] : 0, moved = phase + more;

				total += more;
				add_total(runs[i], sizes[k], boot, total);
				for (size_t p = 0; p < 5; p++)
					add_values(runs[i], sizes[k], boot, names[p],
						   p == 3 ? &moved : &phase, 1);
			}
	assert_int_equal(an_compare(runs[0], runs[1], &question, &c), MB_OK);
	assert_int_equal(an_meaning_words(&c, &sources, &words), MB_OK);
	has(words, "It is +17.0 instructions a page and nothing a batch");
	has(words, "100% of it is in pages.");
	assert_null(strstr(words, "finalize"));
	free(words);
	an_compare_free(&c);
	/* The tails of the phases are of other batches than the tail of the whole. */
	c.question = question;
	c.question.quantile = 0.99;
	assert_int_equal(an_compare(runs[0], runs[1], &c.question, &c), MB_OK);
	assert_int_equal(an_meaning_words(&c, &sources, &words), MB_OK);
	assert_null(strstr(words, "of it is in"));
	free(words);
	an_compare_free(&c);
	/* A phase that is compared by itself has none in it. */
	c.question = question;
	c.question.metric = "pages";
	assert_int_equal(an_compare(runs[0], runs[1], &c.question, &c), MB_OK);
	assert_int_equal(an_meaning_words(&c, &sources, &words), MB_OK);
	assert_null(strstr(words, "of it is in"));
	free(words);
	an_compare_free(&c);
	an_run_free(runs[0]);
	an_run_free(runs[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exact_counts), cmocka_unit_test(no_line),
		cmocka_unit_test(few_sizes),	cmocka_unit_test(nothing_to_tell),
		cmocka_unit_test(noisy_time),	cmocka_unit_test(phases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
