// SPDX-License-Identifier: GPL-2.0-or-later
/* Description: coherent and system journeys and eviction lose nothing; numa_maps and move_pages agree. */
#include <sys/syscall.h>
#include <sys/wait.h>

#include "guest.h"

#define PAGES 600UL

static struct migbench_record records[PAGES];

static int open_kind(unsigned int kind, unsigned int node, unsigned long pages)
{
	struct migbench_device request = {
		.size = sizeof(request), .kind = kind, .node = node, .pages = pages
	};
	int fd = open(MIGBENCH_DEVICE, O_RDWR | O_CLOEXEC);

	CHECK(fd >= 0);
	CHECK(!ioctl(fd, MIGBENCH_IOC_DEVICE, &request));
	return fd;
}

static unsigned long on_node_by_move_pages(unsigned char *at, int node)
{
	void *pages[PAGES];
	int status[PAGES];
	unsigned long count = 0;

	for (unsigned long i = 0; i < PAGES; i++)
		pages[i] = at + i * PAGE;
	CHECK(!syscall(SYS_move_pages, 0, PAGES, pages, NULL, status, 0));
	for (unsigned long i = 0; i < PAGES; i++)
		count += status[i] == node;
	return count;
}

/* "ADDRESS policy … N1=600 …", of the mapping that begins at @at. */
static unsigned long on_node_by_numa_maps(unsigned char *at, int node)
{
	FILE *in = fopen("/proc/self/numa_maps", "r");
	unsigned long count = 0;
	char line[512], key[16], *found;

	CHECK(in);
	snprintf(key, sizeof(key), " N%d=", node);
	while (fgets(line, sizeof(line), in))
		if (strtoul(line, NULL, 16) == (uintptr_t)at && (found = strstr(line, key)))
			count = strtoul(found + strlen(key), NULL, 10);
	fclose(in);
	return count;
}

/* Pages whose frame, as pagemap has it, lies in the range that the module was given. */
static unsigned long in_coherent_range(unsigned char *at)
{
	unsigned long first, frames = coherent_pages_at(&first), count = 0;

	for (unsigned long i = 0; i < PAGES; i++) {
		unsigned long frame = pagemap(at + i * PAGE) & ((1UL << 55) - 1);

		count += frame >= first && frame < first + frames;
	}
	return count;
}

static void is_on(unsigned char *at, int node, unsigned int kind)
{
	CHECK(present(at, PAGES) == PAGES);
	/* Neither numa_maps nor move_pages() tells the node of a device page. */
	if (node && kind == MIGBENCH_COHERENT) {
		CHECK(in_coherent_range(at) == PAGES);
		return;
	}
	CHECK(in_coherent_range(at) == 0);
	CHECK(on_node_by_move_pages(at, node) == PAGES);
	CHECK(on_node_by_numa_maps(at, node) == PAGES);
}

static void all_moved(unsigned long batches)
{
	for (unsigned long i = 0; i < batches; i++)
		CHECK(records[i].requested == records[i].collected &&
		      records[i].requested == records[i].migrated);
}

static void there_and_back(unsigned int kind, unsigned int batch)
{
	unsigned long batches = (PAGES + batch - 1) / batch;
	int fd = open_kind(kind, 1, kind == MIGBENCH_SYSTEM ? 0 : PAGES);
	unsigned char *at = map_pages(PAGES);

	fill(at, PAGES, batch + kind);
	is_on(at, 0, kind);
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, PAGES, batch, records));
	all_moved(batches);
	is_on(at, 1, kind);
	if (kind == MIGBENCH_COHERENT)
		CHECK(info_of(fd).free_pages == info_of(fd).pages - PAGES);
	/* The CPU uses the pages where they are: no fault brings them back. */
	CHECK(!wrong_bytes(at, PAGES, batch + kind));
	fill(at, PAGES, batch + kind + 1);
	is_on(at, 1, kind);
	CHECK(!migrate(fd, MIGBENCH_TO_SYSTEM, at, PAGES, batch, records));
	all_moved(batches);
	is_on(at, 0, kind);
	CHECK(!wrong_bytes(at, PAGES, batch + kind + 1));
	CHECK(info_of(fd).free_pages == info_of(fd).pages);
	munmap(at, PAGES * PAGE);
	close(fd);
}

