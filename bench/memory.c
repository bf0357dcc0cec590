// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory that is bound, filled, read back and compared. */
#include <errno.h>
#include <fcntl.h>
#include <numa.h>
#include <numaif.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench/memory.h"

#define PAGEMAP_PRESENT (1ULL << 63)
#define PAGEMAP_SWAP (1ULL << 62)
#define PAGEMAP_FRAME ((1ULL << 55) - 1)

int mb_memory_bind(const struct mb_memory *memory, unsigned long node, unsigned int flags)
{
	/*
	 * Not libnuma's mask, which is allocated: numa times this call, and in a process that was
	 * just born the allocation costs its first samples. As long as theirs that ask nobody how
	 * many nodes there are.
	 */
	unsigned long mask[16] = { 0 };
	const unsigned long bits = 8 * sizeof(mask[0]);

	if (node >= bits * 16) {
		errno = EINVAL;
		return -1;
	}
	mask[node / bits] = 1UL << (node % bits);
	return (int)mbind(memory->at, memory->pages * memory->page_size, MPOL_BIND, mask, bits * 16,
			  flags);
}

/* Why a call for nodes failed. A filter of system calls may say the same where there are many. */
static bool only_node(unsigned long node)
{
	return errno == ENOSYS && node == 0 && numa_max_node() <= 0;
}

bool mb_memory_place(const struct mb_memory *memory)
{
	return !mb_memory_bind(memory, memory->node, 0) || only_node(memory->node);
}

/* Policy and page size of what is mapped at memory->at. */
static bool advise(const struct mb_memory *memory)
{
	size_t size = memory->pages * memory->page_size;

	/* A kernel without THP knows neither advice, and gives base pages. */
	if (madvise(memory->at, size, memory->huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE) &&
	    errno != EINVAL)
		return false;
	return mb_memory_place(memory);
}

static int flags_of(const struct mb_memory *memory)
{
	return (memory->shared ? MAP_SHARED : MAP_PRIVATE) | MAP_ANONYMOUS | MAP_NORESERVE;
}

/*
 * Have each huge page mapped by PTEs: a border between two mappings inside it splits the mapping, and
 * the two become one again. The page itself, and the bits of its entries, stay as they are.
 */
static bool split_mapping(const struct mb_memory *memory)
{
	size_t size = memory->folio->pages * memory->page_size;

	for (unsigned char *at = memory->at; at < memory->at + memory->pages * memory->page_size;
	     at += size)
		if (madvise(at, size / 2, MADV_DONTFORK) || madvise(at, size / 2, MADV_DOFORK))
			return false;
	return true;
}

/* Pages of a pool: no advice, and nothing to renew. */
static bool map_hugetlb(struct mb_memory *memory)
{
	int order = __builtin_ctzl(memory->folio->pages * memory->page_size);

	memory->mapped = memory->pages * memory->page_size;
	memory->mapping = mmap(NULL, memory->mapped, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_HUGETLB |
				       order << MAP_HUGE_SHIFT,
			       -1, 0);
	if (memory->mapping == MAP_FAILED) {
		memory->mapping = NULL;
		return false;
	}
	memory->at = memory->mapping;
	if (!mb_memory_place(memory)) {
		mb_memory_unmap(memory);
		return false;
	}
	mb_memory_fill(memory);
	return true;
}

static bool map_folios(struct mb_memory *memory, unsigned long pages, unsigned long node,
		       const struct mb_folio *folio, bool shared, enum mb_verify verify)
{
	/* What a page table covers: aligned, a batch meets its borders where one expects it. */
	const unsigned long alignment = mb_pmd_bytes();

	*memory = (struct mb_memory){ .pages = pages,
				      .page_size = (size_t)sysconf(_SC_PAGESIZE),
				      .node = node,
				      .verify = verify,
				      .folio = folio,
				      .huge = folio->pages > 1 && !folio->hugetlb,
				      .shared = shared };
	if (folio->hugetlb)
		return map_hugetlb(memory);
	memory->mapped = pages * memory->page_size + alignment;
	memory->mapping =
		mmap(NULL, memory->mapped, PROT_READ | PROT_WRITE, flags_of(memory), -1, 0);
	if (memory->mapping == MAP_FAILED) {
		memory->mapping = NULL;
		return false;
	}
	memory->at =
		(unsigned char *)(((uintptr_t)memory->mapping + alignment - 1) & ~(alignment - 1));
	if (!advise(memory)) {
		mb_memory_unmap(memory);
		return false;
	}
	mb_memory_fill(memory);
	if (!folio->by_ptes || split_mapping(memory))
		return true;
	mb_memory_unmap(memory);
	return false;
}

