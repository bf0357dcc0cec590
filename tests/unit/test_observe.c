// SPDX-License-Identifier: GPL-2.0-or-later
/* Observing outside of the kernel: the trace buffer's pages, calls followed through events, drivers' own counts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "observe/follow.h"
#include "observe/own.h"
#include "observe/ring.h"

#define DRIVER 0xffffffffc0001000ULL

static struct ob_call last;
static int calls;

static void take(void *context, const struct ob_call *call)
{
	(void)context;
	last = *call;
	calls++;
}

static void see(struct ob_follow *follow, enum ob_what what, __u64 when, __u64 a, __u64 b, __u64 c,
		__u64 d, __u32 found)
{
	const struct ob_seen seen = { .what = what,
				      .when = when,
				      .tid = (__u32)getpid(),
				      .value = { a, b, c, d },
				      .found = found };

	ob_follow(follow, &seen, take, NULL);
}

/* A call of @pages pages by @args, of which @moved move. */
static void travel(struct ob_follow *follow, __u64 args, __u64 pages, __u64 collected, __u32 moved)
{
	see(follow, OB_SEE_SETUP, 1000, args, 0x10000, 0x10000 + pages * 4096, 1, 0);
	see(follow, OB_SEE_FLUSH, 1050, 3, 5, 0, 0, 0);
	see(follow, OB_SEE_FLUSH, 1060, 3, ~0ULL, 0, 0, 0);
	see(follow, OB_SEE_FLUSH, 1070, 4, 5, 0, 0, 0);
	see(follow, OB_SEE_SETUP_RETURN, 1100, 0, DRIVER, 0, 0, 0);
	see(follow, OB_SEE_PAGES, 1300, args, collected, pages, 0, 0);
	see(follow, OB_SEE_PAGES_RETURN, 1350, 0, DRIVER, 0, 0, 0);
	see(follow, OB_SEE_FINALIZE, 1360, args, collected, pages, 0, moved);
	see(follow, OB_SEE_FINALIZE_RETURN, 1400, 0, DRIVER, 0, 0, 0);
}

static struct ob_follow *begin(void)
{
	const struct ob_config config = { .page_shift = 12, .huge_pages = 512 };

	calls = 0;
	return ob_follow_new(&config);
}

static void a_call_is_followed(void **state)
{
	struct ob_follow *follow = begin();
	struct ob_row *rows;
	size_t count;

	(void)state;
	travel(follow, 0x100, 16, 12, 10);
	/* What another driver asks for and does not get ends without a word. */
	see(follow, OB_SEE_SETUP, 2000, 0x200, 0, 4096, 1, 0);
	see(follow, OB_SEE_SETUP_RETURN, 2100, 0, DRIVER + 64, 0, 0, 0);
	rows = ob_follow_rows(follow, &count);
	assert_int_equal(calls, 1);
	assert_int_equal(last.key.pages, 16);
	assert_int_equal(last.key.kind, OB_TO_DEVICE);
	assert_int_equal(last.collected, 12);
	assert_int_equal(last.migrated, 10);
	assert_int_equal(last.ns[OB_SETUP], 100);
	assert_int_equal(last.ns[OB_DRIVER], 200);
	assert_int_equal(last.ns[OB_PAGES], 50);
	assert_int_equal(last.ns[OB_BETWEEN], 10);
	assert_int_equal(last.ns[OB_FINALIZE], 40);
	assert_int_equal(last.ns[OB_TOTAL], 400);
	assert_int_equal(count, 2);
	for (size_t i = 0; i < count; i++) {
		const struct ob_sums *sums = &rows[i].sums;
		bool first = rows[i].key.caller == DRIVER;

		assert_int_equal(rows[i].key.tgid, getpid());
		assert_int_equal(sums->calls, 1);
		assert_int_equal(sums->finished, first);
		assert_int_equal(sums->empty, !first);
		assert_int_equal(sums->flushes, first ? 2 : 0);
		assert_int_equal(sums->full_flushes, first ? 1 : 0);
		assert_int_equal(sums->flush_pages, first ? 5 : 0);
		assert_int_equal(sums->ipis, first ? 1 : 0);
	}
	free(rows);
	ob_follow_free(follow);
}

