/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which function a guest address belongs to. */
#ifndef MIGBENCH_LAB_PROFILE_SYMBOLS_H
#define MIGBENCH_LAB_PROFILE_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

struct lab_symbol {
	uint64_t at, end;
	size_t function; /* index of its name */
};

/*
 * Functions go by name: what the compiler split off (NAME.cold, NAME.constprop.0, …) belongs to
 * NAME, and the code of a module is NAME [MODULE].
 */
struct lab_symbols {
	struct lab_symbol *at; /* sorted after lab_symbols_sort() */
	size_t count, room;
	struct lab_symbol *rest; /* files, for what of them has no symbol */
	size_t rest_count;
	char **functions; /* [0] stands for addresses without a symbol */
	size_t function_count;
	json_t *index; /* of functions, by name */
};

#define LAB_UNNAMED 0

/* The kernel's own code. Returns MB_OK, or MB_MACHINE after one line. */
int lab_symbols_add_kernel(struct lab_symbols *symbols, const char *system_map);
/* The same of its variables and constants, for a table of their own. */
int lab_symbols_add_data(struct lab_symbols *symbols, const char *system_map);

/*
 * Where the map has the symbols of these names, into @at. MB_OK, or MB_MACHINE after one line: it can't be
 * read, or lacks one.
 */
int lab_symbols_addresses(const char *system_map, const char *const *names, size_t count,
			  uint64_t *at);

/*
 * An ELF file's code: a module's section @section that lies at @base, or with @section NULL a whole
 * program, loaded to @base. @owner stands behind its functions' names. MB_OK; MB_MACHINE after one
 * line when it can't be read.
 */
int lab_symbols_add_elf(struct lab_symbols *symbols, const char *path, const char *section,
			uint64_t base, const char *owner);

/*
 * The file of a program, whose code from @offset on lies at @at: its functions, those of a stripped
 * library as far as it exports them, and "[FILE]" for the rest. A file that can't be read has none.
 */
void lab_symbols_add_file(struct lab_symbols *symbols, const char *path, uint64_t offset,
			  uint64_t at);

/* A name for what no symbol covers. Before the function count matters; returns its index. */
size_t lab_symbols_name(struct lab_symbols *symbols, const char *name);

/* After the last addition, before the first look. */
void lab_symbols_sort(struct lab_symbols *symbols);

/* The symbol that covers @at, or NULL. */
const struct lab_symbol *lab_symbols_find(const struct lab_symbols *symbols, uint64_t at);

/* The index of the function of this very name; LAB_UNNAMED when there is none. */
size_t lab_symbols_function(const struct lab_symbols *symbols, const char *name);

void lab_symbols_free(struct lab_symbols *symbols);

#endif
