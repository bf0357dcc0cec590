// SPDX-License-Identifier: GPL-2.0-or-later
/* Pages of the kernel's trace buffer, as trace_pipe_raw gives them, taken apart into events. */
#include <string.h>

#include "observe/ring.h"

#define HEADER 16 /* the page's time, and its length with two flags on top */
#define LENGTH_MASK 0xfffff
#define DELTA_SHIFT 27 /* of an event's second word, in its time */

enum { LONG_RECORD, PADDING = 29, EXTEND, STAMP };

static __u32 word_at(const unsigned char *at)
{
	__u32 word;

	memcpy(&word, at, sizeof(word));
	return word;
}

void ob_ring_page(const unsigned char *page, size_t size,
		  void (*take)(void *context, __u64 when, const unsigned char *record,
			       size_t length),
		  void *context)
{
	__u64 when, length;
	size_t at = HEADER, end;

	if (size < HEADER)
		return;
	memcpy(&when, page, sizeof(when));
	memcpy(&length, page + sizeof(when), sizeof(length));
	end = HEADER + (length & LENGTH_MASK);
	end = end < size ? end : size;
	while (at + 4 <= end) {
		__u32 head = word_at(page + at), kind = head & 31, delta = head >> 5;
		__u32 next = at + 8 <= end ? word_at(page + at + 4) : 0;
		size_t from = at + 4, bytes = (size_t)kind * 4;

		switch (kind) {
		case PADDING:
			/* Of a record that was given up; without a length, the rest of the page. */
			if (!delta)
				return;
			when += delta;
			at = from + next;
			continue;
		case EXTEND:
			when += delta + ((__u64)next << DELTA_SHIFT);
			at += 8;
			continue;
		case STAMP:
			/* Some kernels leave out the topmost bits. */
			when = (when & ~0ULL << 59) | (delta + ((__u64)next << DELTA_SHIFT));
			at += 8;
			continue;
		case LONG_RECORD:
			from += 4;
			bytes = next > 4 ? next - 4 : 0;
			break;
		}
		when += delta;
		if (bytes > end - from || from > end)
			return;
		take(context, when, page + from, bytes);
		at = from + (bytes + 3) / 4 * 4;
	}
}
