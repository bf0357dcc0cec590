// SPDX-License-Identifier: GPL-2.0-or-later
/* What of a foreign text is shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/plain.h"

static void shown(void **state)
{
	static const struct {
		const char *from, *to;
	} texts[] = {
		{ "", "" },
		{ "plain_name.jsonl", "plain_name.jsonl" },
		{ "\033[31mred\a\n\t\177", "?[31mred????" },
		{ "\302\233"
		  "1m",
		  "?1m" }, /* U+009B is ESC [ */
		{ "\302\200\302\237\302\240", "??\302\240" },
		{ "größer → ±5 😀", "größer → ±5 😀" },
		/* A name that was cut within a character, and bytes of no UTF-8 at all. */
		{ "gr\303", "gr?" },
		{ "a\360\237\230", "a???" },
		{ "\377x\200y", "?x?y" },
		{ "\300\257", "??" }, /* too long for what it says */
		{ "\355\240\200", "???" }, /* a surrogate */
		{ "\364\220\200\200", "????" }, /* beyond the last one */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		char text[64];

		strcpy(text, texts[i].from);
		mb_plain(text);
		assert_string_equal(text, texts[i].to);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(shown) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
