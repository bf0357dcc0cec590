// SPDX-License-Identifier: GPL-2.0-or-later
/* What observe itself costs a call, measured on calls that do nothing else. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include <jansson.h>

#include <migbench/uapi.h>

#include "core/base/text.h"
#include "core/quantile.h"
#include "core/status.h"
#include "observe/calibrate.h"

#define CALLS 1000 /* of one ioctl(): a page each */

/* A driver that has the kernel do all of a call, and moves nothing. */
struct null_driver {
	int fd;
	unsigned char *memory;
	size_t size;
	struct migbench_record records[CALLS];
};

static void forget(void *context, const struct ob_call *call)
{
	(void)context;
	(void)call;
}

static int open_driver(struct null_driver *driver)
{
	struct migbench_device device = { .size = sizeof(device), .pages = 64 };

	driver->size = CALLS * (size_t)sysconf(_SC_PAGESIZE);
	driver->fd = open(MIGBENCH_DEVICE, O_RDWR | O_CLOEXEC);
	if (driver->fd < 0)
		return mb_fail(
			MB_MACHINE,
			"observe: --calibrate makes its calls through the module: " MIGBENCH_DEVICE
			": %s",
			strerror(errno));
	if (ioctl(driver->fd, MIGBENCH_IOC_DEVICE, &device)) {
		close(driver->fd);
		return mb_fail(MB_MACHINE, "observe: --calibrate: no device memory: %s",
			       strerror(errno));
	}
	driver->memory = mmap(NULL, driver->size, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (driver->memory == MAP_FAILED)
		mb_no_memory();
	madvise(driver->memory, driver->size, MADV_NOHUGEPAGE);
	memset(driver->memory, 1, driver->size);
	return MB_OK;
}

static void close_driver(struct null_driver *driver)
{
	munmap(driver->memory, driver->size);
	close(driver->fd);
}

static double now(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return (double)at.tv_sec * 1e9 + (double)at.tv_nsec;
}

/* One ioctl()'s calls: ns a call, or -1 after a line. */
static double some_calls(struct null_driver *driver)
{
	struct migbench_migrate request = { .size = sizeof(request),
					    .flags = MIGBENCH_ABORT,
					    .direction = MIGBENCH_TO_DEVICE,
					    .batch = 1,
					    .addr = (__u64)(unsigned long)driver->memory,
					    .pages = CALLS,
					    .records = (__u64)(unsigned long)driver->records };
	double start = now();

	if (ioctl(driver->fd, MIGBENCH_IOC_MIGRATE, &request)) {
		mb_fail(MB_MACHINE, "observe: --calibrate: the module refuses: %s",
			strerror(errno));
		return -1;
	}
	return (now() - start) / CALLS;
}

/* @calls of them, with the probes if there is a @way: ns a call, the mean; -1 after a line. */
static double part(struct null_driver *driver, const struct ob_way *way,
		   const struct ob_symbols *symbols, unsigned long calls)
{
	struct ob_probes *probes = NULL;
	struct ob_sight sight;
	double sum = 0, one = 0;
	unsigned long done = 0;

	if (way && way->open(&probes, symbols, 0, &sight))
		return -1;
	/* The first finds nothing in the caches. */
	one = some_calls(driver);
	while (one >= 0 && done < calls) {
		one = some_calls(driver);
		sum += one * CALLS;
		done += CALLS;
		if (way)
			way->drain(probes, forget, NULL);
	}
	if (way)
		way->close(probes);
	return one < 0 ? -1 : sum / (double)done;
}

static double median(const double *values)
{
	double *sorted = mb_sorted(values, OB_PAIRS), middle = mb_quantile(sorted, OB_PAIRS, 0.5);

	free(sorted);
	return middle;
}

int ob_calibrate(const struct ob_way *way, const struct ob_symbols *symbols, unsigned long calls,
		 struct ob_calibration *found)
{
	double times[2][OB_PAIRS], differences[OB_PAIRS], *sorted;
	unsigned long each = (calls / (2 * OB_PAIRS) + CALLS - 1) / CALLS * CALLS;
	static struct null_driver driver;
	int status = open_driver(&driver);

	if (status)
		return status;
	for (int pair = 0; pair < OB_PAIRS && !status; pair++) {
		/* What grows slowly is in both: off on, on off, off on, … */
		for (int turn = 0; turn < 2 && !status; turn++) {
			int with = (turn + pair) & 1;

			times[with][pair] = part(&driver, with ? way : NULL, symbols, each);
			status = times[with][pair] < 0 ? MB_MACHINE : MB_OK;
		}
		differences[pair] = times[1][pair] - times[0][pair];
	}
	close_driver(&driver);
	if (status)
		return status;
	*found = (struct ob_calibration){
		.calls = 2 * OB_PAIRS * each,
		.without = median(times[0]),
		.with = median(times[1]),
		.cost = median(differences),
	};
	sorted = mb_sorted(differences, OB_PAIRS);
	mb_median_interval(sorted, OB_PAIRS, &found->low, &found->high);
	free(sorted);
	return MB_OK;
}

void ob_show_calibration(FILE *out, const struct ob_way *way, const struct ob_calibration *found,
			 bool json)
{
	json_t *document;

	if (!json) {
		fprintf(out,
			"watching by %s costs %.0f ns a call (95 %% interval %.0f to %.0f, of the "
			"median of %d pairs): a call of one page takes %.0f ns without the probes and "
			"%.0f with them; %lu calls\n",
			way->name, found->cost, found->low, found->high, OB_PAIRS, found->without,
			found->with, found->calls);
		return;
	}
	document = json_pack("{s:s, s:I, s:i, s:f, s:f, s:f, s:f, s:f}", "by", way->name, "calls",
			     (json_int_t)found->calls, "pairs", OB_PAIRS, "without_ns",
			     found->without, "with_ns", found->with, "cost_ns", found->cost,
			     "low_ns", found->low, "high_ns", found->high);
	json_dumpf(document, out, JSON_COMPACT | JSON_REAL_PRECISION(17));
	fputc('\n', out);
	json_decref(document);
}
