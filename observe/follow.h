/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls on their way, followed from one event to the next outside of the kernel, and added up. */
#ifndef MIGBENCH_OBSERVE_FOLLOW_H
#define MIGBENCH_OBSERVE_FOLLOW_H

#include "observe/probes.h"

/* What happened, and what the values say. */
enum ob_what {
	OB_SEE_SETUP, /* args, start, end, flags */
	OB_SEE_SETUP_RETURN, /* status, where to */
	OB_SEE_DEVICE, /* migrate_device_range() or _pfns(): src, pages */
	OB_SEE_DEVICE_RETURN, /* status, where to */
	OB_SEE_PAGES, /* args, cpages, npages, and entries */
	OB_SEE_PAGES_RETURN,
	OB_SEE_DEVICE_PAGES, /* src, pages, and entries */
	OB_SEE_DEVICE_PAGES_RETURN,
	OB_SEE_FINALIZE, /* args, cpages, npages, and entries */
	OB_SEE_FINALIZE_RETURN,
	OB_SEE_DEVICE_FINALIZE, /* src, pages, and entries */
	OB_SEE_DEVICE_FINALIZE_RETURN,
	OB_SEE_FAULT,
	OB_SEE_FAULT_RETURN,
	OB_SEE_FLUSH, /* reason, pages */
	OB_SEE_MIGRATE, /* migrate_pages() begins */
	OB_SEE_MIGRATED, /* succeeded, failed, reason */
	OB_SEES,
};

struct ob_seen {
	__u64 when; /* ns */
	size_t order; /* of those at the same time */
	enum ob_what what;
	__u32 tid;
	__u64 value[4];
	__u32 found, unread; /* of the entries: pages to be migrated, and pages not looked at */
	__u32 huge; /* entries that are a huge page */
};

struct ob_follow;

struct ob_follow *ob_follow_new(const struct ob_config *config);
void ob_follow_free(struct ob_follow *follow);

/* @seen, which must come in the order of time; a call that it finishes is given to @take. */
void ob_follow(struct ob_follow *follow, const struct ob_seen *seen,
	       void (*take)(void *, const struct ob_call *), void *context);

/* All sums, malloc'd, and what could not be followed. */
struct ob_row *ob_follow_rows(const struct ob_follow *follow, size_t *count);
struct ob_ordinary_row *ob_follow_ordinary(const struct ob_follow *follow, size_t *count);
struct ob_lost ob_follow_lost(const struct ob_follow *follow);

#endif
