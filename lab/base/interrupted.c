// SPDX-License-Identifier: GPL-2.0-or-later
/* The command that goes on where an interrupted one stopped. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/quote.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/base/interrupted.h"
#include "lab/base/self.h"

static bool has(int argc, char *const *argv, const char *option)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--"); i++)
		if (lab_self_option(argv[i], option))
			return true;
	return false;
}

static void put_word(FILE *out, const char *word)
{
	fputc(' ', out);
	mb_put_word(out, word);
}

static char *into;

void lab_interrupted_folder(const char *place)
{
	free(into);
	into = mb_strdup(place);
}

void lab_interrupted_say(int argc, char *const *argv)
{
	const char *command = argc > 1 ? argv[1] : "";
	/* A run goes on in the file that it was told to write; others go on by themselves. */
	bool run = !strcmp(command, "run"), resumes = run && (into || has(argc, argv, "--out"));
	bool bisect = !strcmp(command, "bisect"), kernel = !strcmp(command, "kernel");
	bool judges = !strcmp(command, "ab") || !strcmp(command, "gate");
	bool campaign = !strcmp(command, "campaign");
	bool goes_on = resumes || bisect || kernel || judges || campaign;
	bool program = false;
	char *text;
	size_t size;
	FILE *out;

	out = mb_text_open(&text, &size);
	if (bisect && has(argc, argv, "--good"))
		fputs(" git bisect reset &&", out);
	else if (bisect)
		fputs(" git bisect run", out);
	fputs(" migbench lab", out);
	for (int i = 1; i < argc; i++) {
		program = program || !strcmp(argv[i], "--");
		if (!program && (resumes || judges) && lab_self_option(argv[i], "--force"))
			continue;
		put_word(out, argv[i]);
		if (i == 1 && resumes && !has(argc, argv, "--resume"))
			put_word(out, "--resume");
		if (i == 1 && into && !has(argc, argv, "--out")) {
			put_word(out, "--out");
			put_word(out, into);
		}
	}
	mb_text_close(out);
	mb_fail(MB_MACHINE, "lab %s: interrupted; to %s:%s", command,
		goes_on ? "go on" : "begin again", text);
	free(text);
}
