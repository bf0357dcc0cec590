// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's functions by name and by address, from /proc/kallsyms. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "observe/root.h"
#include "observe/symbols.h"

static int by_address(const void *a, const void *b)
{
	const struct ob_symbol *x = a, *y = b;

	return x->at < y->at ? -1 : x->at > y->at;
}

void ob_symbols_free(struct ob_symbols *symbols)
{
	for (size_t i = 0; i < symbols->count; i++) {
		free(symbols->list[i].name);
		free(symbols->list[i].module);
	}
	free(symbols->list);
	*symbols = (struct ob_symbols){ 0 };
}

void ob_symbols_read(struct ob_symbols *symbols)
{
	char *path = ob_path("/proc/kallsyms");
	FILE *in = fopen(path, "re");
	char line[512], name[256], module[128];
	size_t capacity = 0;
	uint64_t at;
	char type;

	free(path);
	ob_symbols_free(symbols);
	symbols->hidden = true;
	while (in && fgets(line, sizeof(line), in)) {
		int words =
			sscanf(line, "%" SCNx64 " %c %255s [%127[^]]]", &at, &type, name, module);

		if (words < 3 || !strchr("tTwW", type))
			continue;
		symbols->hidden &= !at;
		symbols->list =
			mb_grow(symbols->list, &capacity, symbols->count, sizeof(*symbols->list));
		symbols->list[symbols->count++] = (struct ob_symbol){
			.at = at,
			.name = mb_strdup(name),
			.module = mb_strdup(words == 4 ? module : "kernel"),
		};
	}
	if (in)
		fclose(in);
	if (symbols->count)
		qsort(symbols->list, symbols->count, sizeof(*symbols->list), by_address);
}

static const struct ob_symbol *named(const struct ob_symbols *symbols, const char *name)
{
	for (size_t i = 0; i < symbols->count; i++)
		if (!strcmp(symbols->list[i].name, name))
			return &symbols->list[i];
	return NULL;
}

uint64_t ob_symbol_address(const struct ob_symbols *symbols, const char *name)
{
	const struct ob_symbol *symbol = named(symbols, name);

	return symbol ? symbol->at : 0;
}

bool ob_symbol_exists(const struct ob_symbols *symbols, const char *name)
{
	return named(symbols, name) != NULL;
}

char *ob_symbol_name(const struct ob_symbols *symbols, uint64_t at)
{
	size_t low = 0, high = symbols->count, length;

	/* The last that does not begin behind it. */
	while (low < high) {
		size_t middle = (low + high) / 2;

		if (symbols->list[middle].at <= at)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low || symbols->hidden)
		return mb_strdup("?");
	/* What a compiler made of a function, ".isra.0", is the function. */
	length = strcspn(symbols->list[low - 1].name, ".");
	return mb_format("%s:%.*s", symbols->list[low - 1].module, (int)length,
			 symbols->list[low - 1].name);
}
