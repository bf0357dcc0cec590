/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table of texts, printed aligned for a terminal, as Markdown or as CSV. */
#ifndef MIGBENCH_ANALYSIS_BASE_TABLE_H
#define MIGBENCH_ANALYSIS_BASE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct an_table_cell {
	char *text;
	size_t span; /* columns that it reaches over; 0: another one's reaches over this one */
};

struct an_table {
	size_t columns;
	bool *right; /* of each column: figures stand right */
	struct an_table_cell *cells; /* the first row is the heading */
	size_t count, capacity;
};

/* Add a column before any row is there; @right for figures. */
void an_table_column(struct an_table *table, const char *heading, bool right);

/* The next cell, row by row. an_table_take() takes a malloc'd text, NULL for an empty cell. */
void an_table_add(struct an_table *table, const char *text);
void an_table_take(struct an_table *table, char *text);

/*
 * The next @columns cells as one, which begins on the left and widens none of them on a terminal;
 * elsewhere @text stands in the first, and the others are empty.
 */
void an_table_span(struct an_table *table, const char *text, size_t columns);

/* Columns that an_table_text() takes without its indent, but for cells that span. */
size_t an_table_width(const struct an_table *table);

void an_table_text(FILE *out, const struct an_table *table, const char *indent);
void an_table_md(FILE *out, const struct an_table *table);
void an_table_csv(FILE *out, const struct an_table *table, bool heading);
void an_table_free(struct an_table *table);

/* One CSV field as RFC 4180 has it, and a line on the terminal: what a file says steers nothing. */
void an_csv_field(FILE *out, const char *text);
void an_plain(FILE *out, const char *text);

#endif
