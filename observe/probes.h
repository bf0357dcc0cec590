/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The programs in the kernel: loaded, attached, and asked what they have added up. */
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
	bool flushes; /* tlb:tlb_flush */
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

/*
 * Load and attach what this kernel has functions for; @tgid: only that process, 0: all. MB_OK, or
 * MB_MACHINE after one line. All of it is gone when the process is, however it ends.
 */
int ob_probes_open(struct ob_probes **probes, const struct ob_symbols *symbols, __u32 tgid,
		   struct ob_sight *sight);
void ob_probes_close(struct ob_probes *probes);

/* Give @take each finished call since the last time. */
void ob_probes_drain(struct ob_probes *probes, void (*take)(void *, const struct ob_call *),
		     void *context);

/* All sums as they are; malloc'd, *@count of them. */
struct ob_row *ob_probes_rows(const struct ob_probes *probes, size_t *count);
struct ob_ordinary_row *ob_probes_ordinary(const struct ob_probes *probes, size_t *count);
struct ob_lost ob_probes_lost(const struct ob_probes *probes);
struct ob_cost ob_probes_cost(const struct ob_probes *probes);

/* Without loading: whether the kernel would let us, and one line that says why not. */
bool ob_can(const struct ob_symbols *symbols, char *why, size_t size);

/* The same where it would: what there is to be seen, in one line. */
void ob_tell(const struct ob_symbols *symbols, char *text, size_t size);

#endif
