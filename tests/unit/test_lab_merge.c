// SPDX-License-Identifier: GPL-2.0-or-later
/* A run file of before stays until a boot has measured something. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/campaign/merge.h"

#define OLD "{\"type\":\"run\",\"id\":\"old\"}\n{\"type\":\"end\"}\n"

static const char *const before[] = {
	"{\"type\":\"env\",\"env\":{\"kernel\":\"6.1\"},\"config\":{\"suite\":\"x\"}}",
	"{\"type\":\"point\",\"id\":1,\"benchmark\":\"null\",\"params\":{\"part\":\"clock\"}}",
	"{\"type\":\"point\",\"id\":2,\"benchmark\":\"null\",\"params\":{\"part\":\"ioctl\"}}",
	"{\"type\":\"skip\",\"point\":2,\"why\":\"no module\"}",
};
static const char block[] =
	"{\"type\":\"block\",\"point\":1,\"metrics\":{\"total\":{\"unit\":\"insns\",\"values\":[5]}}}";
static const char invalid[] =
	"{\"type\":\"block\",\"point\":1,\"invalid\":1,\"metrics\":{\"total\":{\"unit\":\"insns\",\"values\":[]}}}";

static char path[] = "/tmp/migbench-test-XXXXXX";

/* A file of before, and a first boot that has come as far as to its first block. */
static void begin(struct lab_merge *merge)
{
	*merge = (struct lab_merge){ .path = path,
				     .label = "6.1",
				     .kernel = "6.1",
				     .topology = "2-node",
				     .clock = "insns",
				     .accelerator = "tcg",
				     .cpu = "qemu64",
				     .qemu = "9",
				     .suite = "quick",
				     .program = "0",
				     .boots = 1,
				     .targets = 1 };

	assert_int_equal(mb_write_file(path, OLD, strlen(OLD)), 0);
	merge->out = fopen(path, "r+e");
	assert_non_null(merge->out);
	lab_merge_begin(merge, 0);
	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++)
		assert_int_equal(lab_merge_line(merge, before[i]), MB_OK);
}

static char *end(struct lab_merge *merge)
{
	lab_merge_free(merge);
	assert_int_equal(fclose(merge->out), 0);
	return mb_read_file(path, NULL);
}

static void stays_where_nothing_is_measured(void **state)
{
	struct lab_merge merge;
	char *text;

	(void)state;
	begin(&merge);
	assert_int_equal(lab_merge_line(&merge, invalid), MB_OK);
	assert_int_equal(lab_merge_failed(&merge, "it panicked"), MB_OK);
	text = end(&merge);
	assert_string_equal(text, OLD);
	free(text);
}

static void is_replaced_by_a_block(void **state)
{
	struct lab_merge merge;
	char *text;

	(void)state;
	begin(&merge);
	assert_int_equal(lab_merge_line(&merge, invalid), MB_OK);
	assert_int_equal(lab_merge_line(&merge, block), MB_OK);
	assert_int_equal(lab_merge_boot_end(&merge), MB_OK);
	assert_int_equal(lab_merge_finish(&merge), MB_OK);
	text = end(&merge);
	assert_null(strstr(text, "\"old\""));
	assert_int_equal(strncmp(text, "{\"type\":\"run\"", 13), 0);
	assert_non_null(strstr(text, "no module"));
	assert_true(strstr(text, "no module") < strstr(text, "\"block\""));
	assert_non_null(strstr(text, "\"end\""));
	free(text);
}

static void says_which_boots_differ(void **state)
{
	static const char other[] =
		"{\"type\":\"block\",\"point\":1,\"metrics\":{\"total\":{\"unit\":\"insns\",\"values\":[6]}}}";
	struct lab_merge merge;
	char *text;

	(void)state;
	begin(&merge);
	merge.exact = true;
	assert_int_equal(lab_merge_line(&merge, block), MB_OK);
	assert_int_equal(lab_merge_boot_end(&merge), MB_OK);
	lab_merge_begin(&merge, 1);
	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++)
		assert_int_equal(lab_merge_line(&merge, before[i]), MB_OK);
	assert_int_equal(lab_merge_line(&merge, other), MB_OK);
	assert_int_equal(lab_merge_boot_end(&merge), MB_OK);
	assert_int_equal(lab_merge_finish(&merge), MB_BAD);
	text = end(&merge);
	assert_non_null(strstr(text,
			       "\"valid\":false,\"why\":\"boot 1 differs from boot 0 in 1 of 2 "
			       "points, first in null/part=clock\""));
	free(text);
}

static void is_replaced_by_a_boot_without(void **state)
{
	struct lab_merge merge;
	char *text;

	(void)state;
	begin(&merge);
	assert_int_equal(lab_merge_boot_end(&merge), MB_OK);
	assert_int_equal(lab_merge_finish(&merge), MB_OK);
	text = end(&merge);
	assert_null(strstr(text, "\"old\""));
	assert_non_null(strstr(text, "\"end\""));
	free(text);
}

static int make_file(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stays_where_nothing_is_measured),
		cmocka_unit_test(is_replaced_by_a_block),
		cmocka_unit_test(says_which_boots_differ),
		cmocka_unit_test(is_replaced_by_a_boot_without),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}
