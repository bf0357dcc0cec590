// SPDX-License-Identifier: GPL-2.0-or-later
/* LRU lists and the batches before them: fresh pages are put on the lists some at a time. */
#include <errno.h>
#include <numaif.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/child.h"
#include "bench/counting.h"
#include "bench/scene/lru.h"

#define KPF_LRU 5

enum mb_lru mb_lru_of(const struct mb_point *point)
{
	return mb_is(point, "lru", "drained")  ? MB_LRU_DRAINED
	       : mb_is(point, "lru", "local")  ? MB_LRU_LOCAL
	       : mb_is(point, "lru", "remote") ? MB_LRU_REMOTE
					       : MB_LRU_LEFT;
}

bool mb_lru_can(struct mb_session *session, const struct mb_point *point, char why[MB_WHY])
{
	enum mb_lru lru = mb_lru_of(point);

	if (lru == MB_LRU_REMOTE && mb_topology_cpus(session->topology) < 2)
		snprintf(why, MB_WHY, "pages in another CPU's LRU batch need a second CPU");
	else if (lru != MB_LRU_LEFT && mb_journey_folio(point)->pages > 1)
		snprintf(why, MB_WHY, "a large page is put on the LRU list by itself");
	else
		return true;
	return false;
}

/* move_pages(2) has every CPU put its batch on the lists before it looks at the first page. */
static bool drain(void)
{
	void *page = NULL;
	int node = 0, status;

	return !move_pages(0, 0, &page, &node, &status, MPOL_MF_MOVE);
}

/*
 * Another process on another CPU writes to each page: there the kernel takes it, and that CPU never
 * runs the owner's mm, so that no flush has to reach it. It lives until mb_lru_end(): on 5.10 and 6.1
 * the end of a process has its CPU empty its batch.
 */
static struct {
	int pid; /* 0: there is none */
	int ask, answer; /* a byte there: populate; one back: 0, or an errno */
} helper;

static int populate(const struct mb_memory *memory, pid_t owner)
{
	unsigned char byte = 1;
	struct iovec here = { &byte, 1 };

	for (size_t i = 0; i < memory->pages; i++) {
		struct iovec there = { memory->at + i * memory->page_size, 1 };

		if (process_vm_writev(owner, &here, 1, &there, 1, 0) != 1)
			return errno;
	}
	return 0;
}

static void serve(const struct mb_journey *journey, pid_t owner, int ask, int answer)
{
	const struct mb_topology *topology = journey->session->topology;
	int error = mb_topology_bind_cpu(topology, !mb_topology_cpu_here(topology)) ? 0 : errno;
	unsigned char byte;

	while (read(ask, &byte, 1) == 1) {
		byte = (unsigned char)(error ? error : populate(&journey->memory, owner));
		if (write(answer, &byte, 1) != 1)
			break;
	}
	_exit(0);
}

static bool start_helper(const struct mb_journey *journey)
{
	pid_t owner = getpid();
	int ask[2], answer[2];

	if (pipe(ask) || pipe(answer))
		return false;
	helper.pid = mb_child();
	if (!helper.pid) {
		close(ask[1]);
		close(answer[0]);
		serve(journey, owner, ask[0], answer[1]);
	}
	close(ask[0]);
	close(answer[1]);
	helper.ask = ask[1];
	helper.answer = answer[0];
	return helper.pid > 0;
}

void mb_lru_end(void)
{
	if (!helper.pid)
		return;
	close(helper.ask);
	close(helper.answer);
	if (helper.pid > 0)
		waitpid(helper.pid, NULL, 0);
	helper.pid = 0;
}

static bool populate_there(const struct mb_journey *journey, char why[MB_WHY])
{
	unsigned char byte = 0;

	errno = 0;
	if ((helper.pid || start_helper(journey)) && write(helper.ask, &byte, 1) == 1 &&
	    read(helper.answer, &byte, 1) == 1) {
		errno = byte;
		if (!byte)
			return true;
	}
	snprintf(why, MB_WHY, "another process can't fill these pages: %s", strerror(errno));
	return false;
}

bool mb_lru_pack(struct mb_journey *journey, enum mb_lru lru, char why[MB_WHY])
{
	struct mb_memory *memory = &journey->memory;
	bool fresh = lru == MB_LRU_LOCAL || lru == MB_LRU_REMOTE;
	long on;

	if (lru == MB_LRU_DRAINED)
		mb_memory_fill(memory);
	if (!drain() ||
	    (fresh && madvise(memory->at, memory->pages * memory->page_size, MADV_DONTNEED))) {
		snprintf(why, MB_WHY, "LRU batches can't be emptied: %s", strerror(errno));
		return false;
	}
	if (lru == MB_LRU_REMOTE && !populate_there(journey, why))
		return false;
	if (fresh)
		mb_memory_fill(memory);
	on = mb_memory_flagged(memory, KPF_LRU);
	if (on < 0) {
		snprintf(why, MB_WHY, "/proc/kpageflags does not say what is on the LRU lists: %s",
			 strerror(errno));
		return false;
	}
	if (fresh == (on == (long)memory->pages)) {
		snprintf(why, MB_WHY, "%ld of %lu pages are on the LRU lists, so that these are %s",
			 on, memory->pages, fresh ? "drained" : "not drained");
		return false;
	}
	mb_counting_note(journey->session, "off_lru", (double)memory->pages - (double)on);
	/* The kernel's worker had its turn: the sample starts after a tick again. */
	if (journey->session->clock == MB_INSNS)
		mb_tick_wait(&journey->session->tick);
	return true;
}
