// SPDX-License-Identifier: GPL-2.0-or-later
/* What the tables of a page share, in text or in Markdown. */
#include <stdlib.h>

#include "analysis/base/text.h"
#include "analysis/base/wrap.h"
#include "analysis/compare/page.h"

void an_page_line(bool md, char *text, const char *hang)
{
	if (md) {
		an_md(stdout, text);
		putchar('\n');
	} else {
		an_wrap(stdout, text, AN_TERMINAL, hang, false);
	}
	free(text);
}

void an_page_table(const struct an_table *table, bool md)
{
	if (md)
		an_table_md(stdout, table);
	else
		an_table_text(stdout, table, "  ");
}

void an_page_title(const struct an_group *group, bool md)
{
	char *shared = an_group_words(group);

	putchar('\n');
	if (md) {
		fputs("**", stdout);
		an_md(stdout, group->benchmark);
		fputs(*shared ? "**: " : "**", stdout);
		an_md(stdout, shared);
		fputs("\n\n", stdout);
	} else {
		an_page_line(md, mb_format("%s%s%s", group->benchmark, *shared ? ": " : "", shared),
			     "  ");
	}
	free(shared);
}

void an_page_keys(struct an_table *table, const struct an_group *group, size_t from)
{
	for (size_t k = from; k < group->key_count; k++)
		an_table_column(table, group->keys[k], an_group_number(group, group->keys[k]));
}

void an_page_params(struct an_table *table, const struct an_row *row, size_t from)
{
	for (size_t k = from; k < row->key_count; k++)
		an_table_take(table, an_param_words(row->point, row->keys[k]));
}
