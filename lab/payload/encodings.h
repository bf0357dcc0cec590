/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an instruction says by its encoding of the memory and the TLB that it reaches. */
#ifndef MIGBENCH_LAB_PAYLOAD_ENCODINGS_H
#define MIGBENCH_LAB_PAYLOAD_ENCODINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct encoding {
	uint64_t says; /* of its accesses: LAB_TRACE_CALL, or 0 */
	uint64_t flush; /* one of LAB_TRACE_FLUSH…, or 0 */
	bool zeroes; /* a line, which QEMU tells nobody of */
	/* Where the address is that is flushed or zeroed: a general register, and so far from it. */
	size_t base;
	int32_t displacement;
};

struct encoding encoding_x86(const unsigned char *code, size_t length);
struct encoding encoding_arm64(uint32_t word);

#endif
