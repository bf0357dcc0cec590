/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Packages of another suite than the machine's own (its backports, another release), had through
 * the machine's own apt sources: copies with the suite's name changed, and a state of their own.
 * Nothing is installed and nothing of the system's changes; no root is needed.
 */
#ifndef MIGBENCH_LAB_KERNEL_APT_H
#define MIGBENCH_LAB_KERNEL_APT_H

#include <stdbool.h>
#include <stdio.h>

#include "lab/base/files.h"

/* All zero but the log: the machine's own suites, as apt-get update left their lists. */
struct lab_apt {
	char *suite;
	char *folder; /* goes away with the program */
	FILE *log; /* what apt says */
};

/* VERSION_CODENAME of this machine's release, malloc'd; NULL: it names none. */
char *lab_apt_codename(void);

/*
 * Fetch the package lists of @suite ("bookworm-backports", "bullseye-security", "trixie") and of
 * the machine's own suites. Returns MB_OK, or MB_MACHINE: after one line, or without any when
 * interrupted. lab_apt_close() is right in both cases.
 */
int lab_apt_open(struct lab_apt *apt, const char *suite, FILE *log);
void lab_apt_close(struct lab_apt *apt);

/* The newest version of @package in the suite, malloc'd; NULL: it has none. */
char *lab_apt_version(const struct lab_apt *apt, const char *package);

/* The packages whose names match the extended regular expression @pattern, in no order. */
void lab_apt_search(const struct lab_apt *apt, const char *pattern, struct lab_list *names);

/* What is downloaded with a package. */
enum lab_apt_with {
	LAB_APT_ALONE,
	LAB_APT_MISSING, /* what it needs and this machine has not installed */
	LAB_APT_ALL, /* what it needs, as on a machine that has nothing */
};

/*
 * Download @packages of the suite into the existing folder @into as .deb files. Returns as
 * lab_apt_open() does.
 */
int lab_apt_download(const struct lab_apt *apt, const struct lab_list *packages,
		     enum lab_apt_with with, const char *into);

/*
 * The text of an apt source file (@deb822: .sources, else .list) with @suite in place of the
 * machine's: its entries of the same kind (security or main archive) and no others; malloc'd.
 */
char *lab_apt_retarget(const char *text, bool deb822, const char *suite);

#endif
