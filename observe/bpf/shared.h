/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the programs in the kernel and the command have in common: keys and values of their maps. */
#ifndef MIGBENCH_OBSERVE_BPF_SHARED_H
#define MIGBENCH_OBSERVE_BPF_SHARED_H

#include <linux/types.h>

#define OB_BUCKETS                                                                                 \
	32 /* of a histogram of times: bucket i has [2^i, 2^(i+1)) ns, the last all above */
#define OB_KEYS 4096
#define OB_COMM 16
#define OB_READ_MOST                                                                               \
	16384 /* pages of a call whose state is read; the others are counted as unread */
#define OB_SIZE_OTHER 0 /* in place of a size: there were too many sizes for the map */

enum ob_kind {
	OB_TO_DEVICE, /* migrate_vma_setup() selects system memory */
	OB_TO_SYSTEM, /* … selects device memory */
	OB_FAULT, /* the same, while this thread handles a fault on such a page */
	OB_DEVICE, /* migrate_device_range() or migrate_device_pfns() */
	OB_KINDS,
};

/* What a call's time is divided into. */
enum ob_span {
	OB_SETUP,
	OB_DRIVER, /* between setup and pages: the driver allocates and copies */
	OB_PAGES,
	OB_BETWEEN, /* between pages and finalize */
	OB_FINALIZE,
	OB_TOTAL, /* start of setup to end of finalize */
	OB_FROM_FAULT, /* start of the fault's handling to end of finalize */
	OB_SPANS,
};

/* Who asked, for whom, and for how much. */
struct ob_key {
	__u64 caller; /* an address in the driver */
	__u32 tgid;
	__u32 kind; /* enum ob_kind */
	__u32 pages;
	__u32 zero;
};

/* Exact: added to in the kernel, call by call. */
struct ob_sums {
	__u64 calls; /* whose first part has returned */
	__u64 refused; /* of these, with an error */
	__u64 empty; /* of these, with no page collected */
	__u64 finished; /* whose finalize has returned */
	__u64 requested, collected, migrated; /* pages */
	__u64 not_offered; /* pages collected, for which the driver had no destination */
	__u64 unread; /* pages whose end is not known */
	__u64 unreadable; /* calls whose arguments do not add up */
	__u64 ns[OB_SPANS];
	__u64 flushes, full_flushes, flush_pages, ipis;
	__u32 histogram[OB_SPANS][OB_BUCKETS];
	char comm[OB_COMM];
};

/* A finished call, through the ring. */
struct ob_call {
	struct ob_key key;
	__u32 collected, migrated;
	__u32 unread, zero; /* pages of which the end is not known */
	__u64 ns[OB_SPANS];
};

/* Ordinary migrations: migrate_pages(). */
struct ob_ordinary_key {
	__u32 reason; /* the kernel's enum migrate_reason */
	__u32 tgid;
};

struct ob_ordinary {
	__u64 calls, succeeded, failed, ns;
	char comm[OB_COMM];
};

/* What the programs are told before they are loaded. Offsets are of struct migrate_vma. */
struct ob_config {
	__u32 dst, src, cpages, npages, start, end, flags;
	__u32 page_shift;
	__u32 huge_pages; /* base pages in a compound entry */
	__u32 tgid; /* only this process; 0: all */
	__u64 trampoline; /* where a function returns to whose return is probed; 0: not known */
};

/* What was not seen. */
struct ob_lost {
	__u64 calls; /* the map of sums was full */
	__u64 returns; /* of any part, which never came: more at once than the kernel follows */
	__u64 samples; /* the ring was full: sums are whole, medians have fewer calls */
	__u64 events; /* by tracefs, the buffer was full: calls are missing, or parts of them */
};

#endif
