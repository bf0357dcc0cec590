/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mails, one or a box of them, taken apart by git. */
#ifndef MIGBENCH_LAB_DIFF_MAIL_H
#define MIGBENCH_LAB_DIFF_MAIL_H

#include <stdbool.h>

#include "lab/diff/patches.h"

/* Whether @text begins as a mail or a mailbox does. */
bool lab_diff_is_mail(const char *text);

/*
 * Add what each mail in @text says below its headers, decoded, with or without a patch; @label is
 * the file's. Returns MB_OK, or an exit status after one line.
 */
int lab_diff_read_mails(const char *text, const char *label, struct lab_patches *patches);

/* Add one more, which takes over @text. */
struct lab_patch *lab_diff_add(struct lab_patches *patches, char *text);

/* Take the carriage returns from the lines of @text, if its headers end in them. */
void lab_diff_line_feeds(char *text);

#endif
