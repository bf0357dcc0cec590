// SPDX-License-Identifier: GPL-2.0-or-later
/* Fuzzer: suites, with --set after a line "%%", and the plan that is made of them. */
#include <stdlib.h>
#include <string.h>

#include "bench/plan.h"
#include "bench/scene/sizes.h"
#include "core/base/text.h"
#include "tests/fuzz/files/file.h"

/* More points than that only take time. */
#define MANY 100000

static size_t points(const struct mb_suite *suite)
{
	size_t sum = 0;

	for (const struct mb_section *s = suite->sections; s; s = s->next) {
		size_t product = 1;

		for (size_t i = 0; s->benchmark->params[i].name && product < MANY; i++)
			product *= s->values[i].count;
		sum += product;
	}
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t length, set_length;
	const uint8_t *text = fuzz_piece(&data, &size, &length);
	const uint8_t *word = fuzz_piece(&data, &size, &set_length);
	char *setting = mb_format("%.*s", (int)set_length, (const char *)word);
	struct mb_strings set = { .at = { setting }, .count = set_length > 0 };
	struct mb_suite suite;
	struct mb_plan plan = { 0 };
	int status = mb_suite_read(&suite, fuzz_file(0, text, length), &set);

	fuzz_heard(status);
	if (!status && points(&suite) < MANY) {
		mb_plan_place(&suite, &(struct mb_ground){ 0, 1, MB_USUAL_BASE, MB_USUAL_PMD });
		fuzz_heard(mb_plan_make(&plan, &suite, NULL));
		free(mb_plan_order(&plan, 1, 1));
		mb_plan_free(&plan);
	}
	mb_suite_free(&suite);
	free(setting);
	return 0;
}
