// SPDX-License-Identifier: GPL-2.0-or-later
/* What of a foreign text is shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/plain.h"
#include "core/base/quote.h"
#include "core/base/say.h"
#include "core/base/text.h"

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

static void quoted(void **state)
{
	static const struct {
		const char *from, *to;
	} words[] = {
		{ "", "''" },
		{ "a/b=1,2.jsonl", "a/b=1,2.jsonl" },
		{ "a b\\n", "'a b\\n'" },
		{ "it's", "'it'\\''s'" },
		{ "größe", "'größe'" },
		{ "\033[1m'\\", "$'\\033[1m\\047\\134'" },
		{ "ä\n\302\233", "$'\\303\\244\\012\\302\\233'" },
		{ "\377", "$'\\377'" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		char *text;
		size_t size;
		FILE *out = mb_text_open(&text, &size);

		mb_put_word(out, words[i].from);
		mb_text_close(out);
		assert_string_equal(text, words[i].to);
		free(text);
	}
}

static void said(void **state)
{
	char *text;
	size_t size;
	FILE *out = mb_text_open(&text, &size);

	(void)state;
	mb_say(out, "%s: %d", "a\033b\n", 3);
	mb_text_close(out);
	assert_string_equal(text, "a?b?: 3\n");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(shown), cmocka_unit_test(quoted),
					    cmocka_unit_test(said) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