static const struct mb_folio *huge_or_not(bool huge)
{
	return mb_folio(huge ? MB_SIZE_PMD : MB_SIZE_BASE);
}

bool mb_memory_map(struct mb_memory *memory, unsigned long pages, unsigned long node, bool huge,
		   enum mb_verify verify)
{
	return map_folios(memory, pages, node, huge_or_not(huge), false, verify);
}

bool mb_memory_map_or_say(struct mb_memory *memory, unsigned long pages, unsigned long node,
			  bool huge, enum mb_verify verify, char why[MB_WHY])
{
	return mb_memory_map_folios(memory, pages, node, huge_or_not(huge), verify, why);
}

static bool no_memory(unsigned long pages, unsigned long node, char why[MB_WHY])
{
	snprintf(why, MB_WHY, "no memory of %lu pages on node %lu: %s", pages, node,
		 strerror(errno));
	return false;
}

bool mb_memory_shift(struct mb_memory *memory, unsigned long pages, char why[MB_WHY])
{
	struct mb_memory old = *memory;

	if (!pages)
		return true;
	mb_memory_unmap(memory);
	if (!mb_memory_map_folios(memory, old.pages + pages, old.node, old.folio, old.verify, why))
		return false;
	/* The first ones go, so that no batch begins before its first page. */
	madvise(memory->at, pages * memory->page_size, MADV_DONTNEED);
	memory->at += pages * memory->page_size;
	memory->pages = old.pages;
	return true;
}

bool mb_memory_map_folios(struct mb_memory *memory, unsigned long pages, unsigned long node,
			  const struct mb_folio *folio, enum mb_verify verify, char why[MB_WHY])
{
	if (map_folios(memory, pages, node, folio, false, verify))
		return true;
	return no_memory(pages, node, why);
}

bool mb_memory_map_shared(struct mb_memory *memory, unsigned long pages, unsigned long node,
			  enum mb_verify verify, char why[MB_WHY])
{
	if (map_folios(memory, pages, node, mb_folio(NULL), true, verify))
		return true;
	return no_memory(pages, node, why);
}

void mb_memory_unmap(struct mb_memory *memory)
{
	int saved = errno;

	if (memory->mapping)
		munmap(memory->mapping, memory->mapped);
	memory->mapping = NULL;
	errno = saved;
}

bool mb_memory_renew(struct mb_memory *memory)
{
	/* A new mapping, not MADV_DONTNEED: the old PTE tables would stay, and keep THPs out. */
	void *at = mmap(memory->at, memory->pages * memory->page_size, PROT_READ | PROT_WRITE,
			flags_of(memory) | MAP_FIXED, -1, 0);

	bool advised;

	if (at == MAP_FAILED)
		return false;
	advised = advise(memory);
	/* Filled in any case: pages of the wrong kind are no lost content. */
	mb_memory_fill(memory);
	return advised && (!memory->folio->by_ptes || split_mapping(memory));
}

/* Bytes that are mapped as parts of transparent huge pages; more than there can be: not known. */
static size_t mapped_whole(const struct mb_memory *memory)
{
	uintptr_t begin = (uintptr_t)memory->at;
	uintptr_t end = begin + memory->pages * memory->page_size;
	unsigned long kib, huge_kib = 0, from, to;
	bool inside = false;
	char line[256];
	FILE *in = fopen("/proc/self/smaps", "re");

	if (!in)
		return SIZE_MAX;
	while (fgets(line, sizeof(line), in)) {
		if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
			inside = from < end && begin < to;
		else if (inside && sscanf(line, "AnonHugePages: %lu kB", &kib) == 1)
			huge_kib += kib;
	}
	fclose(in);
	return huge_kib * 1024;
}

bool mb_memory_sized(const struct mb_memory *memory)
{
	size_t size = memory->pages * memory->page_size, whole = mapped_whole(memory);

	if (!mb_folio_needs_proof(memory->folio))
		return whole == (memory->huge ? size : 0);
	return !whole && mb_folio_count(memory->folio, memory->at, memory->pages) == memory->pages;
}

/* Different for every word of every fill: splitmix64's finalizer of its place. */
static uint64_t content(uint64_t stamp, uint64_t place)
{
	uint64_t x = (stamp << 40) + place;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
	return x ^ (x >> 31);
}

static size_t words_checked(const struct mb_memory *memory)
{
	return memory->verify == MB_VERIFY_FULL ? memory->page_size / sizeof(uint64_t) : 1;
}

uint64_t mb_memory_last_word(const struct mb_memory *memory, unsigned long page)
{
	return content(memory->stamp, (page + 1) * (memory->page_size / sizeof(uint64_t)) - 1);
}

