/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The series of kernels (6.1, 6.12, 7.2) of which suites have the source. */
#ifndef MIGBENCH_LAB_KERNEL_SERIES_H
#define MIGBENCH_LAB_KERNEL_SERIES_H

#include <stdbool.h>

#include "lab/kernel/apt.h"

/* Whether @package is @head ("linux-source-") and a series, and nothing more. */
bool lab_series_is(const char *package, const char *head);

/* The head of @package, "linux-source-" of "linux-source-6.1"; malloc'd. "" without a dash. */
char *lab_series_head(const char *package);

/* Add those packages of @head and a series that the suites have, the oldest first. */
void lab_series_list(const struct lab_apt *apt, const char *head, struct mb_list *packages);

/* Sort such names, the oldest first. */
void lab_series_sort(struct mb_list *packages);

#endif
