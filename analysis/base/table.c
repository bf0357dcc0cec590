// SPDX-License-Identifier: GPL-2.0-or-later
/* A table of texts, printed for a terminal, as Markdown or as CSV. */
#include <stdlib.h>
#include <string.h>

#include "analysis/base/table.h"
#include "analysis/base/text.h"
#include "analysis/base/wrap.h"
#include "core/base/plain.h"

void an_table_take(struct an_table *table, char *text)
{
	table->cells = mb_grow(table->cells, &table->capacity, table->count, sizeof(*table->cells));
	table->cells[table->count++] =
		(struct an_table_cell){ .text = text ? text : mb_strdup(""), .span = 1 };
}

void an_table_span(struct an_table *table, const char *text, size_t columns)
{
	size_t first = table->count;

	an_table_add(table, text);
	table->cells[first].span = columns;
	while (table->count < first + columns) {
		an_table_add(table, "");
		table->cells[table->count - 1].span = 0;
	}
}

void an_table_add(struct an_table *table, const char *text)
{
	an_table_take(table, mb_strdup(text));
}

void an_table_column(struct an_table *table, const char *heading, bool right)
{
	bool *sides = mb_alloc(table->columns + 1, sizeof(*sides));

	if (table->columns)
		memcpy(sides, table->right, table->columns * sizeof(*sides));
	free(table->right);
	table->right = sides;
	table->right[table->columns++] = right;
	an_table_add(table, heading);
}

void an_plain(FILE *out, const char *text)
{
	for (; *text; text++) {
		size_t control = mb_control(text);

		putc(control ? '?' : *text, out);
		text += control ? control - 1 : 0;
	}
}

/* Columns of text from @column on, @span of them with what is between. */
static size_t width_of(const size_t *widths, size_t column, size_t span)
{
	size_t sum = 2 * (span - 1);

	for (size_t i = 0; i < span; i++)
		sum += widths[column + i];
	return sum;
}

/* Of each column, malloc'd. */
static size_t *find_widths(const struct an_table *table)
{
	size_t *widths = mb_alloc(table->columns, sizeof(*widths));

	for (size_t i = 0; i < table->count; i++)
		if (table->cells[i].span == 1 &&
		    an_width(table->cells[i].text) > widths[i % table->columns])
			widths[i % table->columns] = an_width(table->cells[i].text);
	return widths;
}

size_t an_table_width(const struct an_table *table)
{
	size_t *widths = find_widths(table), sum = width_of(widths, 0, table->columns);

	free(widths);
	return sum;
}

void an_table_text(FILE *out, const struct an_table *table, const char *indent)
{
	size_t *widths = find_widths(table);

	for (size_t i = 0; i < table->count; i++) {
		const struct an_table_cell *cell = &table->cells[i];
		size_t column = i % table->columns, room, used;
		bool last = column + cell->span == table->columns, right;
		int pad;

		if (!cell->span)
			continue;
		room = width_of(widths, column, cell->span);
		used = an_width(cell->text);
		pad = used < room ? (int)(room - used) : 0;
		right = cell->span == 1 && table->right[column];
		fputs(column ? "  " : indent, out);
		if (right)
			fprintf(out, "%*s", pad, "");
		an_plain(out, cell->text);
		if (last)
			putc('\n', out);
		else if (!right)
			fprintf(out, "%*s", pad, "");
	}
	free(widths);
}

void an_table_md(FILE *out, const struct an_table *table)
{
	for (size_t i = 0; i < table->count; i++) {
		size_t column = i % table->columns;

		fputs(column ? " " : "| ", out);
		an_md(out, table->cells[i].text);
		fputs(" |", out);
		if (column + 1 < table->columns)
			continue;
		putc('\n', out);
		if (i + 1 > table->columns)
			continue;
		for (size_t c = 0; c < table->columns; c++)
			fprintf(out, "%s%s|", c ? "" : "|", table->right[c] ? "--:" : "---");
		putc('\n', out);
	}
}

void an_csv_field(FILE *out, const char *text)
{
	if (!strpbrk(text, ",\"\r\n")) {
		fputs(text, out);
		return;
	}
	putc('"', out);
	for (; *text; text++) {
		if (*text == '"')
			putc('"', out);
		putc(*text, out);
	}
	putc('"', out);
}

void an_table_csv(FILE *out, const struct an_table *table, bool heading)
{
	for (size_t i = heading ? 0 : table->columns; i < table->count; i++) {
		an_csv_field(out, table->cells[i].text);
		putc((i + 1) % table->columns ? ',' : '\n', out);
	}
}

void an_table_free(struct an_table *table)
{
	for (size_t i = 0; i < table->count; i++)
		free(table->cells[i].text);
	free(table->cells);
	free(table->right);
	*table = (struct an_table){ 0 };
}