void mb_memory_rewrite_last(struct mb_memory *memory)
{
	size_t words = memory->page_size / sizeof(uint64_t);

	for (size_t page = 0; page < memory->pages; page++)
		((volatile uint64_t *)memory->at)[(page + 1) * words - 1] =
			mb_memory_last_word(memory, page);
}

void mb_memory_fill(struct mb_memory *memory)
{
	size_t words = words_checked(memory), per_page = memory->page_size / sizeof(uint64_t);
	volatile uint64_t *at = (volatile uint64_t *)memory->at;

	memory->stamp++;
	for (size_t page = 0; page < memory->pages; page++)
		for (size_t word = 0; word < words; word++)
			at[page * per_page + word] = content(memory->stamp, page * per_page + word);
}

bool mb_memory_is_kept(const struct mb_memory *memory, unsigned long page)
{
	size_t words = words_checked(memory), per_page = memory->page_size / sizeof(uint64_t);
	const volatile uint64_t *at = (const volatile uint64_t *)memory->at + page * per_page;
	bool same = true;

	for (size_t word = 0; word < words; word++)
		same &= at[word] == content(memory->stamp, page * per_page + word);
	return same;
}

bool mb_memory_is_zero(const struct mb_memory *memory, unsigned long page)
{
	size_t words = memory->page_size / sizeof(uint64_t);
	const volatile uint64_t *at = (const volatile uint64_t *)memory->at + page * words;
	bool zero = true;

	for (size_t word = 0; word < words; word++)
		zero &= !at[word];
	return zero;
}

unsigned long mb_memory_lost(const struct mb_memory *memory)
{
	size_t words = words_checked(memory), per_page = memory->page_size / sizeof(uint64_t);
	const volatile uint64_t *at = (const volatile uint64_t *)memory->at;
	unsigned long lost = 0;

	for (size_t page = 0; page < memory->pages; page++) {
		bool same = true;

		for (size_t word = 0; word < words; word++)
			same &= at[page * per_page + word] ==
				content(memory->stamp, page * per_page + word);
		lost += !same;
	}
	return lost;
}

bool mb_memory_witness(const struct mb_memory *memory, unsigned long *present,
		       unsigned long *elsewhere)
{
	size_t size = memory->pages * sizeof(uint64_t);
	uint64_t *entries = malloc(size);
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	bool good = false;

	*present = *elsewhere = 0;
	if (entries && fd >= 0)
		good = pread(fd, entries, size,
			     (off_t)((uintptr_t)memory->at / memory->page_size *
				     sizeof(uint64_t))) == (ssize_t)size;
	for (size_t i = 0; good && i < memory->pages; i++) {
		*present += !!(entries[i] & PAGEMAP_PRESENT);
		*elsewhere += !(entries[i] & PAGEMAP_PRESENT) && (entries[i] & PAGEMAP_SWAP);
	}
	if (fd >= 0)
		close(fd);
	free(entries);
	return good;
}

static bool read_word(int fd, uint64_t number, uint64_t *word)
{
	return pread(fd, word, sizeof(*word), (off_t)(number * sizeof(*word))) == sizeof(*word);
}

long mb_memory_flagged(const struct mb_memory *memory, unsigned int flag)
{
	int map = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	int flags = open("/proc/kpageflags", O_RDONLY | O_CLOEXEC);
	size_t first = (uintptr_t)memory->at / memory->page_size;
	long count = map < 0 || flags < 0 ? -1 : 0;

	for (size_t i = 0; count >= 0 && i < memory->pages; i++) {
		uint64_t entry, bits = 0;

		if (!read_word(map, first + i, &entry) ||
		    (entry & PAGEMAP_PRESENT && !read_word(flags, entry & PAGEMAP_FRAME, &bits)))
			count = -1;
		else
			count += bits >> flag & 1;
	}
	if (map >= 0)
		close(map);
	if (flags >= 0)
		close(flags);
	return count;
}

unsigned long mb_memory_on_node(const struct mb_memory *memory, unsigned long node)
{
	void **pages = calloc(memory->pages, sizeof(*pages));
	int *nodes = calloc(memory->pages, sizeof(*nodes));
	unsigned long count = 0, elsewhere;

	for (size_t i = 0; pages && i < memory->pages; i++)
		pages[i] = memory->at + i * memory->page_size;
	if (pages && nodes && !move_pages(0, memory->pages, pages, NULL, nodes, 0))
		for (size_t i = 0; i < memory->pages; i++)
			count += nodes[i] == (int)node;
	else if (pages && nodes && only_node(node) &&
		 !mb_memory_witness(memory, &count, &elsewhere))
		count = 0;
	free(pages);
	free(nodes);
	return count;
}
