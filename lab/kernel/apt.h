/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Packages of another suite than the machine's own (its backports, another release), had through
 * the machine's own apt sources: copies with the suite's name changed, and a state of their own.
 * Nothing is installed and nothing of the system's changes; no root is needed. Names are compared
 * in full: apt itself takes a name that no package has for a pattern.
 */
#ifndef MIGBENCH_LAB_KERNEL_APT_H
#define MIGBENCH_LAB_KERNEL_APT_H

#include <stdbool.h>
#include <stdio.h>

#include "core/base/list.h"

/* All zero but the log: the machine's own suites, as apt-get update left their lists. */
struct lab_apt {
	struct mb_list
		suites; /* what is asked for may come from any of these; none: the machine's own */
	const char *arch; /* whose packages, in dpkg's words; NULL: the machine's own */
	const char *also; /* whose besides, of the names that arch has no package of; or NULL */
	char *folder; /* goes away with the program */
	FILE *log; /* what apt says; NULL: nowhere */
	int trouble; /* the worst of it, for lab_apt_reason() */
	char error[256]; /* the last that apt itself calls one */
	bool led; /* some entry of the machine's sources leads to one of the suites */
};

/* VERSION_CODENAME of this machine's release, malloc'd; NULL: it names none. */
char *lab_apt_codename(void);

/*
 * Fetch the package lists of @suites, separated by commas ("bookworm-backports",
 * "bullseye-security", "trixie"), and of the machine's own. Of a security suite its release is
 * asked, too: its point releases take in what was in there. Returns MB_OK, or MB_MACHINE: after
 * one line, or without any when interrupted. lab_apt_close() is right in both cases.
 */
int lab_apt_open(struct lab_apt *apt, const char *suites, FILE *log);
void lab_apt_close(struct lab_apt *apt);

/* The same of the machine's own suites, and the packages that they have for @arch (NULL: its own). */
int lab_apt_open_own(struct lab_apt *apt, const char *arch, FILE *log);

/*
 * The same of @suites, or NULL: the machine's own, and of a second architecture: @also's packages are
 * found by those names of which the machine's own has none.
 */
int lab_apt_open_also(struct lab_apt *apt, const char *suites, const char *also, FILE *log);

/*
 * Why something may be missing, or have failed: a clause for the reader ("the disk is full"), in
 * apt's own words where we have none; or NULL: nothing is known.
 */
const char *lab_apt_reason(const struct lab_apt *apt);

/*
 * The newest version of @package in the suites, or what apt would install of the machine's own;
 * malloc'd. NULL: they have none. Where it comes from in *@suite unless NULL; malloc'd.
 */
char *lab_apt_version(const struct lab_apt *apt, const char *package, char **suite);

/* What a suite has. */
struct lab_apt_offer {
	char *package, *version, *suite;
};

/*
 * What all suites, the machine's own among them, have of exactly these @packages: of each suite the
 * newest version. An array of *@count, for lab_apt_offers_free().
 */
struct lab_apt_offer *lab_apt_offers(const struct lab_apt *apt, const struct mb_list *packages,
				     size_t *count);
void lab_apt_offers_free(struct lab_apt_offer *offers, size_t count);

/* The packages, of any suite, whose names begin with @prefix, in no order. */
void lab_apt_names(const struct lab_apt *apt, const char *prefix, struct mb_list *names);

/* What is downloaded with a package. */
enum lab_apt_with {
	LAB_APT_ALONE,
	LAB_APT_MISSING, /* what it needs and this machine has not installed */
	LAB_APT_ALL, /* what it needs, as on a machine that has nothing */
};

/*
 * Download @packages ("NAME", or "NAME=VERSION") of the suites into the existing folder @into as .deb files. Returns as
 * lab_apt_open() does.
 */
int lab_apt_download(struct lab_apt *apt, const struct mb_list *packages, enum lab_apt_with with,
		     const char *into);

/*
 * @fetch, whose log is a file in the folder @work: that is made and locked before, and removed after.
 * Returns what it does, or MB_MACHINE after one line, as when another migbench fetches @what.
 */
int lab_apt_alone(const char *work, const char *what, int (*fetch)(FILE *log, void *context),
		  void *context);

/*
 * The text of an apt source file (@deb822: .sources, else .list) with @suite in place of the
 * machine's: its entries of the same kind (security or main archive) and no others; malloc'd.
 */
char *lab_apt_retarget(const char *text, bool deb822, const char *suite);

/* Whether @a is an older version than @b in dpkg's order. */
bool lab_apt_older(const char *a, const char *b);

/* For lab/kernel/apt*.c and their tests. */

/* A program of apt's and what keeps it away from the system's own state. */
void lab_apt_begin(const struct lab_apt *apt, const char *program, struct mb_list *words);

/* Run @words and empty them; their stdout, malloc'd, or NULL: they failed. */
char *lab_apt_ask(struct mb_list *words);

/* Our environment but for the language, so that what programs say can be read. */
void lab_apt_environment(struct mb_list *env);

/*
 * From the output of "apt-cache madison", the newest version first: that of exactly @package in one
 * of @suites, malloc'd, and which in *@suite; NULL: none.
 */
char *lab_apt_read_madison(const char *output, const char *package, const struct mb_list *suites,
			   char **suite);

/* The same for lab_apt_offers(). */
struct lab_apt_offer *lab_apt_read_offers(const char *output, const struct mb_list *packages,
					  size_t *count);

/* From the output of "apt-cache show": the first version of exactly @package, malloc'd; or NULL. */
char *lab_apt_read_show(const char *output, const char *package);

/* From the output of "apt-get --print-uris": the bytes of all that would be fetched. */
unsigned long long lab_apt_read_sizes(const char *output);

/* How bad what a line of apt's tells is: the number of a reason, from 1 for the worst; 0: nothing. */
int lab_apt_trouble(const char *line);

#endif