static void what_is_missing_is_counted(void **state)
{
	struct ob_follow *follow = begin();
	struct ob_row *rows;
	size_t count;

	(void)state;
	/* Its return was not seen; a size that does not follow from the range is of no such struct. */
	see(follow, OB_SEE_SETUP, 1000, 0x100, 0, 4096, 1, 0);
	travel(follow, 0x100, 4, 4, 4);
	see(follow, OB_SEE_SETUP, 3000, 0x100, 0, 8192, 1, 0);
	see(follow, OB_SEE_SETUP_RETURN, 3100, 0, DRIVER, 0, 0, 0);
	see(follow, OB_SEE_PAGES, 3200, 0x100, 2, 77, 0, 0);
	assert_int_equal(ob_follow_lost(follow).returns, 1);
	rows = ob_follow_rows(follow, &count);
	assert_int_equal(count, 2);
	assert_int_equal(rows[0].sums.unreadable + rows[1].sums.unreadable, 1);
	free(rows);
	ob_follow_free(follow);
}

/* Of a call whose pages were seen to begin alone, what became of them is read all the same. */
static void a_return_that_is_missed_moves_its_pages(void **state)
{
	struct ob_follow *follow = begin();

	(void)state;
	see(follow, OB_SEE_SETUP, 1000, 0x100, 0, 4 * 4096, 1, 0);
	see(follow, OB_SEE_SETUP_RETURN, 1100, 0, DRIVER, 0, 0, 0);
	see(follow, OB_SEE_PAGES, 1200, 0x100, 4, 4, 0, 0);
	see(follow, OB_SEE_FINALIZE, 1400, 0x100, 4, 4, 0, 3);
	see(follow, OB_SEE_FINALIZE_RETURN, 1500, 0, DRIVER, 0, 0, 0);
	assert_int_equal(calls, 1);
	assert_int_equal(last.migrated, 3);
	assert_int_equal(last.ns[OB_PAGES], 0);
	assert_int_equal(last.ns[OB_BETWEEN], 0);
	assert_int_equal(last.ns[OB_TOTAL], 500);
	ob_follow_free(follow);
}

/* A fault within which a migration begins, and one migration within another. */
static void what_lies_within_another_is_told_apart(void **state)
{
	struct ob_follow *follow = begin();

	(void)state;
	see(follow, OB_SEE_SETUP, 500, 0x900, 0, 64 * 4096, 1, 0);
	see(follow, OB_SEE_SETUP_RETURN, 600, 0, DRIVER, 0, 0, 0);
	see(follow, OB_SEE_FAULT, 900, 0, 0, 0, 0, 0);
	see(follow, OB_SEE_SETUP, 1000, 0x100, 0, 4096, 2, 0);
	see(follow, OB_SEE_SETUP_RETURN, 1100, 0, DRIVER, 0, 0, 0);
	see(follow, OB_SEE_PAGES, 1200, 0x100, 1, 1, 0, 0);
	see(follow, OB_SEE_PAGES_RETURN, 1300, 0, DRIVER, 0, 0, 0);
	see(follow, OB_SEE_FINALIZE, 1400, 0x100, 1, 1, 0, 1);
	see(follow, OB_SEE_FINALIZE_RETURN, 1500, 0, DRIVER, 0, 0, 0);
	see(follow, OB_SEE_FAULT_RETURN, 1600, 0, 0, 0, 0, 0);
	assert_int_equal(calls, 1);
	assert_int_equal(last.key.kind, OB_FAULT);
	assert_int_equal(last.ns[OB_FROM_FAULT], 600);
	see(follow, OB_SEE_FINALIZE, 1700, 0x900, 64, 64, 0, 0);
	see(follow, OB_SEE_FINALIZE_RETURN, 1800, 0, DRIVER, 0, 0, 0);
	assert_int_equal(calls, 2);
	assert_int_equal(last.key.pages, 64);
	assert_int_equal(last.migrated, 0);
	ob_follow_free(follow);
}

