// SPDX-License-Identifier: GPL-2.0-or-later
/* Instructions, as assemblers encode them, say which address leaves the TLB and where a stack is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lab/payload/encodings.h"
#include "lab/payload/record.h"

static void x86_flushes_by_invlpg_and_control_registers(void **state)
{
	static const struct {
		unsigned char code[7];
		size_t length, base;
		uint64_t flush;
		int32_t displacement;
	} known[] = {
		{ { 0x0f, 0x01, 0x38 }, 3, 0, LAB_TRACE_FLUSH_PAGE, 0 }, /* (%rax) */
		{ { 0x41, 0x0f, 0x01, 0x79, 0x10 },
		  5,
		  9,
		  LAB_TRACE_FLUSH_PAGE,
		  0x10 }, /* 0x10(%r9) */
		{ { 0x0f, 0x01, 0xbf, 0x00, 0xf0, 0xff, 0xff },
		  7,
		  7,
		  LAB_TRACE_FLUSH_PAGE,
		  -0x1000 },
		{ { 0x0f, 0x01, 0x3c, 0x18 }, 4, 0, LAB_TRACE_FLUSH, 0 }, /* (%rax,%rbx) */
		{ { 0x0f, 0x22, 0xd8 }, 3, 0, LAB_TRACE_FLUSH, 0 }, /* mov %rax,%cr3 */
		{ { 0x0f, 0x22, 0xe0 }, 3, 0, LAB_TRACE_FLUSH_ALL, 0 }, /* … %cr4 */
		{ { 0x0f, 0x22, 0xc0 }, 3, 0, 0, 0 }, /* … %cr0 */
		{ { 0x0f, 0x20, 0xd8 }, 3, 0, 0, 0 }, /* mov %cr3,%rax */
		{ { 0x0f, 0x01, 0xf8 }, 3, 0, 0, 0 }, /* swapgs */
	};
	static const unsigned char call[] = { 0xe8, 0xfb, 0xff, 0xff, 0xff };

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		struct encoding is = encoding_x86(known[i].code, known[i].length);

		assert_int_equal(is.flush, known[i].flush);
		assert_int_equal(is.base, known[i].base);
		assert_int_equal(is.displacement, known[i].displacement);
		assert_int_equal(is.says, 0);
	}
	assert_int_equal(encoding_x86(call, sizeof(call)).says, LAB_TRACE_CALL);
}

static void arm64_flushes_by_tlbi(void **state)
{
	static const struct {
		uint32_t word;
		size_t base;
		uint64_t flush;
	} known[] = {
		{ 0xd50883a3, 3, LAB_TRACE_FLUSH_PAGE }, /* tlbi vale1is, x3 */
		{ 0xd5088335, 21, LAB_TRACE_FLUSH_PAGE }, /* tlbi vae1is, x21 */
		{ 0xd5088342, 2, LAB_TRACE_FLUSH }, /* tlbi aside1is, x2 */
		{ 0xd508831f, 31, LAB_TRACE_FLUSH_ALL }, /* tlbi vmalle1is */
		{ 0xd508871f, 31, LAB_TRACE_FLUSH_ALL }, /* tlbi vmalle1 */
		{ 0xd50882a0, 0, LAB_TRACE_FLUSH }, /* tlbi rvale1is, x0 */
		{ 0xd5182000, 0, 0 }, /* msr ttbr0_el1, x0 */
		{ 0xd50b7e27, 7, 0 }, /* dc civac, x7 */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		struct encoding is = encoding_arm64(known[i].word);

		assert_int_equal(is.flush, known[i].flush);
		assert_int_equal(is.base, known[i].base);
		assert_false(is.zeroes);
		assert_int_equal(is.says, 0);
	}
}

static void arm64_leaves_frames_and_zeroes_lines(void **state)
{
	(void)state;
	assert_int_equal(encoding_arm64(0xa9be7bfd).says,
			 LAB_TRACE_CALL); /* stp x29, x30, [sp, #-32]! */
	assert_int_equal(encoding_arm64(0xa9017bfd).says, LAB_TRACE_CALL); /* … [sp, #16] */
	assert_int_equal(encoding_arm64(0xa9bf7bf3).says, 0); /* stp x19, x30, [sp, #-16]! */
	assert_int_equal(encoding_arm64(0xa8c27bfd).says, 0); /* ldp x29, x30, [sp], #32 */
	assert_true(encoding_arm64(0xd50b7427).zeroes); /* dc zva, x7 */
	assert_int_equal(encoding_arm64(0xd50b7427).base, 7);
	assert_int_equal(encoding_arm64(0xd50b7427).flush, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(x86_flushes_by_invlpg_and_control_registers),
		cmocka_unit_test(arm64_flushes_by_tlbi),
		cmocka_unit_test(arm64_leaves_frames_and_zeroes_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
