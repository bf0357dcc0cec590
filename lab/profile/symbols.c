// SPDX-License-Identifier: GPL-2.0-or-later
/* Addresses to functions, from System.map and ELF symbol tables. */
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/plain.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/profile/symbols.h"

/* System.map's letters for code, and for variables and constants. */
#define CODE "tTwW"
#define DATA "dDbBrR"

/* An ELF file's names may be any bytes, and go to terminals and into pictures: they are known as they are shown. */
static size_t intern(struct lab_symbols *symbols, const char *name)
{
	char *shown = mb_strdup(name);
	json_t *known;

	mb_plain(shown);
	if (!symbols->index) {
		symbols->index = json_object();
		if (!symbols->index)
			mb_no_memory();
		symbols->functions = mb_alloc(1, sizeof(char *));
		symbols->functions[0] = mb_strdup("[unknown]");
		symbols->function_count = 1;
	}
	known = json_object_get(symbols->index, shown);
	if (known) {
		free(shown);
		return (size_t)json_integer_value(known);
	}
	symbols->functions = mb_resize(symbols->functions, symbols->function_count + 1,
				       sizeof(*symbols->functions));
	symbols->functions[symbols->function_count] = shown;
	json_object_set_new(symbols->index, shown,
			    json_integer((json_int_t)symbols->function_count));
	return symbols->function_count++;
}

/* @end 0: where the next symbol begins. */
static void add(struct lab_symbols *symbols, uint64_t at, uint64_t end, const char *name,
		const char *owner)
{
	char *full = mb_format("%.*s%s%s%s", (int)strcspn(name, "."), name, owner ? " [" : "",
			       owner ? owner : "", owner ? "]" : "");

	symbols->at = mb_grow(symbols->at, &symbols->room, symbols->count, sizeof(*symbols->at));
	symbols->at[symbols->count++] =
		(struct lab_symbol){ .at = at, .end = end, .function = intern(symbols, full) };
	free(full);
}

static int add_map(struct lab_symbols *symbols, const char *system_map, const char *kinds)
{
	FILE *map = fopen(system_map, "re");
	unsigned long long at;
	char kind, name[512];

	if (!map)
		return mb_fail(MB_MACHINE, "%s: %m; build the kernel anew", system_map);
	while (fscanf(map, "%llx %c %511s", &at, &kind, name) == 3)
		/* Padding before a function has a symbol of its own since 6.2. */
		if (strchr(kinds, kind) && strncmp(name, "__pfx_", 6) && name[0] != '.')
			add(symbols, at, 0, name, NULL);
	fclose(map);
	/* As a full disk leaves it. */
	if (!symbols->count)
		return mb_fail(MB_MACHINE, "%s: names no function; build the kernel anew",
			       system_map);
	return MB_OK;
}

int lab_symbols_add_kernel(struct lab_symbols *symbols, const char *system_map)
{
	return add_map(symbols, system_map, CODE);
}

int lab_symbols_add_data(struct lab_symbols *symbols, const char *system_map)
{
	return add_map(symbols, system_map, DATA);
}

int lab_symbols_addresses(const char *system_map, const char *const *names, size_t count,
			  uint64_t *at)
{
	FILE *map = fopen(system_map, "re");
	unsigned long long where;
	size_t missing = count;
	char name[512];

	/* No symbol is there, but one is at 0. */
	for (size_t i = 0; i < count; i++)
		at[i] = UINT64_MAX;
	if (!map)
		return mb_fail(MB_MACHINE, "%s: %m; build the kernel anew", system_map);
	while (missing && fscanf(map, "%llx %*c %511s", &where, name) == 2)
		for (size_t i = 0; i < count; i++)
			if (at[i] == UINT64_MAX && !strcmp(name, names[i])) {
				at[i] = where;
				missing--;
			}
	fclose(map);
	if (missing)
		return mb_fail(MB_MACHINE, "%s: lacks symbols; build the kernel anew", system_map);
	return MB_OK;
}

/* Whether the section of this index is the wanted one; without one, any will do. */
static bool wanted(Elf *elf, size_t names, size_t index, const char *section)
{
	Elf_Scn *scn = elf_getscn(elf, index);
	const char *name;
	GElf_Shdr header;

	if (!section)
		return index != SHN_UNDEF;
	if (!scn || !gelf_getshdr(scn, &header))
		return false;
	name = elf_strptr(elf, names, header.sh_name);
	return name && !strcmp(name, section);
}

size_t lab_symbols_name(struct lab_symbols *symbols, const char *name)
{
	return intern(symbols, name);
}

static void add_table(struct lab_symbols *symbols, Elf *elf, Elf_Scn *table, const char *section,
		      uint64_t base, const char *owner)
{
	Elf_Data *data = elf_getdata(table, NULL);
	GElf_Shdr header;
	size_t names;

	if (!data || !gelf_getshdr(table, &header) || !header.sh_entsize ||
	    elf_getshdrstrndx(elf, &names))
		return;
	for (size_t i = 0; i < header.sh_size / header.sh_entsize; i++) {
		const char *name;
		GElf_Sym symbol;

		if (!gelf_getsym(data, (int)i, &symbol) ||
		    GELF_ST_TYPE(symbol.st_info) != STT_FUNC || !symbol.st_size ||
		    !wanted(elf, names, symbol.st_shndx, section))
			continue;
		name = elf_strptr(elf, header.sh_link, symbol.st_name);
		if (name && *name)
			add(symbols, base + symbol.st_value,
			    base + symbol.st_value + symbol.st_size, name, owner);
	}
}

