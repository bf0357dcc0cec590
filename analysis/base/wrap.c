// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines of a given width: for a terminal, and for a mail, where they must arrive as they are. */
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/base/wrap.h"
#include "core/base/plain.h"

static bool begins_character(char byte)
{
	return ((unsigned char)byte & 0xc0) != 0x80;
}

size_t an_width(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += begins_character(*text);
	return count;
}

/* Columns of the first @bytes of @text. */
static size_t columns(const char *text, size_t bytes)
{
	size_t count = 0;

	for (size_t i = 0; i < bytes; i++)
		count += begins_character(text[i]);
	return count;
}

/* Bytes of the word at @text, at least one, that fit into @room columns. */
static size_t part_of(const char *text, size_t length, size_t room)
{
	size_t fits = 0, best = 0, at = 0;

	while (fits < length && (at < room || !begins_character(text[fits]))) {
		at += begins_character(text[fits]);
		fits++;
		if (strchr(",/", text[fits - 1]))
			best = fits;
	}
	if (fits == length)
		return length;
	while (fits > 1 && !begins_character(text[fits]))
		fits--;
	return best ? best : fits;
}

static void put_word(FILE *out, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		size_t control = mb_control(text + i);

		putc(control ? '?' : text[i], out);
		i += control ? control - 1 : 0;
	}
}

void an_wrap(FILE *out, const char *text, size_t width, const char *hang, bool hard)
{
	size_t indent = an_width(hang), at = 0;
	bool begun = false; /* the line has a word */

	while (*text) {
		size_t blanks = strspn(text, " "), length, wide;

		text += blanks;
		length = strcspn(text, " ");
		if (!length)
			break;
		/* "5 %" is one word. */
		if (!strncmp(text + length, " %", 2))
			length += 1 + strcspn(text + length + 1, " ");
		wide = columns(text, length);
		/* Blanks within a line are kept: they may be a table's. */
		if (begun && at + blanks + wide > width) {
			fprintf(out, "\n%s", hang);
			at = indent;
			blanks = 0;
		}
		if (hard && at + blanks + wide > width && width > at + blanks) {
			length = part_of(text, length, width - at - blanks);
			wide = columns(text, length);
		}
		fprintf(out, "%*s", (int)blanks, "");
		put_word(out, text, length);
		at += blanks + wide;
		begun = true;
		text += length;
	}
	putc('\n', out);
}

/* Characters of our own that have another form in ASCII. */
static char ascii_of(const char *text, size_t *length)
{
	static const struct {
		const char *text;
		char ascii;
	} known[] = { { "–", '-' }, { "—", '-' },  { "…", '~' }, { "→", '>' },
		      { "×", 'x' }, { "’", '\'' }, { "“", '"' }, { "”", '"' } };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		*length = strlen(known[i].text);
		if (!strncmp(text, known[i].text, *length))
			return known[i].ascii;
	}
	for (*length = 1; text[*length] && !begins_character(text[*length]); ++*length)
		;
	if (*length == 1 && *text == '\t')
		return ' ';
	return *length == 1 && *text >= ' ' && *text <= '~' ? *text : '?';
}

/* Whether a mailer or git would take a line that begins so for its own. */
static bool is_taken(const char *line)
{
	static const char *const taken[] = { " ", ">", "From ", "---", "diff -", "Index: " };

	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		if (!strncmp(line, taken[i], strlen(taken[i])))
			return true;
	return false;
}

char *an_mailable(const char *text)
{
	size_t length, size = strlen(text), to = 0, line = 0;
	/* Each line may have a dot more. */
	char *mail = mb_alloc(2 * size + 3, 1);

	while (*text) {
		char byte = *text == '\n' ? '\n' : ascii_of(text, &length);

		if (byte == '\n')
			length = 1;
		text += length;
		if (byte != '\n') {
			mail[to++] = byte;
			continue;
		}
		while (to > line && mail[to - 1] == ' ')
			to--;
		mail[to] = '\0';
		if (is_taken(mail + line)) {
			memmove(mail + line + 1, mail + line, to - line);
			mail[line] = '.';
			to++;
		}
		mail[to++] = '\n';
		line = to;
	}
	mail[to] = '\0';
	return mail;
}
