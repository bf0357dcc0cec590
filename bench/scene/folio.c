// SPDX-License-Identifier: GPL-2.0-or-later
/* Folios between a base page and a huge one, huge ones by PTEs, hugetlb: had, and proven. */
#include <errno.h>
#include <fcntl.h>
#include <numa.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/scene/folio.h"
#include "core/base/files.h"
#include "core/base/text.h"

#define THP "/sys/kernel/mm/transparent_hugepage"

#define PAGEMAP_PRESENT (1ULL << 63)
#define PAGEMAP_FRAME ((1ULL << 55) - 1)
#define FLAG_HEAD (1ULL << 15) /* of /proc/kpageflags */
#define FLAG_TAIL (1ULL << 16)
#define FLAG_HUGETLB (1ULL << 17)

static struct mb_folio folios[] = {
	{ .word = "4k", .bytes = 4UL << 10 },
	{ .word = "16k", .bytes = 16UL << 10 },
	{ .word = "32k", .bytes = 32UL << 10 },
	{ .word = "64k", .bytes = 64UL << 10 },
	{ .word = "128k", .bytes = 128UL << 10 },
	{ .word = "256k", .bytes = 256UL << 10 },
	{ .word = "512k", .bytes = 512UL << 10 },
	{ .word = "1m", .bytes = 1UL << 20 },
	{ .word = "2m", .bytes = 2UL << 20 },
	{ .word = "4m", .bytes = 4UL << 20 },
	{ .word = "8m", .bytes = 8UL << 20 },
	{ .word = "16m", .bytes = 16UL << 20 },
	{ .word = "32m", .bytes = 32UL << 20 },
	{ .word = "512m", .bytes = 512UL << 20 },
	{ .word = "2m-pte", .bytes = 2UL << 20, .by_ptes = true },
	{ .word = "32m-pte", .bytes = 32UL << 20, .by_ptes = true },
	{ .word = "512m-pte", .bytes = 512UL << 20, .by_ptes = true },
	{ .word = "hugetlb-64k", .bytes = 64UL << 10, .hugetlb = true },
	{ .word = "hugetlb-2m", .bytes = 2UL << 20, .hugetlb = true },
	{ .word = "hugetlb-32m", .bytes = 32UL << 20, .hugetlb = true },
	{ .word = "hugetlb-512m", .bytes = 512UL << 20, .hugetlb = true },
	{ .word = "hugetlb-1g", .bytes = 1UL << 30, .hugetlb = true },
};

#define FOLIOS (sizeof(folios) / sizeof(folios[0]))

/* What a file held before mb_folio_begin(). */
struct kept {
	char path[128], text[64];
};

static struct kept kept[FOLIOS + 2];
static size_t kept_count;

const struct mb_folio *mb_folio(const char *word)
{
	const char *wanted = word ? word : MB_SIZE_BASE;
	char *placed = mb_size_placed(wanted, mb_base_bytes(), mb_pmd_bytes());
	struct mb_folio *found = NULL;

	for (size_t i = 0; !found && i < FOLIOS; i++)
		if (!strcmp(folios[i].word, placed ? placed : wanted))
			found = &folios[i];
	free(placed);
	/* The suite has let through what is in the list, and every base page is. */
	if (!found)
		abort();
	found->pages = found->bytes > mb_base_bytes() ? found->bytes / mb_base_bytes() : 1;
	return found;
}

bool mb_folio_fits(const struct mb_folio *folio, const char *const *words, char why[MB_WHY])
{
	bool base = folio->bytes == mb_base_bytes(), any = !words, huge = !words;

	for (; words && *words; words++) {
		huge = huge || !strcmp(*words, MB_SIZE_PMD);
		any = any || !strcmp(*words, "pmd-pte");
	}
	if (folio->bytes < mb_base_bytes())
		snprintf(why, MB_WHY, "this kernel has base pages of %luk, and none of %s",
			 mb_base_bytes() >> 10, folio->word);
	else if (!folio->hugetlb && folio->bytes > mb_pmd_bytes())
		snprintf(why, MB_WHY, "this kernel's huge pages have %lum, and not %s",
			 mb_pmd_bytes() >> 20, folio->word);
	else if (folio->by_ptes && folio->bytes != mb_pmd_bytes())
		snprintf(why, MB_WHY, "%s is a huge page's mapping split, and those have %lum here",
			 folio->word, mb_pmd_bytes() >> 20);
	else if (!any && !base && !(huge && mb_folio_is_huge(folio)))
		snprintf(why, MB_WHY, "this benchmark takes base pages%s, and %s is neither",
			 huge ? " or huge ones" : " alone", folio->word);
	else
		return true;
	return false;
}

bool mb_folio_has_room(const struct mb_folio *folio, unsigned long node)
{
	long long size = numa_node_size64((int)node, NULL);

	return size < 0 || folio->bytes <= (unsigned long)size / 4;
}

