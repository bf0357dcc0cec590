// SPDX-License-Identifier: GPL-2.0-or-later
/* git mailsplit and git mailinfo, and what they made of a mailbox. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/base/spawn.h"
#include "lab/diff/mail.h"
#include "lab/diff/names.h"
#include "lab/diff/tool.h"

struct lab_patch *lab_diff_add(struct lab_patches *patches, char *text)
{
	size_t length = strlen(text);

	/* git wants the last line to have its end; an editor may have taken it. */
	if (length && text[length - 1] != '\n') {
		text = mb_resize(text, length + 2, 1);
		strcpy(text + length, "\n");
	}
	patches->at = mb_resize(patches->at, patches->count + 1, sizeof(*patches->at));
	patches->at[patches->count] = (struct lab_patch){ .text = text };
	return &patches->at[patches->count++];
}

void lab_diff_line_feeds(char *text)
{
	static const char *const heads[] = { "--- ", "+++ ", "@@ -", "diff ", "***************" };
	bool has = false, all = true;
	char *to = text;

	/* Of a system where nothing else ended a line. */
	for (char *p = strchr(text, '\n') ? text + strlen(text) : text; *p; p++)
		if (*p == '\r')
			*p = '\n';
	for (const char *line = text; *line; line = lab_diff_next(line))
		for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
			if (!strncmp(line, heads[i], strlen(heads[i]))) {
				size_t length = strcspn(line, "\n");

				has = true;
				all = all && line[length - 1] == '\r';
			}
	/* Where the headers have none, those below are of the files themselves. */
	if (has ? !all : !strstr(text, "\r\n"))
		return;
	for (const char *from = text; *from; from++)
		if (from[0] != '\r' || from[1] != '\n')
			*to++ = *from;
	*to = '\0';
}

bool lab_diff_is_mail(const char *text)
{
	static const char *const known[] = { "From:", "Subject:", "Date:", "Message-ID:" };
	bool is = false;

	if (!strncmp(text, "From ", 5) || !strncmp(text, ">From ", 6))
		return true;
	for (const char *line = text; *line && *line != '\n' && *line != '\r';
	     line = lab_diff_next(line)) {
		size_t length = 0;

		if (*line == ' ' || *line == '\t')
			continue;
		while (line[length] > ' ' && line[length] < 127 && line[length] != ':')
			length++;
		if (!length || line[length] != ':')
			return false;
		for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
			is = is || !strncasecmp(line, known[i], strlen(known[i]));
	}
	return is;
}

/* The rest of the line in @said that begins with @head; malloc'd, "" without one. */
static char *header(const char *said, const char *head)
{
	for (const char *line = said ? said : ""; *line; line = lab_diff_next(line))
		if (!strncmp(line, head, strlen(head))) {
			line += strlen(head);
			return mb_format("%.*s", (int)strcspn(line, "\n"), line);
		}
	return mb_strdup("");
}

/* The line of @whole in which @part begins, looked for from *@from on, which moves behind it. */
static unsigned long find_line(const char *whole, const char **from, const char *part)
{
	size_t length = strlen(part);
	unsigned long line = 1;
	const char *found;

	while (length && part[length - 1] == '\n')
		length--;
	found = length ? memmem(*from, strlen(*from), part, length) : NULL;
	if (!found)
		return 0;
	for (const char *p = whole; p < found; p++)
		line += *p == '\n';
	*from = found + length;
	return line;
}

/* A mail that says all of it twice says it as a web page the second time. */
static void drop_page(const char *mail, char *text)
{
	char *whole = mb_read_file(mail, NULL), *line = text;

	bool twice = whole && strcasestr(whole, "multipart/alternative");

	while (twice && *line) {
		if (*line == '<' && (line[1] == '!' || isalpha((unsigned char)line[1])))
			*line = '\0';
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	free(whole);
}

/* One mail in a file of its own. */
static int read_mail(const char *mail, struct lab_patches *patches)
{
	struct mb_list words = { 0 };
	char *body = mb_format("%s.body", mail), *diff = mb_format("%s.diff", mail);
	char *said = NULL, *text = NULL, *above = NULL;
	struct lab_patch *patch;
	int status = MB_OK;

	mb_list_add(&words, "git");
	mb_list_add(&words, "mailinfo");
	mb_list_add(&words, "-k");
	mb_list_add(&words, "-n");
	mb_list_add(&words, "%s", body);
	mb_list_add(&words, "%s", diff);
	if (lab_diff_run(&words, NULL, mail, &said) || !(text = mb_read_file(diff, NULL)) ||
	    !(above = mb_read_file(body, NULL))) {
		status = MB_REQUEST;
		free(text);
	} else {
		/* What no diff -u and no git begins stands above what they begin. */
		if (!lab_diff_has(text) || lab_diff_is_context(above)) {
			char *all = mb_format("%s%s", above, text);

			free(text);
			text = all;
		}
		drop_page(mail, text);
		lab_diff_line_feeds(text);
		patch = lab_diff_add(patches, text);
		patch->subject = header(said, "Subject: ");
	}
	free(above);
	free(said);
	free(diff);
	free(body);
	return status;
}

/* The mails of @path as files 0001, 0002 … in @folder. */
static bool split(const char *path, const char *folder)
{
	struct mb_list words = { 0 };

	mb_list_add(&words, "git");
	mb_list_add(&words, "mailsplit");
	mb_list_add(&words, "-b");
	mb_list_add(&words, "-d6");
	mb_list_add(&words, "-o%s", folder);
	mb_list_add(&words, "%s", path);
	return !lab_diff_run(&words, NULL, NULL, NULL);
}

static int read_all(const char *text, const char *label, const struct mb_list *names,
		    const char *folder, struct lab_patches *patches)
{
	const char *from = text;

	for (size_t i = 0; i < names->count; i++) {
		char *mail = mb_format("%s/%s", folder, names->at[i]);
		int status = read_mail(mail, patches);
		struct lab_patch *patch;

		free(mail);
		if (status)
			return lab_interrupted ? MB_MACHINE
					       : mb_fail(MB_REQUEST,
							 "--patch %s: git can't read its mail %zu",
							 label, i + 1);
		patch = &patches->at[patches->count - 1];
		patch->line = find_line(text, &from, patch->text);
		patch->label = names->count == 1 ? mb_strdup(label)
						 : mb_format("%s, mail %zu", label, i + 1);
	}
	return MB_OK;
}

int lab_diff_read_mails(const char *text, const char *label, struct lab_patches *patches)
{
	const char *scratch = lab_diff_scratch();
	static unsigned int boxes;
	char *folder, *path;
	struct mb_list names = { 0 };
	int status = MB_OK;

	if (!scratch)
		return MB_MACHINE;
	folder = mb_format("%s/mails-%u", scratch, boxes++);
	path = mb_format("%s.mbox", folder);
	if (mb_make_folders(folder) || mb_write_file(path, text, strlen(text)))
		status = mb_fail(MB_MACHINE, "%s: %m", folder);
	else if (!split(path, folder))
		status = lab_interrupted ? MB_MACHINE
					 : mb_fail(MB_REQUEST,
						   "--patch %s: git can't read its mails", label);
	if (!status) {
		mb_names_in(folder, "", &names);
		status = read_all(text, label, &names, folder, patches);
	}
	mb_list_free(&names);
	free(path);
	free(folder);
	return status;
}
