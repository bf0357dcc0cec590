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

#define NOWHERE ((size_t)-1)

const char *lab_part_name(size_t part)
{
	return part < MB_PHASES ? mb_phase_names[part] : part == LAB_REST ? "rest" : "total";
}

/* The path of @function under @parent (NOWHERE: outermost) in @part; made when it is new. */
static size_t path_under(struct lab_account *account, size_t parent, size_t function, size_t part)
{
	size_t count = account->path_count;

	for (size_t i = parent == NOWHERE ? 0 : parent + 1; i < count; i++) {
		const struct lab_path *path = &account->paths[i];

		if (path->function == function && path->part == part &&
		    path->parent == (parent == NOWHERE ? i : parent))
			return i;
	}
	account->paths = mb_resize(account->paths, count + 1, sizeof(*account->paths));
	account->paths[count] = (struct lab_path){ .function = function,
						   .parent = parent == NOWHERE ? count : parent,
						   .part = part };
	return account->path_count++;
}

/* The same path in another part of the value. */
static size_t path_in_part(struct lab_account *account, size_t path, size_t part)
{
	size_t parent, function = account->paths[path].function;

	if (account->paths[path].part == part)
		return path;
	parent = account->paths[path].parent;
	parent = parent == path ? NOWHERE : path_in_part(account, parent, part);
	return path_under(account, parent, function, part);
}

/* Where code of @function stands that runs after what stands at @path. */
static size_t follow(struct lab_account *account, size_t path, size_t function, bool entered,
		     size_t part)
{
	size_t up = path;

	if (path == NOWHERE)
		return path_under(account, NOWHERE, function, part);
	if (account->paths[path].function == function)
		return path;
	if (entered)
		return path_under(account, path, function, part);
	while (account->paths[up].function != function && account->paths[up].parent != up)
		up = account->paths[up].parent;
	if (account->paths[up].function == function)
		return up;
	/* Beyond what called the outermost: a caller of it, or another task. */
	return path_under(account, NOWHERE, function, part);
}

static size_t part_at(const struct lab_piece *piece, size_t border, bool phased)
{
	if (!phased)
		return LAB_WHOLE;
	return border >= piece->phases && border < piece->phases + MB_PHASES
		       ? border - piece->phases
		       : LAB_REST;
}

static void count_piece(struct lab_account *account, const struct lab_piece *piece, bool phased,
			const struct lab_trace *trace, const struct lab_symbols *symbols)
{
	size_t path = NOWHERE, border = piece->from;
	size_t part = part_at(piece, border, phased);

	for (size_t i = trace->borders[piece->from].record + 1;
	     i < trace->borders[piece->to].record; i++) {
		const struct lab_trace_record *record = &trace->records[i];
		const struct lab_symbol *symbol;
		size_t function;

		if (!lab_trace_ran(record)) {
			part = part_at(piece, ++border, phased);
			if (path != NOWHERE)
				path = path_in_part(account, path, part);
			continue;
		}
		symbol = lab_symbols_find(symbols, record->at);
		function = symbol ? symbol->function : LAB_UNNAMED;
		path = follow(account, path, function, symbol && symbol->at == record->at, part);
		account->paths[path].count += record->count;
		account->functions[function * LAB_PARTS + part] += record->count;
		account->parts[part] += record->count;
		account->counted += record->count;
		account->named += function == LAB_UNNAMED ? 0 : record->count;
	}
}

void lab_account(struct lab_account *account, const struct lab_match *match, bool phased,
		 const struct lab_trace *trace, const struct lab_symbols *symbols)
{
	*account = (struct lab_account){ .total = match->value->total,
					 .function_count = symbols->function_count };
	account->functions =
		mb_alloc(symbols->function_count * LAB_PARTS, sizeof(*account->functions));
	for (size_t i = 0; i < match->count; i++)
		count_piece(account, &match->pieces[i], phased, trace, symbols);
}

void lab_account_free(struct lab_account *account)
{
	free(account->functions);
	free(account->paths);
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
