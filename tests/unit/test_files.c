// SPDX-License-Identifier: GPL-2.0-or-later
/* What is finished has its name only once it is on the disk, or written at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/text.h"

static struct {
	const char *name; /* of what is finished */
	int asked;
	bool early; /* it was there already when the disk was asked */
	bool fails;
} disk;

/* In place of the C library's. */
int syncfs(int fd)
{
	struct stat st;

	disk.asked += !fstat(fd, &st) && S_ISDIR(st.st_mode);
	disk.early |= mb_exists(disk.name);
	if (!disk.fails)
		return 0;
	errno = EIO;
	return -1;
}

static void written_before_it_is_named(void **state)
{
	char folder[] = "/tmp/migbench-test-XXXXXX", *partial, *file;

	(void)state;
	assert_non_null(mkdtemp(folder));
	partial = mb_format("%s/whole.partial", folder);
	file = mb_format("%s/none/file", folder);
	disk.name = mb_format("%s/whole", folder);
	assert_int_equal(mb_make_folders(partial), 0);
	disk.fails = true;
	assert_int_equal(mb_put_in_place(partial, disk.name), -1);
	assert_int_equal(errno, EIO);
	assert_false(mb_exists(disk.name));
	disk.fails = false;
	assert_int_equal(mb_put_in_place(partial, disk.name), 0);
	assert_true(mb_is_folder(disk.name));
	assert_int_equal(disk.asked, 2);
	assert_false(disk.early);
	assert_int_equal(mb_make_folders(partial), 0);
	assert_int_equal(mb_put_in_place(partial, file), -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(mb_remove_tree(folder), 0);
	free((char *)disk.name);
	free(file);
	free(partial);
}

/* Whole, or as it was; and names beside it that are somebody's stay. */
static void replaced_at_once(void **state)
{
	char folder[] = "/tmp/migbench-test-XXXXXX", *file, *part, *text;
	struct mb_list names = { 0 };
	struct rlimit was, none = { 0 };

	(void)state;
	assert_non_null(mkdtemp(folder));
	file = mb_format("%s/file", folder);
	part = mb_format("%s.part", file);
	assert_int_equal(mb_write_file(part, "mine", 4), 0);
	assert_int_equal(mb_replace_file(file, "one", 3), 0);
	assert_int_equal(mb_replace_file(file, "two", 3), 0);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
	none.rlim_max = was.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	assert_int_equal(mb_replace_file(file, "three", 5), -1);
	assert_int_equal(errno, EFBIG);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
	text = mb_read_file(file, NULL);
	assert_string_equal(text, "two");
	free(text);
	text = mb_read_file(part, NULL);
	assert_string_equal(text, "mine");
	free(text);
	mb_names_in(folder, "", &names);
	assert_int_equal(names.count, 2);
	mb_list_free(&names);
	assert_int_equal(mb_remove_tree(folder), 0);
	free(part);
	free(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(written_before_it_is_named),
		cmocka_unit_test(replaced_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
