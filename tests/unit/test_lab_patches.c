// SPDX-License-Identifier: GPL-2.0-or-later
/* What patches make of a source: files changed, moved, made and gone; and links to it left alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/base/spawn.h"
#include "lab/diff/patches.h"

static char *root;

static char *in(const char *name)
{
	return mb_format("%s/%s", root, name);
}

static void put(const char *name, const char *text)
{
	char *path = in(name);

	assert_int_equal(mb_write_file(path, text, strlen(text)), 0);
	free(path);
}

/* The file of the tree is @text, or, NULL, is not there. */
static void expect(const char *name, const char *text)
{
	char *path = in(name), *is = mb_read_file(path, NULL);

	if (text)
		assert_non_null(is);
	else
		assert_null(is);
	if (text)
		assert_string_equal(is, text);
	free(is);
	free(path);
}

static int set_up(void **state)
{
	static const char *const folders[] = { "tree/mm", "tree/include" };
	char *old, *link_name;

	(void)state;
	root = mb_format("/tmp/migbench-unit-XXXXXX");
	assert_non_null(mkdtemp(root));
	for (size_t i = 0; i < 2; i++) {
		char *path = in(folders[i]);

		assert_int_equal(mb_make_folders(path), 0);
		free(path);
	}
	put("tree/mm/a.c", "one\ntwo\nthree\nfour\n");
	put("tree/include/a.h", "header\n");
	put("tree/include/old.h", "old\n");
	/* The cache's own source is what a patched copy is a link to. */
	old = in("tree/mm/a.c");
	link_name = in("original.c");
	assert_int_equal(link(old, link_name), 0);
	free(link_name);
	free(old);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	mb_remove_tree(root);
	free(root);
	return 0;
}

static const char diff[] = "--- a/mm/a.c\n+++ b/mm/a.c\n"
			   "@@ -1,4 +1,4 @@\n one\n-two\n+second\n three\n four\n";
static const char git_diff[] =
	"diff --git a/include/a.h b/include/b.h\nsimilarity index 100%\n"
	"rename from include/a.h\nrename to include/b.h\n"
	"diff --git a/include/old.h b/include/old.h\ndeleted file mode 100644\n"
	"--- a/include/old.h\n+++ /dev/null\n@@ -1 +0,0 @@\n-old\n"
	"diff --git a/include/new.h b/include/new.h\nnew file mode 100755\n"
	"--- /dev/null\n+++ b/include/new.h\n@@ -0,0 +1 @@\n+new\n";
/* The same as @diff, as mails have it. */
static const char mail[] =
	"From: T <t@localhost>\nSubject: [PATCH] mm: second\nMIME-Version: 1.0\n"
	"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
	"It is the second=\n.\n\n--- a/mm/a.c\n+++ b/mm/a.c\n"
	"@@ -1,4 +1,4 @@=\n\n one\n-two\n+sec=6Fnd\n three\n four\n";

/* Read the files "1.patch" … of @count, and apply them. */
static void apply(size_t count, bool reverse)
{
	struct mb_strings operands = { .count = count };
	struct lab_patches patches;
	char *names[2], *tree = in("tree");

	for (size_t i = 0; i < count; i++) {
		char *name = mb_format("%zu.patch", i + 1);

		operands.at[i] = names[i] = in(name);
		free(name);
	}
	assert_int_equal(lab_patches_read(&operands, reverse, &patches), MB_OK);
	assert_int_equal(lab_patches_check(&patches, tree, NULL, 0), MB_OK);
	assert_int_equal(lab_patches_apply(&patches, tree), 0);
	lab_patches_free(&patches);
	for (size_t i = 0; i < count; i++)
		free(names[i]);
	free(tree);
}

static void test_there_and_back(void **state)
{
	struct stat st;
	char *path = in("tree/include/new.h");

	(void)state;
	put("1.patch", diff);
	put("2.patch", git_diff);
	apply(2, false);
	expect("tree/mm/a.c", "one\nsecond\nthree\nfour\n");
	expect("original.c", "one\ntwo\nthree\nfour\n");
	expect("tree/include/a.h", NULL);
	expect("tree/include/b.h", "header\n");
	expect("tree/include/old.h", NULL);
	expect("tree/include/new.h", "new\n");
	assert_int_equal(stat(path, &st), 0);
	assert_true(st.st_mode & 0100);
	free(path);
	apply(2, true);
	expect("tree/mm/a.c", "one\ntwo\nthree\nfour\n");
	expect("tree/include/a.h", "header\n");
	expect("tree/include/old.h", "old\n");
	expect("tree/include/new.h", NULL);
}

static void test_encoded(void **state)
{
	(void)state;
	put("1.patch", mail);
	apply(1, false);
	expect("tree/mm/a.c", "one\nsecond\nthree\nfour\n");
}

static void test_context(void **state)
{
	(void)state;
	put("1.patch", "*** mm/a.c\t2024-01-01 00:00:00\n--- mm/a.c\t2024-01-02 00:00:00\n"
		       "***************\n*** 1,4 ****\n  one\n! two\n  three\n  four\n"
		       "--- 1,4 ----\n  one\n! second\n  three\n  four\n");
	apply(1, false);
	expect("tree/mm/a.c", "one\nsecond\nthree\nfour\n");
	expect("original.c", "one\ntwo\nthree\nfour\n");
}

/* A path that leads out of the source is none of it. */
static void test_outside(void **state)
{
	struct mb_strings operands = { .count = 1 };
	struct lab_patches patches;
	char *name = in("1.patch"), *tree = in("tree");

	(void)state;
	put("1.patch", "--- a/../original.c\n+++ b/../original.c\n"
		       "@@ -1,4 +1,4 @@\n one\n-two\n+second\n three\n four\n");
	operands.at[0] = name;
	if (!lab_patches_read(&operands, false, &patches))
		assert_int_equal(lab_patches_check(&patches, tree, NULL, 0), MB_REQUEST);
	lab_patches_free(&patches);
	expect("original.c", "one\ntwo\nthree\nfour\n");
	free(tree);
	free(name);
}

/* One text, whether it came as a mail or was taken out of it: so it is one kernel. */
static void test_same_text(void **state)
{
	struct mb_strings operands = { .count = 1 };
	struct lab_patches one, other;
	char *name = in("1.patch"), *folder = in("stored");

	(void)state;
	put("1.patch", mail);
	operands.at[0] = name;
	assert_int_equal(lab_patches_read(&operands, false, &one), MB_OK);
	assert_string_equal(one.name, "1");
	assert_int_equal(mb_make_folders(folder), 0);
	assert_int_equal(lab_patches_store(&one, folder), 0);
	operands.at[0] = folder;
	assert_int_equal(lab_patches_read(&operands, false, &other), MB_OK);
	assert_int_equal(other.count, 1);
	assert_string_equal(one.at[0].text, other.at[0].text);
	lab_patches_free(&other);
	lab_patches_free(&one);
	free(folder);
	free(name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_there_and_back, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_encoded, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_context, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_outside, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_same_text, set_up, tear_down),
	};

	if (!lab_have_program("git"))
		return MB_SKIP;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
