// SPDX-License-Identifier: GPL-2.0-or-later
/* Findings and the whole report on synthetic runs whose truth is known. */
#include <fcntl.h>
#include <glob.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/unit/test_analysis_synthetic.h"

#include "analysis/base/text.h"
#include "analysis/commands.h"
#include "analysis/report/findings.h"
#include "analysis/draw/sentence.h"

static char folder[] = "/tmp/migbench-test-XXXXXX";
static char file[64];

/* All findings of @truth in one text; the caller frees. */
static char *findings_of(const struct truth *truth)
{
	struct an_run *run = run_of(file, truth);
	struct an_findings findings = { 0 };
	char *text = mb_strdup(""), *longer;

	an_findings_of(run, true, &findings);
	for (size_t i = 0; i < findings.count; i++) {
		longer = mb_format("%s%s\n", text, findings.at[i].text);
		free(text);
		text = longer;
	}
	an_findings_free(&findings);
	an_run_free(run);
	return text;
}

static void has(const char *text, const char *words)
{
	if (!strstr(text, words))
		fail_msg("'%s' is not in:\n%s", words, text);
}

static void has_not(const char *text, const char *words)
{
	if (strstr(text, words))
		fail_msg("'%s' is in:\n%s", words, text);
}

static void findings_tell_the_truth(void **state)
{
	char *text = findings_of(&plain);

	(void)state;
	has(text, "Linux 6.1.7, instruction clock: moving n pages to the device costs 10,000 (± ");
	has(text, " + 3,000 (± ");
	has(text, "back to the system 9,000 (± ");
	has(text, "the most expensive phase is setup, 50 % of the cost");
	has(text, "a CPU fault brings one page back for 6,600 instructions, 2.38 times the 2,770");
	has(text,
	    "to the device, batch 64 is the smallest whose cost a page is within 5 % of the best; "
	    "batch 1 costs 4.22 times the best, which is that of batch 128.");
	has(text, "costs 5.99 times its copy alone");
	free(text);
}

static void direction_words_flip(void **state)
{
	struct truth truth = plain;
	const char *const words[] = { "falls", "stays flat", "rises" };

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct an_run *run;
		struct an_family *f;
		size_t count;
		char *text;

		truth.fixed = i ? 0 : 10000;
		truth.step = i == 2 ? 1000 : 0;
		run = run_of(file, &truth);
		f = an_families(run, &count);
		text = an_series_sentence(run, &f->series[AN_TO_DEVICE], AN_TO_DEVICE);
		for (int k = 0; k < 3; k++)
			(k == i ? has : has_not)(text, words[k]);
		free(text);
		an_families_free(f, count);
		an_run_free(run);
	}
	assert_string_equal(an_trend(100, 104), "stays flat");
	assert_string_equal(an_trend(100, 106), "rises");
	assert_string_equal(an_trend(100, 94), "falls");
}

static void emulated_time_gives_ratios_only(void **state)
{
	struct truth truth = plain;
	char *text;

	(void)state;
	truth.time = true;
	text = findings_of(&truth);
	has(text, "host-clock time in emulation (shape and function, not speed): ");
	has(text, "the fixed cost of a batch to the device is that of 3.33 pages");
	has_not(text, " ns");
	free(text);
	truth.real = true;
	text = findings_of(&truth);
	has(text, " ns");
	has_not(text, "emulation");
	free(text);
}

static char *slurp(const char *path)
{
	FILE *in = fopen(path, "r");
	char *text = NULL;
	size_t size = 0;

	if (!in)
		return NULL;
	if (getdelim(&text, &size, '\0', in) < 0)
		text = mb_strdup("");
	fclose(in);
	return text;
}

/* All pages of the report in @out, in one text. */
static char *whole(const char *out)
{
	static const char *const pages[] = { "report/run-*.md", "report/points-*.md",
					     "report/published.md", "report/environment.md",
					     "report/repeat.md" };
	char *path = mb_format("%s/REPORT.md", out), *text = slurp(path);

	assert_non_null(text);
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		char *page, *pattern = mb_format("%s/%s", out, pages[i]);
		glob_t found;

		assert_int_equal(glob(pattern, 0, NULL, &found), 0);
		page = slurp(found.gl_pathv[0]);
		assert_non_null(page);
		an_extend(&text, "%s", page);
		free(page);
		globfree(&found);
		free(pattern);
	}
	free(path);
	return text;
}

static int report(const char *first, const char *second, const char *third)
{
	char *args[7] = { 0 }, *words[7], name[] = "report", quiet[] = "--quiet";
	const char *const given[] = { first, second, third };
	int argc = 0, status, saved = dup(2), null = open("/dev/null", O_WRONLY);

	args[argc++] = name;
	args[argc++] = quiet;
	args[argc++] = file;
	for (int i = 0; i < 3; i++)
		if (given[i])
			args[argc++] = mb_strdup(given[i]);
	args[argc] = NULL;
	dup2(null, 2);
	/* getopt moves the words about: what is to be freed is kept apart. */
	memcpy(words, args, sizeof(words));
	status = analysis_report(argc, args);
	for (int i = 3; i < argc; i++)
		free(words[i]);
	dup2(saved, 2);
	close(saved);
	close(null);
	return status;
}