/* All tables of the kind @type. Returns how many symbols they gave. */
static size_t add_tables(struct lab_symbols *symbols, Elf *elf, GElf_Word type, const char *section,
			 uint64_t base, const char *owner)
{
	size_t before = symbols->count;
	Elf_Scn *scn = NULL;
	GElf_Shdr header;

	while ((scn = elf_nextscn(elf, scn)))
		if (gelf_getshdr(scn, &header) && header.sh_type == type)
			add_table(symbols, elf, scn, section, base, owner);
	return symbols->count - before;
}

int lab_symbols_add_elf(struct lab_symbols *symbols, const char *path, const char *section,
			uint64_t base, const char *owner)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = fd < 0 ? NULL : elf_begin(fd, ELF_C_READ, NULL);
	if (!elf) {
		mb_fail(MB_MACHINE, "%s: %s", path, fd < 0 ? strerror(errno) : elf_errmsg(-1));
	} else {
		add_tables(symbols, elf, SHT_SYMTAB, section, base, owner);
		elf_end(elf);
	}
	if (fd >= 0)
		close(fd);
	return elf ? MB_OK : MB_MACHINE;
}

/* Add the segment of @elf that @offset is in, and what its functions are called. */
static void add_segment(struct lab_symbols *symbols, Elf *elf, const char *owner, uint64_t offset,
			uint64_t at)
{
	char *rest = mb_format("[%s]", owner);
	GElf_Phdr segment;
	size_t count;
	uint64_t base;

	if (elf_getphdrnum(elf, &count))
		count = 0;
	for (size_t i = 0; i < count; i++) {
		if (!gelf_getphdr(elf, (int)i, &segment) || segment.p_type != PT_LOAD ||
		    !(segment.p_flags & PF_X) || offset > segment.p_offset + segment.p_filesz ||
		    offset + segment.p_align <= segment.p_offset)
			continue;
		base = at - offset + segment.p_offset - segment.p_vaddr;
		if (!add_tables(symbols, elf, SHT_SYMTAB, NULL, base, owner))
			add_tables(symbols, elf, SHT_DYNSYM, NULL, base, owner);
		symbols->rest =
			mb_resize(symbols->rest, symbols->rest_count + 1, sizeof(*symbols->rest));
		symbols->rest[symbols->rest_count++] =
			(struct lab_symbol){ .at = base + segment.p_vaddr,
					     .end = base + segment.p_vaddr + segment.p_memsz,
					     .function = intern(symbols, rest) };
		break;
	}
	free(rest);
}

void lab_symbols_add_file(struct lab_symbols *symbols, const char *path, uint64_t offset,
			  uint64_t at)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = fd < 0 ? NULL : elf_begin(fd, ELF_C_READ, NULL);
	if (elf) {
		add_segment(symbols, elf, mb_base_name(path), offset, at);
		elf_end(elf);
	}
	if (fd >= 0)
		close(fd);
}

static int by_address(const void *left, const void *right)
{
	const struct lab_symbol *a = left, *b = right;

	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	return a->function < b->function ? -1 : a->function > b->function;
}

void lab_symbols_sort(struct lab_symbols *symbols)
{
	size_t kept = 0;

	if (!symbols->count)
		return;
	qsort(symbols->at, symbols->count, sizeof(*symbols->at), by_address);
	/* Of several names of one place the first in the table stays. */
	for (size_t i = 1; i < symbols->count; i++)
		if (symbols->at[i].at != symbols->at[kept].at)
			symbols->at[++kept] = symbols->at[i];
	symbols->count = kept + 1;
	for (size_t i = 0; i < symbols->count; i++)
		if (!symbols->at[i].end)
			symbols->at[i].end =
				i + 1 < symbols->count ? symbols->at[i + 1].at : symbols->at[i].at;
}

const struct lab_symbol *lab_symbols_find(const struct lab_symbols *symbols, uint64_t at)
{
	size_t low = 0, high = symbols->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (symbols->at[middle].at <= at)
			low = middle + 1;
		else
			high = middle;
	}
	if (low && at < symbols->at[low - 1].end)
		return &symbols->at[low - 1];
	for (size_t i = 0; i < symbols->rest_count; i++)
		if (at >= symbols->rest[i].at && at < symbols->rest[i].end)
			return &symbols->rest[i];
	return NULL;
}

size_t lab_symbols_function(const struct lab_symbols *symbols, const char *name)
{
	json_t *known = json_object_get(symbols->index, name);

	return known ? (size_t)json_integer_value(known) : LAB_UNNAMED;
}

void lab_symbols_free(struct lab_symbols *symbols)
{
	for (size_t i = 0; i < symbols->function_count; i++)
		free(symbols->functions[i]);
	free(symbols->functions);
	free(symbols->at);
	free(symbols->rest);
	json_decref(symbols->index);
	*symbols = (struct lab_symbols){ 0 };
}
