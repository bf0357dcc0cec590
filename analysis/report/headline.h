/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The findings of the first page: the newest kernel's first, of these the largest and surest. */
#ifndef MIGBENCH_ANALYSIS_REPORT_HEADLINE_H
#define MIGBENCH_ANALYSIS_REPORT_HEADLINE_H

#include "analysis/report/answers.h"
#include "analysis/report/report.h"

#define AN_HEAD_FINDINGS 5

/*
 * Fill @head with AN_HEAD_FINDINGS at most. They speak of the rows of the first page's table, of no
 * difference within its doubt, and of one clock each; where these are fewer, what a run says by itself
 * follows.
 */
void an_head_findings(const struct an_report *report, struct an_findings *head);

/*
 * kept_bits.c: what keeping accessed and dirty bits saves a move through system memory and reclaim, on the newest kernel
 * that has the switch; malloc'd, NULL if nothing. @size as of a change.
 */
char *an_headline_refaults(const struct an_answers *answers, double *size);

/*
 * kept_bits.c: what keeping accessed bits saves the first read after a move, on CPUs with and without
 * an update of their own; malloc'd, NULL if it saves nothing anywhere. @size as of a change.
 */
char *an_headline_touches(const struct an_answers *answers, double *size);

#endif
