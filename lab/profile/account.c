// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A trace tells what ran, not who called whom; that is seen from where functions begin. Code at a
 * function's first instruction was called by (or jumped to from, or interrupted) what ran before
 * it, and stands under that; code inside another function is a return to where that stands in the
 * path. A function reached by a tail call thus stands under the one that made it.
 */
#include <stdlib.h>

#include "core/base/text.h"
#include "core/status.h"
#include "lab/profile/account.h"

const char *lab_part_name(size_t part)
{
	static const char *const others[] = { "rest", "total", "user", "kernel", "idle" };

	return part < MB_PHASES ? mb_phase_names[part] : others[part - LAB_REST];
}

/* As it is looked for: an outermost one is its own parent only once it is there. */
static struct lab_path key_of(const struct lab_account *account, size_t path)
{
	struct lab_path key = account->paths[path];

	if (key.parent == path)
		key.parent = LAB_NOWHERE;
	return key;
}

/* Where the path @wanted stands in the table, or would: a free place. */
static size_t place_of(const struct lab_account *account, const struct lab_path *wanted)
{
	uint64_t hash = wanted->parent * 0x9e3779b97f4a7c15 + wanted->function;
	size_t place = (hash * 0x9e3779b97f4a7c15 >> 32) + wanted->part;

	for (;; place++) {
		struct lab_path there;

		place &= account->table_size - 1;
		if (!account->table[place])
			return place;
		there = key_of(account, account->table[place] - 1);
		if (there.function == wanted->function && there.part == wanted->part &&
		    there.parent == wanted->parent)
			return place;
	}
}

static void widen(struct lab_account *account)
{
	account->table_size = account->table_size ? 2 * account->table_size : 1024;
	free(account->table);
	account->table = mb_alloc(account->table_size, sizeof(*account->table));
	for (size_t i = 0; i < account->path_count; i++) {
		struct lab_path key = key_of(account, i);

		account->table[place_of(account, &key)] = i + 1;
	}
}

/* The path of @function under @parent (LAB_NOWHERE: outermost) in @part; made when it is new. */
static size_t path_under(struct lab_account *account, size_t parent, size_t function, size_t part)
{
	struct lab_path wanted = { .function = function, .parent = parent, .part = part };
	size_t place;

	if (2 * account->path_count >= account->table_size)
		widen(account);
	place = place_of(account, &wanted);
	if (account->table[place])
		return account->table[place] - 1;
	account->paths = mb_grow(account->paths, &account->path_room, account->path_count,
				 sizeof(*account->paths));
	if (parent == LAB_NOWHERE)
		wanted.parent = account->path_count;
	account->paths[account->path_count] = wanted;
	account->table[place] = ++account->path_count;
	return account->path_count - 1;
}

/* The same path in another part of the value. */
static size_t path_in_part(struct lab_account *account, size_t path, size_t part)
{
	size_t parent, function = account->paths[path].function;

	if (account->paths[path].part == part)
		return path;
	parent = account->paths[path].parent;
	parent = parent == path ? LAB_NOWHERE : path_in_part(account, parent, part);
	return path_under(account, parent, function, part);
}

/* Where code of @function stands that runs after what stands at @path. */
static size_t follow(struct lab_account *account, size_t path, size_t function, bool entered,
		     size_t part)
{
	size_t up = path;

	if (path == LAB_NOWHERE)
		return path_under(account, LAB_NOWHERE, function, part);
	if (account->paths[path].function == function)
		return path;
	if (entered)
		return path_under(account, path, function, part);
	while (account->paths[up].function != function && account->paths[up].parent != up)
		up = account->paths[up].parent;
	if (account->paths[up].function == function)
		return up;
	/* Beyond what called the outermost: a caller of it, or another task. */
	return path_under(account, LAB_NOWHERE, function, part);
}

static size_t part_at(const struct lab_piece *piece, size_t border, bool phased)
{
	if (!phased)
		return LAB_WHOLE;
	return border >= piece->phases && border < piece->phases + MB_PHASES
		       ? border - piece->phases
		       : LAB_REST;
}

void lab_account_add(struct lab_account *account, size_t *path, size_t function, bool entered,
		     size_t part, size_t record, uint64_t count)
{
	*path = follow(account, *path, function, entered, part);
	account->places = mb_grow(account->places, &account->place_room, account->place_count,
				  sizeof(*account->places));
	account->places[account->place_count++] = (struct lab_place){ record, *path };
	account->paths[*path].count += count;
	account->functions[function * LAB_PARTS + part] += count;
	account->parts[part] += count;
	account->counted += count;
	account->named += function == LAB_UNNAMED ? 0 : count;
}

void lab_account_flush(struct lab_account *account, const struct lab_trace_record *record)
{
	account->tlbi += record->count == LAB_TRACE_TLBI;
	account->tlbi_local += record->count == LAB_TRACE_TLBI_LOCAL;
}

struct lab_account lab_account_begin(uint64_t total, const struct lab_symbols *symbols)
{
	return (struct lab_account){
		.total = total,
		.functions = mb_alloc(symbols->function_count * LAB_PARTS, sizeof(uint64_t)),
		.function_count = symbols->function_count,
		/* What arm64 alone calls so. */
		.has_tlbi = lab_symbols_function(symbols, "vectors") != LAB_UNNAMED,
	};
}

static void count_piece(struct lab_account *account, const struct lab_piece *piece, bool phased,
			const struct lab_trace *trace, const struct lab_symbols *symbols)
{
	size_t path = LAB_NOWHERE, border = piece->from;
	size_t part = part_at(piece, border, phased);

	for (size_t i = trace->borders[piece->from].record + 1;
	     i < trace->borders[piece->to].record; i++) {
		const struct lab_trace_record *record = &trace->records[i];
		const struct lab_symbol *symbol;
		size_t function;

		lab_account_flush(account, record);
		if (record->count == LAB_TRACE_TLBI || record->count == LAB_TRACE_TLBI_LOCAL)
			continue;
		if (!lab_trace_ran(record)) {
			part = part_at(piece, ++border, phased);
			if (path != LAB_NOWHERE)
				path = path_in_part(account, path, part);
			continue;
		}
		symbol = lab_symbols_find(symbols, record->at);
		function = symbol ? symbol->function : LAB_UNNAMED;
		lab_account_add(account, &path, function, symbol && symbol->at == record->at, part,
				i, lab_trace_count(record));
	}
}

void lab_account(struct lab_account *account, const struct lab_match *match, bool phased,
		 const struct lab_trace *trace, const struct lab_symbols *symbols)
{
	*account = lab_account_begin(match->value->total, symbols);
	for (size_t i = 0; i < match->count; i++)
		count_piece(account, &match->pieces[i], phased, trace, symbols);
}

void lab_account_free(struct lab_account *account)
{
	free(account->functions);
	free(account->paths);
	free(account->table);
	free(account->places);
	*account = (struct lab_account){ 0 };
}

static char *folded(const struct lab_account *account, const struct lab_symbols *symbols,
		    size_t path)
{
	const struct lab_path *at = &account->paths[path];
	char *above = at->parent == path ? mb_strdup(lab_part_name(at->part))
					 : folded(account, symbols, at->parent);
	char *all = mb_format("%s;%s", above, symbols->functions[at->function]);

	free(above);
	return all;
}

char *lab_path_folded(const struct lab_account *account, const struct lab_symbols *symbols,
		      size_t path)
{
	return folded(account, symbols, path);
}