static void whole_report(void **state)
{
	char out[96], path[160];
	char *text, *option;
	struct stat st;

	(void)state;
	write_run(file, &plain);
	snprintf(out, sizeof(out), "%s/out", folder);
	snprintf(path, sizeof(path), "%s/REPORT.md", out);
	option = mb_format("--out=%s", out);
	assert_int_equal(report(option, NULL, NULL), MB_OK);
	text = whole(out);
	has(text, "## Main findings\n\n1. ");
	has(text, "Linux 6.1.7, instruction clock: moving n pages");
	has(text,
	    "at 25 of 25 points every value of every metric is the same in each of the 2 boots");
	has(text, "| `strange/a\\|b=<x>` | no \\| way |");
	has(text, "thp-migration-bench");
	has(text, "TLB misses");
	has(text, "Not recorded by run 1: build_id");
	has_not(text, "/tmp/");
	has_not(text, "nan");
	free(text);
	/* Refused while it is there, unless forced. */
	assert_int_equal(report(option, NULL, NULL), MB_REQUEST);
	assert_int_equal(report(option, "--force", NULL), MB_OK);
	free(option);
	/* Elsewhere, with links that lead to the plots. */
	assert_int_equal(unlink(path), 0);
	snprintf(path, sizeof(path), "%s/here.md", folder);
	option = mb_format("--markdown=%s", path);
	text = mb_format("--out=%s", out);
	assert_int_equal(report(text, option, NULL), MB_REQUEST);
	assert_int_equal(report(text, option, "--force"), MB_OK);
	free(text);
	text = slurp(path);
	assert_non_null(text);
	if (strstr(text, "!["))
		has(text, "](<out/plots/");
	free(text);
	free(option);
	/* A place that cannot be: nothing is left behind. */
	option = mb_format("--out=%s/nothing", file);
	assert_int_equal(report(option, NULL, NULL), MB_REQUEST);
	free(option);
	snprintf(path, sizeof(path), "%s/deep", folder);
	option = mb_format("--out=%s/deep/er", folder);
	text = mb_format("--markdown=%s/none/x.md", folder);
	assert_int_equal(report(option, text, NULL), MB_REQUEST);
	assert_int_equal(stat(path, &st), -1);
	free(option);
	free(text);
}

static void not_another_kernel(void **state)
{
	struct truth truth = plain;
	char path[96], *option, *text;

	(void)state;
	truth.kernel = "6.12.1";
	truth.boot_shift = 1;
	write_run(file, &truth);
	option = mb_format("--out=%s/other", folder);
	assert_int_equal(report(option, NULL, NULL), MB_OK);
	snprintf(path, sizeof(path), "%s/other", folder);
	text = whole(path);
	has(text, "**The boots are not bit-identical**: they agree at 0 of 25 points");
	free(text);
	free(option);
}

static int make_folder(void **state)
{
	const char *source = getenv("MIGBENCH_SOURCE");

	(void)state;
	if (!mkdtemp(folder))
		return -1;
	if (source)
		setenv("MIGBENCH_DATA", source, 1);
	snprintf(file, sizeof(file), "%s/run.jsonl", folder);
	return 0;
}

static void remove_pages(const char *place)
{
	char *pattern = mb_format("%s/*.md", place);
	glob_t found;

	if (!glob(pattern, 0, NULL, &found))
		for (size_t i = 0; i < found.gl_pathc; i++)
			unlink(found.gl_pathv[i]);
	globfree(&found);
	free(pattern);
	rmdir(place);
}

/* The last of them: what is still there when all that was asked for is gone should not be. */
static void nothing_else_is_left(void **state)
{
	static const char *const kinds[] = { "batch", "phases", "fault", "fault-phases" };
	static const char *const outs[] = { "out", "other" };
	char path[160];

	(void)state;
	for (int o = 0; o < 2; o++) {
		for (int k = 0; k < 8; k++) {
			snprintf(path, sizeof(path), "%s/%s/plots/%s-insns.%s", folder, outs[o],
				 kinds[k / 2], k % 2 ? "png" : "svg");
			unlink(path);
		}
		snprintf(path, sizeof(path), "%s/%s/REPORT.md", folder, outs[o]);
		unlink(path);
		snprintf(path, sizeof(path), "%s/%s/plots", folder, outs[o]);
		rmdir(path);
		snprintf(path, sizeof(path), "%s/%s/report", folder, outs[o]);
		remove_pages(path);
		snprintf(path, sizeof(path), "%s/%s", folder, outs[o]);
		rmdir(path);
	}
	snprintf(path, sizeof(path), "%s/here.md", folder);
	unlink(path);
	unlink(file);
	assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(findings_tell_the_truth),
		cmocka_unit_test(direction_words_flip),
		cmocka_unit_test(emulated_time_gives_ratios_only),
		cmocka_unit_test(whole_report),
		cmocka_unit_test(not_another_kernel),
		cmocka_unit_test(nothing_else_is_left),
	};

	return cmocka_run_group_tests(tests, make_folder, NULL);
}
