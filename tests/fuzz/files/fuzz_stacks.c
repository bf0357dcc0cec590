// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzzer: a profile, from the kernel's symbols, the guest's records and the plugin's trace (three
 * pieces with lines "%%" between them) to its stacks.
 */
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/status.h"
#include "lab/profile/profile.h"
#include "tests/fuzz/files/file.h"

static void write_out(struct lab_account *account, const struct lab_sampled *sampled,
		      const struct lab_symbols *symbols, size_t sides)
{
	const struct lab_side side = { .label = "kernel", .account = account, .symbols = symbols };
	struct lab_profile profile = { .name = sampled->name ? sampled->name : "point",
				       .pages = sampled->pages ? sampled->pages : 1,
				       .sides = { side, side },
				       .side_count = sides };

	lab_profile_rows(&profile);
	lab_profile_text(&profile, fuzz_out());
	lab_profile_json(&profile, fuzz_out());
	lab_profile_folded(&profile, fuzz_out());
	lab_profile_svg(&profile, fuzz_out());
	lab_profile_free(&profile);
	fuzz_heard(MB_OK);
}

static void account_for(const struct lab_trace *trace, const struct lab_sampled *sampled,
			struct lab_symbols *symbols, size_t sides)
{
	struct lab_match match = { .count = 1 };
	struct lab_account account = { 0 };
	int status = lab_match(sampled, trace, &match);

	fuzz_heard(status);
	/* What rarely fits is accounted for all the same, from the first timestamp to the last. */
	if (status && trace->border_count < 2)
		return;
	if (status) {
		match.count = 1;
		match.value = &sampled->values[0];
		match.pieces[0] = (struct lab_piece){ .to = trace->border_count - 1 };
	}
	lab_account(&account, &match, sampled->phased, trace, symbols);
	write_out(&account, sampled, symbols, sides);
	lab_account_free(&account);

	status = lab_account_program(&account, sampled, trace, symbols);
	fuzz_heard(status);
	if (!status)
		write_out(&account, sampled, symbols, sides);
	lab_account_free(&account);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lab_symbols symbols = { 0 };
	struct lab_sampled sampled = { 0 };
	struct lab_trace trace = { 0 };
	struct mb_list lines = { 0 };
	size_t length, sides;
	const uint8_t *piece;
	char *text, *rest, *line;
	int status;

	if (!size)
		return 0;
	sides = *data % 2 + 1;
	data++, size--;
	piece = fuzz_piece(&data, &size, &length);
	status = lab_symbols_add_kernel(&symbols, fuzz_file(0, piece, length));
	fuzz_heard(status);
	lab_symbols_sort(&symbols);

	piece = fuzz_piece(&data, &size, &length);
	rest = text = mb_format("%.*s", (int)length, (const char *)piece);
	while ((line = strsep(&rest, "\n")))
		if (*line)
			mb_list_add(&lines, "%s", line);
	free(text);
	if (!status) {
		status = lab_sampled_read(&sampled, &lines);
		fuzz_heard(status);
	}
	if (!status) {
		status = lab_trace_read(&trace, fuzz_file(1, data, size), &symbols);
		fuzz_heard(status);
	}
	if (!status)
		account_for(&trace, &sampled, &symbols, sides);
	mb_list_free(&lines);
	lab_sampled_free(&sampled);
	lab_trace_free(&trace);
	lab_symbols_free(&symbols);
	return 0;
}
