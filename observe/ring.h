/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pages of the kernel's trace buffer, as trace_pipe_raw gives them, taken apart into events. */
#ifndef MIGBENCH_OBSERVE_RING_H
#define MIGBENCH_OBSERVE_RING_H

#include <stddef.h>
#include <linux/types.h>

/*
 * Give @take each event of the @size bytes at @page: when it was, by the buffer's clock, and its record.
 * The layout is what events/header_page and header_event describe, the same since 2.6.
 */
void ob_ring_page(const unsigned char *page, size_t size,
		  void (*take)(void *context, __u64 when, const unsigned char *record,
			       size_t length),
		  void *context);

#endif