bool mb_folio_is_huge(const struct mb_folio *folio)
{
	return folio->bytes == mb_pmd_bytes() && !folio->by_ptes && !folio->hugetlb;
}

bool mb_folio_is_between(const struct mb_folio *folio)
{
	return folio->pages > 1 && folio->bytes < mb_pmd_bytes() && !folio->hugetlb;
}

bool mb_folio_needs_proof(const struct mb_folio *folio)
{
	return mb_folio_is_between(folio) || folio->by_ptes || folio->hugetlb;
}

/* Of "always inherit [madvise] never" the word that holds, in place. */
static void chosen(char *text)
{
	char *from = strchr(text, '['), *to = from ? strchr(from, ']') : NULL;

	if (!to)
		return;
	*to = '\0';
	memmove(text, from + 1, strlen(from + 1) + 1);
}

static void switch_path(const struct mb_folio *folio, char path[128])
{
	snprintf(path, 128, THP "/hugepages-%lukB/enabled", folio->bytes >> 10);
}

/* Does the kernel give folios of this size where madvise(2) asks for them? */
static bool is_given(const struct mb_folio *folio)
{
	char path[128], text[64];

	switch_path(folio, path);
	if (!mb_read_line(path, text, sizeof(text)))
		return false;
	chosen(text);
	if (!strcmp(text, "inherit") && mb_read_line(THP "/enabled", text, sizeof(text)))
		chosen(text);
	return strcmp(text, "never");
}

/* Of the transparent ones a size has one switch, however it is mapped. */
static bool has_switch(const struct mb_folio *folio)
{
	return folio->bytes > mb_base_bytes() && !folio->hugetlb && !folio->by_ptes;
}

static bool can_between(const struct mb_folio_request *request, char why[MB_WHY])
{
	char path[128];

	switch_path(request->folio, path);
	if (access(path, F_OK)) {
		snprintf(why, MB_WHY, "this kernel has no folios of %s (Linux 6.8 and later have)",
			 request->folio->word);
		return false;
	}
	if (request->lab)
		return true;
	for (size_t i = 0; i < FOLIOS; i++)
		if (has_switch(&folios[i]) && folios[i].bytes > request->folio->bytes &&
		    is_given(&folios[i])) {
			snprintf(why, MB_WHY,
				 "this machine gives larger folios first; write never to "
				 "hugepages-%lukB/enabled beside %s",
				 folios[i].bytes >> 10, path);
			return false;
		}
	if (is_given(request->folio))
		return true;
	snprintf(why, MB_WHY, "folios of %s are switched off; write madvise to %s",
		 request->folio->word, path);
	return false;
}

static void pool_path(const struct mb_folio *folio, unsigned long node, const char *file,
		      char path[128])
{
	snprintf(path, 128, "/sys/devices/system/node/node%lu/hugepages/hugepages-%lukB/%s", node,
		 folio->bytes >> 10, file);
}

static unsigned long pool_read(const struct mb_folio *folio, unsigned long node, const char *file)
{
	char path[128], text[64];

	pool_path(folio, node, file, path);
	return mb_read_line(path, text, sizeof(text)) ? strtoul(text, NULL, 10) : 0;
}

static bool can_hugetlb(const struct mb_folio_request *request, char why[MB_WHY])
{
	const struct mb_folio *folio = request->folio;
	unsigned long want = request->pages / folio->pages;
	char path[128];

	pool_path(folio, request->nodes[0], "nr_hugepages", path);
	if (access(path, F_OK)) {
		snprintf(why, MB_WHY, "this kernel has no %s pages on this CPU: no %s", folio->word,
			 path);
		return false;
	}
	for (int i = 0; i < 2 && !request->lab; i++) {
		pool_path(folio, request->nodes[i], "nr_hugepages", path);
		if (pool_read(folio, request->nodes[i], "free_hugepages") >= want)
			continue;
		snprintf(why, MB_WHY,
			 "node %lu has less than %lu free %s pages; raise the number in %s",
			 request->nodes[i], want, folio->word, path);
		return false;
	}
	return true;
}

bool mb_folio_can(const struct mb_folio_request *request, char why[MB_WHY])
{
	const struct mb_folio *folio = request->folio;

	for (int i = 0; i < 2; i++)
		if (!mb_folio_has_room(folio, request->nodes[i])) {
			snprintf(why, MB_WHY, "node %lu is too small for pages of %s",
				 request->nodes[i], folio->word);
			return false;
		}
	if (!mb_folio_needs_proof(folio))
		return true;
	if (access("/proc/kpageflags", R_OK)) {
		snprintf(why, MB_WHY,
			 "the size of %s pages is seen by root alone, in /proc/kpageflags",
			 folio->word);
		return false;
	}
	return folio->hugetlb	? can_hugetlb(request, why)
	       : folio->by_ptes ? true
				: can_between(request, why);
}

