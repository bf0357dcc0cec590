/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tables of a page share, in text or in Markdown. */
#ifndef MIGBENCH_ANALYSIS_COMPARE_PAGE_H
#define MIGBENCH_ANALYSIS_COMPARE_PAGE_H

#include "analysis/base/table.h"
#include "analysis/compare/compare.h"
#include "analysis/select/groups.h"

/* A paragraph; on a terminal in lines of its width, with @hang before each but the first. Frees it. */
void an_page_line(bool md, char *text, const char *hang);

/* "migrate: state exclusive, nodes 0>1", a paragraph. */
void an_page_title(const struct an_group *group, bool md);

/* A column for each parameter that varies in @group, from @from on, and a row's values of them. */
void an_page_keys(struct an_table *table, const struct an_group *group, size_t from);
void an_page_params(struct an_table *table, const struct an_row *row, size_t from);

void an_page_table(const struct an_table *table, bool md);

#endif
