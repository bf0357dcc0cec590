// SPDX-License-Identifier: GPL-2.0-or-later
/* What the tables of a page share, in text or in Markdown. */
#include <stdlib.h>

#include "analysis/base/text.h"
#include "analysis/compare/page.h"

static void say(bool md, const char *text)
{
	(md ? an_md : an_plain)(stdout, text);
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

	fputs(md ? "\n**" : "\n", stdout);
	say(md, group->benchmark);
	fputs(md ? "**" : "", stdout);
	if (*shared)
		fputs(": ", stdout);
	say(md, shared);
	fputs(md ? "\n\n" : "\n", stdout);
	free(shared);
}

void an_page_keys(struct an_table *table, const struct an_group *group)
{
	for (size_t k = 0; k < group->key_count; k++)
		an_table_column(table, group->keys[k], an_group_number(group, group->keys[k]));
}

void an_page_params(struct an_table *table, const struct an_row *row)
{
	for (size_t k = 0; k < row->key_count; k++)
		an_table_take(table, an_param_words(row->point, row->keys[k]));
}