/* Write @text to @path, and keep what was there. */
static bool change(const char *path, const char *text)
{
	struct kept *keep = &kept[kept_count];

	if (!mb_read_line(path, keep->text, sizeof(keep->text)))
		return false;
	chosen(keep->text);
	snprintf(keep->path, sizeof(keep->path), "%s", path);
	kept_count++;
	return mb_set_file(path, text);
}

/* This size where madvise(2) asks for it, and no other. */
static bool begin_between(const struct mb_folio *folio, char why[MB_WHY])
{
	char path[128];

	for (size_t i = 0; i < FOLIOS; i++) {
		if (!has_switch(&folios[i]))
			continue;
		switch_path(&folios[i], path);
		if (change(path, &folios[i] == folio ? "madvise" : "never") ||
		    (errno == ENOENT && &folios[i] != folio))
			continue;
		snprintf(why, MB_WHY, "%s: %s", path, strerror(errno));
		return false;
	}
	return true;
}

static bool begin_hugetlb(const struct mb_folio_request *request, char why[MB_WHY])
{
	const struct mb_folio *folio = request->folio;
	unsigned long want = request->pages / folio->pages;
	char path[128], text[32];

	for (int i = 0; i < 2; i++) {
		unsigned long node = request->nodes[i],
			      now = pool_read(folio, node, "nr_hugepages"),
			      free = pool_read(folio, node, "free_hugepages");

		if (free >= want)
			continue;
		pool_path(folio, node, "nr_hugepages", path);
		snprintf(text, sizeof(text), "%lu", now + want - free);
		if (change(path, text) && pool_read(folio, node, "free_hugepages") >= want)
			continue;
		snprintf(why, MB_WHY, "node %lu has no room for %lu %s page%s in one piece", node,
			 want, folio->word, want == 1 ? "" : "s");
		return false;
	}
	return true;
}

bool mb_folio_begin(const struct mb_folio_request *request, char why[MB_WHY])
{
	bool good = true;

	if (!request->lab)
		return true;
	if (request->folio->hugetlb)
		good = begin_hugetlb(request, why);
	else if (mb_folio_is_between(request->folio))
		good = begin_between(request->folio, why);
	if (!good)
		mb_folio_end();
	return good;
}

void mb_folio_end(void)
{
	while (kept_count) {
		kept_count--;
		mb_set_file(kept[kept_count].path, kept[kept_count].text);
	}
}

/* Is what begins at the frame of entries[0] a folio of that size, mapped in one piece? */
static bool is_one(const struct mb_folio *folio, const uint64_t *entries, uint64_t *flags, int fd)
{
	uint64_t first = entries[0] & PAGEMAP_FRAME;
	ssize_t got = pread(fd, flags, (folio->pages + 1) * sizeof(*flags),
			    (off_t)(first * sizeof(*flags)));
	unsigned long have = got > 0 ? (unsigned long)got / sizeof(*flags) : 0;

	/* Frame 0 is what others than root see. */
	if (!first || have < folio->pages)
		return false;
	for (unsigned long i = 0; i < folio->pages; i++) {
		uint64_t want = folio->pages == 1 ? 0 : i ? FLAG_TAIL : FLAG_HEAD;

		if (!(entries[i] & PAGEMAP_PRESENT) || (entries[i] & PAGEMAP_FRAME) != first + i ||
		    (flags[i] & (FLAG_HEAD | FLAG_TAIL)) != want ||
		    !(flags[i] & FLAG_HUGETLB) == folio->hugetlb)
			return false;
	}
	return have == folio->pages || !(flags[folio->pages] & FLAG_TAIL);
}

unsigned long mb_folio_count(const struct mb_folio *folio, const unsigned char *at,
			     unsigned long pages)
{
	uint64_t *entries = mb_alloc(folio->pages, sizeof(*entries));
	uint64_t *flags = mb_alloc(folio->pages + 1, sizeof(*flags));
	int map = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC),
	    fd = open("/proc/kpageflags", O_RDONLY | O_CLOEXEC);
	unsigned long first = (unsigned long)((uintptr_t)at / mb_base_bytes()), count = 0;
	size_t size = folio->pages * sizeof(*entries);

	for (unsigned long i = 0; map >= 0 && fd >= 0 && i + folio->pages <= pages;
	     i += folio->pages)
		if (pread(map, entries, size, (off_t)((first + i) * sizeof(*entries))) ==
			    (ssize_t)size &&
		    is_one(folio, entries, flags, fd))
			count += folio->pages;
	if (map >= 0)
		close(map);
	if (fd >= 0)
		close(fd);
	free(entries);
	free(flags);
	return count;
}
