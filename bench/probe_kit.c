// SPDX-License-Identifier: GPL-2.0-or-later
/* Device memories, pages and looks at them, as probes want them. */
#include <errno.h>
#include <fcntl.h>
#include <numa.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "bench/probe_kit.h"

#define PAGEMAP_PRESENT (1ULL << 63)
#define PAGEMAP_FRAME ((1ULL << 55) - 1)

static unsigned long first_node(void)
{
	for (int node = 0; node <= numa_max_node(); node++)
		if (numa_node_size64(node, NULL) > 0)
			return (unsigned long)node;
	return 0;
}

int mb_kit_open(enum migbench_kind kind, unsigned long pages, char why[MB_WHY])
{
	struct migbench_info info;
	int fd = mb_module_open(&info, why);
	unsigned long node = kind == MIGBENCH_COHERENT ? info.coherent_node : first_node();

	if (fd >= 0 && mb_module_create(fd, kind, node, pages, why))
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

int mb_kit_open_any(unsigned long pages, char why[MB_WHY])
{
	int fd = mb_kit_open(MIGBENCH_PRIVATE, pages, why);

	return fd >= 0 ? fd : mb_kit_open(MIGBENCH_COHERENT, pages, why);
}

enum mb_answer mb_kit_open_coherent(int *fd, unsigned long pages, char why[MB_WHY])
{
	struct migbench_collect request = { .size = sizeof(request),
					    .select = MIGBENCH_SELECT_COHERENT,
					    .pages = 1 };
	struct mb_memory memory;
	uint8_t bit;
	int any = mb_kit_open(MIGBENCH_SYSTEM, 0, why);

	if (any < 0 || !mb_kit_map(&memory, 1, why))
		return MB_SKIPPED;
	request.addr = (uintptr_t)memory.at;
	request.sources = (uintptr_t)&bit;
	if (ioctl(any, MIGBENCH_IOC_COLLECT, &request) && errno == EOPNOTSUPP)
		return mb_kit_say(MB_ABSENT, why, "this kernel has no device-coherent memory");
	*fd = mb_kit_open(MIGBENCH_COHERENT, pages, why);
	return *fd < 0 ? MB_SKIPPED : MB_PRESENT;
}

static bool map(struct mb_memory *memory, unsigned long pages, bool huge, char why[MB_WHY])
{
	return mb_memory_map_or_say(memory, pages, first_node(), huge, MB_VERIFY_FULL, why);
}

bool mb_kit_map(struct mb_memory *memory, unsigned long pages, char why[MB_WHY])
{
	return map(memory, pages, false, why);
}

bool mb_kit_map_huge(struct mb_memory *memory, char why[MB_WHY])
{
	if (!mb_folio_has_room(mb_folio(MB_SIZE_PMD), first_node())) {
		snprintf(why, MB_WHY, "node %lu is too small for pages of %lum", first_node(),
			 mb_pmd_bytes() >> 20);
		return false;
	}
	if (!map(memory, mb_huge_pages(), true, why))
		return false;
	if (mb_memory_sized(memory))
		return true;
	snprintf(why, MB_WHY, "this kernel gave no transparent huge page");
	return false;
}

bool mb_kit_move(int fd, unsigned int direction, const struct mb_memory *memory,
		 struct migbench_record *record, char why[MB_WHY])
{
	if (!mb_module_migrate(fd, direction, 0, memory->at, memory->pages,
			       (unsigned int)memory->pages, memory->node, record))
		return true;
	snprintf(why, MB_WHY, "the module cannot move %lu pages: %s", memory->pages,
		 strerror(errno));
	return false;
}

bool mb_kit_states(int fd, const struct mb_memory *memory, uint8_t *states, char why[MB_WHY])
{
	if (!mb_module_query(fd, memory->at, memory->pages, states))
		return true;
	snprintf(why, MB_WHY, "the module can't read page tables here: %s", strerror(errno));
	return false;
}

bool mb_kit_collect(int fd, const struct mb_memory *memory, unsigned int select, unsigned int flags,
		    struct migbench_collect *selected, uint8_t *bits, char why[MB_WHY])
{
	int error;

	*selected = (struct migbench_collect){ .size = sizeof(*selected),
					       .flags = flags,
					       .select = select,
					       .addr = (uintptr_t)memory->at,
					       .pages = memory->pages,
					       .sources = (uintptr_t)bits };
	if (!ioctl(fd, MIGBENCH_IOC_COLLECT, selected))
		return true;
	error = errno;
	snprintf(why, MB_WHY, "the module can't try a selection here: %s", strerror(error));
	errno = error;
	return false;
}

enum mb_answer mb_kit_watch(int fd, const struct mb_memory *memory,
			    struct migbench_collect *selected, uint8_t *bits, char why[MB_WHY])
{
	if (!mb_kit_collect(fd, memory, MIGBENCH_SELECT_SYSTEM, MIGBENCH_COLLECT_WATCH, selected,
			    bits, why))
		return errno == EOPNOTSUPP
			       ? mb_kit_say(
					 MB_UNOBSERVABLE, why,
					 "this kernel does not tell of its TLB flushes: no tracepoint tlb_flush that "
					 "fires, and no notifier of them (arm64 has one since Linux 6.6)")
			       : MB_SKIPPED;
	return selected->flushes
		       ? MB_PRESENT
		       : mb_kit_say(MB_SKIPPED, why, "this machine's flushes are not traced");
}

bool mb_kit_hold(int fd, unsigned int op, const struct mb_memory *memory, char why[MB_WHY])
{
	struct migbench_hold request = { .size = sizeof(request), .op = op };

	if (op != MIGBENCH_HOLD_RELEASE) {
		request.addr = (uintptr_t)memory->at;
		request.pages = memory->pages;
	}
	if (!ioctl(fd, MIGBENCH_IOC_HOLD, &request))
		return true;
	snprintf(why, MB_WHY, "pages can't be held: %s", strerror(errno));
	return false;
}

bool mb_kit_collect_held(struct mb_memory *memory, unsigned int op, uint8_t *before, uint8_t *after,
			 bool *selected, char why[MB_WHY])
{
	int fd = mb_kit_open(MIGBENCH_SYSTEM, 0, why);
	struct migbench_collect answer;
	uint8_t bit;

	if (fd < 0 || !mb_kit_map(memory, 1, why) || !mb_kit_hold(fd, op, memory, why) ||
	    !mb_kit_states(fd, memory, before, why) ||
	    !mb_kit_collect(fd, memory, MIGBENCH_SELECT_SYSTEM, 0, &answer, &bit, why) ||
	    !mb_kit_states(fd, memory, after, why) ||
	    !mb_kit_hold(fd, MIGBENCH_HOLD_RELEASE, memory, why))
		return false;
	*selected = answer.collected;
	return true;
}

uint64_t mb_kit_frame(const void *addr)
{
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	off_t at = (off_t)((uintptr_t)addr / (size_t)sysconf(_SC_PAGESIZE) * sizeof(uint64_t));
	uint64_t entry;
	bool good = fd >= 0 && pread(fd, &entry, sizeof(entry), at) == sizeof(entry);

	if (fd >= 0)
		close(fd);
	return good && entry & PAGEMAP_PRESENT ? entry & PAGEMAP_FRAME : 0;
}

unsigned long mb_kit_moved(const struct mb_memory *memory, uint64_t *frames, bool note)
{
	unsigned long moved = 0;

	for (unsigned long i = 0; i < memory->pages; i++) {
		uint64_t frame = mb_kit_frame(memory->at + i * memory->page_size);

		moved += frame != frames[i];
		if (note)
			frames[i] = frame;
	}
	return moved;
}

enum mb_answer mb_kit_intact(const struct mb_memory *memory, enum mb_answer answer,
			     char why[MB_WHY])
{
	unsigned long lost = mb_memory_lost(memory);

	if (!lost)
		return answer;
	return mb_kit_say(MB_CONTRADICTION, why, "%lu of %lu pages have other content than before",
			  lost, memory->pages);
}

enum mb_answer mb_kit_say(enum mb_answer answer, char why[MB_WHY], const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(why, MB_WHY, format, arguments);
	va_end(arguments);
	return answer;
}
