/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text as it may be shown: names that others chose move no terminal and spoil no document. */
#ifndef MIGBENCH_CORE_BASE_PLAIN_H
#define MIGBENCH_CORE_BASE_PLAIN_H

#include <stddef.h>

/*
 * The length in bytes of the control character at @at, NUL apart: of ASCII, or one of U+0080 to
 * U+009F in UTF-8, which terminals obey as well. 0: another character.
 */
size_t mb_control(const char *at);

/* Put a '?' in the place of each control character in @text, and of each byte that is no UTF-8. */
void mb_plain(char *text);

#endif
