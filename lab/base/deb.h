/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Debian packages, read and unpacked without being installed. */
#ifndef MIGBENCH_LAB_BASE_DEB_H
#define MIGBENCH_LAB_BASE_DEB_H

/*
 * Unpack all files of the package at @path below the existing @folder, with their modes and times. A
 * link to an absolute path leads to that path below @folder.
 * Returns 0, or -1 with the reason, malloc'd, in *@why; NULL when we were interrupted.
 */
int lab_deb_unpack(const char *path, const char *folder, char **why);

/* Unpack all packages of the folder @debs below @root. Returns MB_OK, or MB_MACHINE after one line. */
int lab_deb_unpack_all(const char *debs, const char *root);

/*
 * The value of @field ("Depends") in the package at @path, malloc'd; "" where it has no such field,
 * NULL where it can't be read.
 */
char *lab_deb_field(const char *path, const char *field);

#endif
