/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a report is made from, put beside it, so that others can check and repeat it. */
#ifndef MIGBENCH_ANALYSIS_REPORT_ORIGINALS_H
#define MIGBENCH_ANALYSIS_REPORT_ORIGINALS_H

#include <stdbool.h>

#include "analysis/plot/staging.h"
#include "core/base/list.h"

/*
 * Can @files go to @folder under their own names? Without @force none may be there, but for those
 * that lie there already. MB_OK, or MB_REQUEST after one line on stderr.
 */
int an_originals_check(const struct mb_list *files, const char *folder, bool force);

/*
 * Copy into the hidden folder of @stage those that do not lie in its output folder; and, when the report
 * is in place, move them there. MB_OK, or MB_REQUEST or MB_MACHINE after one line on stderr.
 */
int an_originals_copy(const struct mb_list *files, const struct an_staging *stage);
int an_originals_publish(const struct mb_list *files, const struct an_staging *stage);

#endif
