// SPDX-License-Identifier: GPL-2.0-or-later
/* Files, folders and the standard input, read into patches in their order. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/base/spawn.h"
#include "lab/diff/damage.h"
#include "lab/diff/mail.h"
#include "lab/diff/names.h"
#include "lab/diff/sort.h"
#include "lab/diff/tool.h"

#define STDIN "-"

/* What of its first bytes makes a file none that holds lines. NULL: nothing. */
static const char *foreign(const char *data, size_t length)
{
	static const struct {
		const char *magic;
		size_t length;
		const char *cause;
	} kinds[] = {
		{ "\x1f\x8b", 2, "is compressed: give what gunzip makes of it" },
		{ "\xfd"
		  "7zXZ",
		  5, "is compressed: give what unxz makes of it" },
		{ "BZh", 3, "is compressed: give what bunzip2 makes of it" },
		{ "\x28\xb5\x2f\xfd", 4, "is compressed: give what unzstd makes of it" },
		{ "PK\3\4", 4, "is a zip archive: unpack it" },
		{ "\xff\xfe", 2, "is UTF-16: give what iconv -f UTF-16 -t UTF-8 makes of it" },
		{ "\xfe\xff", 2, "is UTF-16: give what iconv -f UTF-16 -t UTF-8 makes of it" },
	};

	if (strspn(data, " \t\r\n") == length)
		return "is empty";
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (length >= kinds[i].length && !memcmp(data, kinds[i].magic, kinds[i].length))
			return kinds[i].cause;
	if (strlen(data) != length)
		return "is binary, and no text";
	return NULL;
}

/* How much of each line stands before a patch that is shifted to the right as a whole; 0: none. */
static size_t shift(const char *text)
{
	for (const char *line = text; *line; line = lab_diff_next(line)) {
		size_t blanks = strspn(line, " \t");
		const char *next = lab_diff_next(line);

		if (blanks &&
		    (!strncmp(line + blanks, "diff --git ", 11) ||
		     (!strncmp(line + blanks, "--- ", 4) && !strncmp(next, line, blanks) &&
		      !strncmp(next + blanks, "+++ ", 4))))
			return blanks;
	}
	return 0;
}

/* Whether dashes at the beginnings of lines have another one before them. */
static bool is_signed(const char *text)
{
	for (const char *line = text; *line; line = lab_diff_next(line))
		if (!strncmp(line, "- --- ", 6) && !strncmp(lab_diff_next(line), "+++ ", 4))
			return true;
	return false;
}

/* Take @count characters, or "- " before a dash, from the beginnings of lines. */
static void take_off(char *text, size_t count)
{
	const char *from = text;
	char *to = text;

	while (*from) {
		const char *next = lab_diff_next(from);

		if (count)
			from += strspn(from, " \t") < count ? strspn(from, " \t") : count;
		else if (!strncmp(from, "- -", 3))
			from += 2;
		memmove(to, from, (size_t)(next - from));
		to += next - from;
		from = next;
	}
	*to = '\0';
}

/*
 * patch(1) reads what is shifted to the right, or signed as RFC 934 has it. So do we, where there is
 * nothing else: many a cover letter shows a patch in that way.
 */
static void unwrap(struct lab_patches *patches)
{
	for (size_t i = 0; i < patches->count; i++)
		if (is_signed(patches->at[i].text))
			take_off(patches->at[i].text, 0);
	for (size_t i = 0; i < patches->count; i++)
		if (lab_diff_has(patches->at[i].text))
			return;
	for (size_t i = 0; i < patches->count; i++) {
		char *text = patches->at[i].text;
		size_t count = shift(text);

		if (lab_diff_is_cover(patches->at[i].subject))
			continue;
		if (count)
			take_off(text, count);
	}
}

static int take(const char *label, const char *data, size_t length, struct lab_patches *patches)
{
	const char *cause = foreign(data, length);
	size_t skip = !strncmp(data, "\xef\xbb\xbf", 3) ? 3 : 0;
	int status = MB_OK;
	char *text;

	if (cause)
		return mb_fail(MB_REQUEST, "--patch %s: %s", label, cause);
	skip += strspn(data + skip, "\r\n");
	text = mb_strdup(data + skip);
	lab_diff_line_feeds(text);
	if (lab_diff_is_mail(text)) {
		status = lab_diff_read_mails(text, label, patches);
		free(text);
	} else {
		struct lab_patch *patch = lab_diff_add(patches, text);

		patch->label = mb_strdup(label);
		patch->line = 1;
		for (const char *p = data; p < data + skip; p++)
			patch->line += *p == '\n';
	}
	return status;
}

/* All of the standard input, whatever it is; malloc'd. NULL: errno. */
static char *read_stdin(size_t *length)
{
	char *text = NULL, some[4096];
	FILE *out = mb_text_open(&text, length);
	size_t got;

	while ((got = fread(some, 1, sizeof(some), stdin)) > 0)
		fwrite(some, 1, got, out);
	mb_text_close(out);
	if (ferror(stdin)) {
		free(text);
		text = NULL;
	}
	return text;
}

static int read_file(const char *path, struct lab_patches *patches)
{
	bool in = !strcmp(path, STDIN);
	size_t length;
	char *data = in ? read_stdin(&length) : mb_read_file(path, &length);
	int status;

	if (!data)
		return mb_fail(MB_REQUEST, "--patch %s: %m", path);
	status = take(in ? "- (standard input)" : path, data, length, patches);
	free(data);
	return status;
}

