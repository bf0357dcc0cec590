/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What two kernels touch, in one line. */
#ifndef MIGBENCH_LAB_PATCH_TOUCHED_H
#define MIGBENCH_LAB_PATCH_TOUCHED_H

/*
 * "2.87 -> 3.87 lines (+1.00, …", a page, of the profile of two kernels at @path, malloc'd in *@text.
 * MB_OK, or MB_MACHINE after one line.
 */
int lab_touched(const char *path, char **text);

#endif
