// SPDX-License-Identifier: GPL-2.0-or-later
/* A word as a shell takes it. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/quote.h"
#include "core/base/say.h"

/* Of bytes that are no text nobody can tell which ones a terminal obeys: all but ASCII's own signs are spelt. */
static void put_spelt(FILE *out, const char *word)
{
	fputs("$'", out);
	for (; *word; word++)
		if (*word < ' ' || *word > '~' || *word == '\'' || *word == '\\')
			fprintf(out, "\\%03o", (unsigned char)*word);
		else
			fputc(*word, out);
	fputc('\'', out);
}

void mb_put_word(FILE *out, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "%+,-./:=@_";
	bool plain_text;
	char *shown;

	if (*word && !word[strspn(word, plain)]) {
		fputs(word, out);
		return;
	}
	shown = mb_shown(word);
	plain_text = !strcmp(shown, word);
	free(shown);
	if (!plain_text) {
		put_spelt(out, word);
		return;
	}
	fputc('\'', out);
	for (; *word; word++)
		if (*word == '\'')
			fputs("'\\''", out);
		else
			fputc(*word, out);
	fputc('\'', out);
}
