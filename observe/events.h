/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The events of tracefs that are watched: put in as probes, and read from their records. */
#ifndef MIGBENCH_OBSERVE_EVENTS_H
#define MIGBENCH_OBSERVE_EVENTS_H

#include "observe/follow.h"

#define OB_FIELDS 4
#define OB_EVENTS 32 /* probes, and events of the kernel's own */
#define OB_ENTRIES 64 /* of a call's pages, the most that one event can hold */

/* Where an event's record has what we want of it. */
struct ob_event {
	enum ob_what what;
	unsigned short id;
	unsigned int count; /* of fields */
	unsigned int offset[OB_FIELDS], size[OB_FIELDS];
	unsigned int entries; /* offset of the calls' pages; 0: none */
};

struct ob_events {
	struct ob_event at[OB_EVENTS];
	size_t count;
	unsigned int huge_pages;
};

/*
 * Put a probe for each function of @symbols into @root's kprobe_events, as @group, and learn their
 * records; @config has where fields are. Returns NULL, or what could not be put in, with errno.
 */
const char *ob_events_add(struct ob_events *events, const char *root, const char *group,
			  const struct ob_symbols *symbols, const struct ob_config *config,
			  struct ob_sight *sight);

/* Learn the record of an event of the kernel's own: whether there is one. */
bool ob_events_learn(struct ob_events *events, const char *root, const char *system,
		     const char *name);

/* @record into all of *@seen but its time and order; false: it is of none of these events. */
bool ob_events_read(const struct ob_events *events, const unsigned char *record, size_t length,
		    struct ob_seen *seen);

/* Returns that were missed: more functions at once than the kernel waits for. */
__u64 ob_events_missed(const char *root);

#endif
