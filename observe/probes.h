/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the kernel is probed: by programs in it, or by events of tracefs. */
#ifndef MIGBENCH_OBSERVE_PROBES_H
#define MIGBENCH_OBSERVE_PROBES_H

#include <stdbool.h>
#include <stddef.h>

#include "observe/bpf/shared.h"
#include "observe/symbols.h"

struct ob_probes;

/* What this kernel lets us see. */
struct ob_sight {
	bool calls; /* migrate_vma_*() */
	bool device; /* migrate_device_*() */
	bool faults; /* where a fault on device memory begins */
	bool flushes; /* tlb:tlb_flush, where no flush goes past it */
	bool ordinary; /* migrate_pages() */
	bool told; /* by BTF where the fields are */
};

struct ob_row {
	struct ob_key key;
	struct ob_sums sums;
};

struct ob_ordinary_row {
	struct ob_ordinary_key key;
	struct ob_ordinary sums;
};

/* What our programs cost, as the kernel measures them: without the way to them. */
struct ob_cost {
	__u64 runs, ns;
	bool known;
};

/* A way to see them. What a struct ob_probes is, only the way knows. */
struct ob_way {
	const char *name; /* of --by */
	const char *less; /* what it does not see; NULL: nothing */
	unsigned int read_most; /* pages of a call of which it tells what became of them */
	long turn_ms; /* so often drain() is to be called */
	long late_ms; /* what happened so long ago comes with the next drain() */
	/* Without loading: whether the kernel would let us, and one line that says why not. */
	bool (*can)(const struct ob_symbols *symbols, char *why, size_t size);
	/*
	 * Put in what this kernel has functions for; @tgid: only that process, 0: all. MB_OK, or
	 * MB_MACHINE after one line. All of it is gone soon after the process is, however it ends.
	 */
	int (*open)(struct ob_probes **probes, const struct ob_symbols *symbols, __u32 tgid,
		    struct ob_sight *sight);
	void (*close)(struct ob_probes *probes); /* NULL: nothing */
	/* Give @take each finished call since the last time. */
	void (*drain)(struct ob_probes *probes, void (*take)(void *, const struct ob_call *),
		      void *context);
	/* All sums as they are; malloc'd, *@count of them. */
	struct ob_row *(*rows)(const struct ob_probes *probes, size_t *count);
	struct ob_ordinary_row *(*ordinary)(const struct ob_probes *probes, size_t *count);
	struct ob_lost (*lost)(const struct ob_probes *probes);
	struct ob_cost (*cost)(const struct ob_probes *probes);
};

extern const struct ob_way ob_by_bpf, ob_by_tracefs;

/*
 * The way that is called @name, NULL: the best one that this kernel lets us. NULL after @why, one
 * line, where it does not, or where nothing is called so.
 */
const struct ob_way *ob_way(const char *name, const struct ob_symbols *symbols, char *why,
			    size_t size);

/* What there is to be seen by @way, in one line. */
void ob_tell(const struct ob_way *way, const struct ob_symbols *symbols, char *text, size_t size);

#endif