/* quilt's list of what is to be applied, in its order. */
static void read_series(const char *folder, struct mb_list *names)
{
	char *path = mb_format("%s/series", folder), *text = mb_read_file(path, NULL);

	for (const char *line = text ? text : ""; *line; line = lab_diff_next(line)) {
		size_t length = strcspn(line, " \t\r\n");

		if (length && *line != '#')
			mb_list_add(names, "%.*s", (int)length, line);
	}
	free(text);
	free(path);
}

/* Mails of an MH folder, or of git format-patch --numbered-files. */
static void list_numbers(const char *folder, struct mb_list *names)
{
	struct mb_list all = { 0 };

	mb_names_in(folder, "", &all);
	for (size_t i = 0; i < all.count; i++)
		if (!all.at[i][strspn(all.at[i], "0123456789")])
			mb_list_add(names, "%s", all.at[i]);
	mb_list_free(&all);
}

/* 9 before 10; names of equally many digits stand as strcmp() has them. */
static int by_name(const void *a, const void *b)
{
	return strverscmp(*(char *const *)a, *(char *const *)b);
}

static void list_folder(const char *folder, struct mb_list *names)
{
	static const char *const tails[] = { ".patch", ".diff", ".mbox", ".mbx", ".eml" };
	/* A maildir's. */
	static const char *const boxes[] = { "cur", "new" };

	read_series(folder, names);
	if (names->count)
		return;
	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		struct mb_list some = { 0 };

		mb_names_in(folder, tails[i], &some);
		for (size_t j = 0; j < some.count; j++)
			mb_list_add(names, "%s%s", some.at[j], tails[i]);
		mb_list_free(&some);
	}
	if (!names->count)
		list_numbers(folder, names);
	for (size_t i = 0; i < 2 && !names->count; i++) {
		char *box = mb_format("%s/%s", folder, boxes[i]);
		struct mb_list some = { 0 };

		mb_names_in(box, "", &some);
		for (size_t j = 0; j < some.count; j++)
			mb_list_add(names, "%s/%s", boxes[i], some.at[j]);
		mb_list_free(&some);
		free(box);
	}
	if (names->count)
		qsort(names->at, names->count, sizeof(*names->at), by_name);
}

static int read_folder(const char *folder, struct lab_patches *patches)
{
	struct mb_list names = { 0 };
	int status = MB_OK;

	list_folder(folder, &names);
	if (!names.count)
		status = mb_fail(MB_REQUEST,
				 "--patch %s: a folder without *.patch, *.diff, *.mbox or *.eml",
				 folder);
	for (size_t i = 0; !status && i < names.count; i++) {
		char *path = mb_format("%s/%s", folder, names.at[i]);

		status = read_file(path, patches);
		free(path);
	}
	mb_list_free(&names);
	return status;
}

/* Whether git, or patch(1) in its place, reads a patch of either kind of names. */
static int judge(const struct lab_patch *patch)
{
	struct lab_diff_how how = { .strip = 1 };
	char *cause, *said = NULL;
	int status = MB_OK;
	bool reads;

	cause = lab_diff_has(patch->text) ? lab_diff_damage(patch) : lab_diff_no_patch(patch);
	if (!cause && !patch->context) {
		reads = lab_diff_tool(patch, &how, &said);
		if (!reads && said) {
			how.strip = 0;
			reads = lab_diff_tool(patch, &how, NULL);
		}
		/* It could not be asked, which has been said. */
		if (!reads && (!said || lab_interrupted))
			status = MB_MACHINE;
		else if (!reads && strstr(said, "No valid patches"))
			cause = mb_strdup("names files and holds no hunk of theirs (@@)");
		else if (!reads)
			cause = mb_format("git can't read it: %.*s", (int)strcspn(said, "\n"),
					  said);
	}
	if (cause)
		status = mb_fail(MB_REQUEST, "--patch %s: %s", patch->label, cause);
	free(said);
	free(cause);
	return status;
}

static int read_operand(const char *operand, bool alone, struct lab_patches *patches)
{
	struct lab_patches some = { 0 };
	struct stat st;
	int status;

	status = !stat(operand, &st) && S_ISDIR(st.st_mode) ? read_folder(operand, &some)
							    : read_file(operand, &some);
	if (!status) {
		unwrap(&some);
		lab_diff_sort(&some, alone);
	}
	for (size_t i = 0; !status && i < some.count; i++) {
		some.at[i].context = lab_diff_is_context(some.at[i].text);
		status = judge(&some.at[i]);
	}
	patches->at = mb_resize(patches->at, patches->count + some.count, sizeof(*patches->at));
	if (some.count)
		memcpy(patches->at + patches->count, some.at, some.count * sizeof(*some.at));
	patches->count += some.count;
	free(some.at);
	return status;
}

int lab_patches_read(const struct mb_strings *operands, bool reverse, struct lab_patches *patches)
{
	int status = MB_OK;

	*patches = (struct lab_patches){ .reverse = reverse };
	if (operands->count && !lab_have_program("git"))
		return mb_fail(MB_MACHINE, "git is not installed; on Debian: apt-get install git");
	for (size_t i = 0; !status && i < operands->count; i++)
		status = read_operand(operands->at[i], operands->count == 1, patches);
	if (!status && operands->count) {
		if (!patches->count)
			return mb_fail(MB_REQUEST, "--patch %s: holds no patch", operands->at[0]);
		patches->name = lab_diff_word(operands->at[0], patches->at[0].subject);
	}
	return status;
}

void lab_patches_free(struct lab_patches *patches)
{
	for (size_t i = 0; i < patches->count; i++) {
		free(patches->at[i].label);
		free(patches->at[i].subject);
		free(patches->at[i].text);
	}
	free(patches->at);
	free(patches->name);
	*patches = (struct lab_patches){ 0 };
}
