// SPDX-License-Identifier: GPL-2.0-or-later
/* Instructions of x86-64 (Intel SDM, volume 2) and of arm64 (Arm Architecture Reference Manual, C4 to C6). */
#include <string.h>

#include "lab/payload/encodings.h"
#include "lab/payload/record.h"

/*
 * invlpg, and writes to CR3 and CR4. The emulated CPU has neither INVPCID nor INVLPGB. An address
 * that is made of two registers is not followed: then all that is not global counts as gone.
 */
static void find_flush(const unsigned char *code, size_t length, struct encoding *encoding)
{
	size_t rex = length && (code[0] & 0xf0) == 0x40;
	unsigned char modrm, high = rex && (code[0] & 1) ? 8 : 0;

	if (length < rex + 3 || code[rex] != 0x0f)
		return;
	modrm = code[rex + 2];
	if (code[rex + 1] == 0x22) {
		encoding->flush = (modrm >> 3 & 7) == 3	  ? LAB_TRACE_FLUSH
				  : (modrm >> 3 & 7) == 4 ? LAB_TRACE_FLUSH_ALL
							  : 0;
		return;
	}
	if (code[rex + 1] != 0x01 || (modrm >> 3 & 7) != 7 || modrm >> 6 == 3)
		return;
	encoding->flush = LAB_TRACE_FLUSH;
	if ((modrm & 7) == 4 || (modrm >> 6 == 0 && (modrm & 7) == 5))
		return;
	encoding->flush = LAB_TRACE_FLUSH_PAGE;
	encoding->base = (modrm & 7u) + high;
	if (modrm >> 6 == 1 && length > rex + 3)
		encoding->displacement = (int8_t)code[rex + 3];
	if (modrm >> 6 == 2 && length >= rex + 7)
		memcpy(&encoding->displacement, code + rex + 3, sizeof(encoding->displacement));
}

struct encoding encoding_x86(const unsigned char *code, size_t length)
{
	static const unsigned char near_call = 0xe8;
	struct encoding encoding = { .says = length && code[0] == near_call ? LAB_TRACE_CALL : 0 };

	find_flush(code, length, &encoding);
	return encoding;
}

/*
 * TLBI is SYS with CRn 8 (9: nXS); bits 0 to 2 of CRm say what is flushed and for whom: 3 and 7 by
 * address or all, of the inner shareable domain and of this CPU; 1, 2, 5 and 6 are outer shareable and
 * ranges (Arm Architecture Reference Manual, C5.1.3); op2 says which of them. Of ranges not the address
 * is followed: then all that is not global counts as gone. A write to TTBR0 leaves all where it is:
 * translations have the number of their task.
 */
static uint64_t flushed_by(uint32_t word)
{
	static const uint64_t by_op2[] = { LAB_TRACE_FLUSH_ALL, LAB_TRACE_FLUSH_PAGE,
					   LAB_TRACE_FLUSH,	LAB_TRACE_FLUSH_PAGE,
					   LAB_TRACE_FLUSH_ALL, LAB_TRACE_FLUSH_PAGE,
					   LAB_TRACE_FLUSH_ALL, LAB_TRACE_FLUSH_PAGE };
	uint32_t crn = word >> 12 & 15, crm = word >> 8 & 7;

	if ((word & 0xfff80000) != 0xd5080000 || (crn != 8 && crn != 9))
		return 0;
	return crm == 2 || crm == 5 || crm == 6 ? LAB_TRACE_FLUSH : by_op2[word >> 5 & 7];
}

struct encoding encoding_arm64(uint32_t word)
{
	static const uint32_t dc_zva = 0xd50b7420;
	/* A function that calls others puts where it returns to on the stack: stp x29, x30, [sp, …]. */
	bool frame = (word & 0xfe407fff) == 0xa8007bfd;

	return (struct encoding){ .says = frame ? LAB_TRACE_CALL : 0,
				  .flush = flushed_by(word),
				  .zeroes = (word & ~0x1fU) == dc_zva,
				  .base = word & 0x1f };
}