/* Half of the device memory in use, owned by two processes: all of it comes home. */
static void eviction(unsigned int kind)
{
	struct migbench_evict request = { .size = sizeof(request),
					  .pages = 2 * PAGES,
					  .records = (uintptr_t)records,
					  .batch = 100 };
	int fd = open_kind(kind, 1, 2 * PAGES), go[2], status;
	unsigned char *at = map_pages(PAGES);
	unsigned long moved = 0;
	pid_t child;
	char c;

	fill(at, PAGES, 77);
	CHECK(!pipe(go));
	CHECK(!migrate(fd, MIGBENCH_TO_DEVICE, at, PAGES, 64, records));
	child = fork();
	CHECK(child >= 0);
	if (!child) {
		close(go[1]);
		CHECK(read(go[0], &c, 1) == 0);
		CHECK(!wrong_bytes(at, PAGES, 77));
		exit(0);
	}
	CHECK(!ioctl(fd, MIGBENCH_IOC_EVICT, &request));
	CHECK(request.done == 2 * PAGES / 100);
	for (unsigned int i = 0; i < request.done; i++) {
		CHECK(records[i].requested == records[i].migrated);
		moved += records[i].migrated;
	}
	CHECK(moved == PAGES);
	CHECK(info_of(fd).free_pages == info_of(fd).pages);
	CHECK(present(at, PAGES) == PAGES);
	CHECK(!wrong_bytes(at, PAGES, 77));
	close(go[0]);
	close(go[1]);
	CHECK(waitpid(child, &status, 0) == child && status == 0);
	request.first = 2 * PAGES;
	CHECK(ioctl(fd, MIGBENCH_IOC_EVICT, &request) == -1 && errno == EINVAL);
	request.first = 1;
	CHECK(ioctl(fd, MIGBENCH_IOC_EVICT, &request) == -1 && errno == EINVAL);
	munmap(at, PAGES * PAGE);
	close(fd);
}

/* Of two files' memory each call takes its own. */
static void of_its_own(unsigned int kind)
{
	enum { OWN = 64 };
	int one = open_kind(kind, 1, OWN), other = open_kind(kind, 1, OWN);
	unsigned char *at = map_pages(OWN), *others = map_pages(OWN), bits[OWN];
	struct migbench_evict evict = {
		.size = sizeof(evict), .pages = OWN, .records = (uintptr_t)records, .batch = OWN
	};
	struct migbench_collect collect = { .size = sizeof(collect),
					    .select = kind == MIGBENCH_PRIVATE
							      ? MIGBENCH_SELECT_PRIVATE
							      : MIGBENCH_SELECT_COHERENT,
					    .addr = (uintptr_t)others,
					    .pages = OWN,
					    .sources = (uintptr_t)bits };

	fill(at, OWN, 1);
	fill(others, OWN, 2);
	CHECK(!migrate(one, MIGBENCH_TO_DEVICE, at, OWN, OWN, records) &&
	      records[0].migrated == OWN);
	CHECK(!migrate(other, MIGBENCH_TO_DEVICE, others, OWN, OWN, records) &&
	      records[0].migrated == OWN);
	CHECK(!ioctl(one, MIGBENCH_IOC_COLLECT, &collect) && !collect.collected);
	CHECK(!migrate(one, MIGBENCH_TO_SYSTEM, others, OWN, OWN, records) && !records[0].migrated);
	CHECK(!ioctl(one, MIGBENCH_IOC_EVICT, &evict) && records[0].migrated == OWN);
	CHECK(info_of(one).free_pages == OWN && !info_of(other).free_pages);
	CHECK(!ioctl(other, MIGBENCH_IOC_COLLECT, &collect) && collect.collected == OWN);
	CHECK(!wrong_bytes(at, OWN, 1) && !wrong_bytes(others, OWN, 2));
	munmap(at, OWN * PAGE);
	munmap(others, OWN * PAGE);
	close(one);
	close(other);
}

int main(void)
{
	bind_to_cpu(0);
	if (kernel_since(6, 0)) {
		CHECK(info_of(open_device(0, 0)).kinds & (1U << MIGBENCH_COHERENT));
		there_and_back(MIGBENCH_COHERENT, 1);
		there_and_back(MIGBENCH_COHERENT, 512);
	}
	there_and_back(MIGBENCH_SYSTEM, 7);
	there_and_back(MIGBENCH_SYSTEM, PAGES);
	if (kernel_since(6, 1)) {
		if (has_kind(open_device(0, 0), MIGBENCH_PRIVATE))
			eviction(MIGBENCH_PRIVATE);
		eviction(MIGBENCH_COHERENT);
		if (has_kind(open_device(0, 0), MIGBENCH_PRIVATE))
			of_its_own(MIGBENCH_PRIVATE);
		of_its_own(MIGBENCH_COHERENT);
	}
	puts("kinds: all as it should be");
	return 0;
}
