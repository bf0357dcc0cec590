/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's functions by name and by address, from /proc/kallsyms. */
#ifndef MIGBENCH_OBSERVE_SYMBOLS_H
#define MIGBENCH_OBSERVE_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ob_symbol {
	uint64_t at;
	char *name, *module; /* "kernel" for what is in no module */
};

/* Sorted by address. All zero is empty. */
struct ob_symbols {
	struct ob_symbol *list;
	size_t count;
	bool hidden; /* there are names, but no addresses: not root, or kernel.kptr_restrict */
};

/* Read them anew; what was there is freed. An unreadable file leaves none. */
void ob_symbols_read(struct ob_symbols *symbols);
void ob_symbols_free(struct ob_symbols *symbols);

/* The address of function @name, 0 if there is none. */
uint64_t ob_symbol_address(const struct ob_symbols *symbols, const char *name);
bool ob_symbol_exists(const struct ob_symbols *symbols, const char *name);

/* "xe:xe_svm_alloc" for an address inside a function, malloc'd; "?" where none is known. */
char *ob_symbol_name(const struct ob_symbols *symbols, uint64_t at);

#endif