struct found {
	__u64 when[8];
	size_t length[8], count;
};

static void note(void *context, __u64 when, const unsigned char *record, size_t length)
{
	struct found *found = context;

	(void)record;
	found->when[found->count] = when;
	found->length[found->count++] = length;
}

static void a_page_of_the_buffer_is_taken_apart(void **state)
{
	__u32 page[64] = { 0 };
	const __u64 time = 1000;
	const __u32 words[] = {
		2 | 5 << 5,  0xaaaa, 0xbbbb, /* two words, 5 ns later */
		30 | 7 << 5, 1, /* a long time: 7 + 2^27 ns */
		29 | 1 << 5, 8,	     0, /* given up */
		0 | 1 << 5,  12,     0xcccc, 0xdddd, /* with a length of its own: two words */
	};
	struct found found = { 0 };

	(void)state;
	memcpy(page, &time, sizeof(time));
	page[2] = sizeof(words);
	memcpy(page + 4, words, sizeof(words));
	ob_ring_page((const unsigned char *)page, sizeof(page), note, &found);
	assert_int_equal(found.count, 2);
	assert_int_equal(found.when[0], 1005);
	assert_int_equal(found.length[0], 8);
	assert_int_equal(found.when[1], 1005 + 7 + (1 << 27) + 1 + 1);
	assert_int_equal(found.length[1], 8);
	/* A page that says it is longer than it is. */
	found.count = 0;
	page[2] = 0xfffff;
	page[4] = 28 | 5 << 5;
	ob_ring_page((const unsigned char *)page, 64, note, &found);
	assert_int_equal(found.count, 0);
}

static void a_driver_s_own_counts_are_read(void **state)
{
	char root[] = "/tmp/migbench-observe-XXXXXX", *folder, *file;
	static const char *const texts[] = {
		"svm_4K_migrate_count: 12\nsvm_2M_migrate_count: 3\ntlb_inval: 9\nnonsense\n",
		"svm_4K_migrate_count: 20\nsvm_2M_migrate_count: 3\ntlb_inval: 90\n",
	};
	struct ob_own own = { 0 };

	(void)state;
	assert_non_null(mkdtemp(root));
	folder = mb_format("%s/sys/kernel/debug/dri/0/gt0", root);
	file = mb_format("%s/stats", folder);
	assert_int_equal(mb_make_folders(folder), 0);
	setenv("MIGBENCH_OBSERVE_ROOT", root, 1);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(mb_write_file(file, texts[i], strlen(texts[i])), 0);
		ob_own_read(&own);
	}
	unsetenv("MIGBENCH_OBSERVE_ROOT");
	assert_int_equal(own.count, 2);
	assert_string_equal(own.rows[0].source, "xe, /sys/kernel/debug/dri/0/gt0/stats");
	assert_string_equal(own.rows[0].name, "svm_4K_migrate_count");
	assert_int_equal(own.rows[0].now - own.rows[0].before, 8);
	assert_int_equal(own.rows[1].now - own.rows[1].before, 0);
	ob_own_free(&own);
	mb_remove_tree(root);
	free(folder);
	free(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_call_is_followed),
		cmocka_unit_test(what_is_missing_is_counted),
		cmocka_unit_test(a_return_that_is_missed_moves_its_pages),
		cmocka_unit_test(what_lies_within_another_is_told_apart),
		cmocka_unit_test(a_page_of_the_buffer_is_taken_apart),
		cmocka_unit_test(a_driver_s_own_counts_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
