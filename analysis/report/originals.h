/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a report is made from, put beside it, so that others can check and repeat it. */
#ifndef MIGBENCH_ANALYSIS_REPORT_ORIGINALS_H
#define MIGBENCH_ANALYSIS_REPORT_ORIGINALS_H

#include <stdbool.h>

#include "core/base/list.h"

/*
 * Can @files go to @folder under their own names? Without @force none may be there, but for those
 * that lie there already. MB_OK, or MB_REQUEST after one line on stderr.
 */
int an_originals_check(const struct mb_list *files, const char *folder, bool force);

/* Copy them. MB_OK, or MB_REQUEST after one line on stderr. */
int an_originals_copy(const struct mb_list *files, const char *folder);

#endif
