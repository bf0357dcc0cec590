// SPDX-License-Identifier: GPL-2.0-or-later
/* Debian packages are unpacked as dpkg-deb would, and their fields read, without it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include <archive.h>
#include <archive_entry.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "lab/base/deb.h"

static char folder[] = "/tmp/migbench-deb-XXXXXX";

static int set_up(void **state)
{
	(void)state;
	return mkdtemp(folder) && !chdir(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	return chdir("/") || mb_remove_tree(folder);
}

static void add(struct archive *to, const char *path, mode_t mode, const char *text)
{
	struct archive_entry *entry = archive_entry_new();
	bool link = S_ISLNK(mode);

	archive_entry_set_pathname(entry, path);
	archive_entry_set_mode(entry, mode);
	archive_entry_set_mtime(entry, 1000000000, 0);
	archive_entry_set_size(entry, link || S_ISDIR(mode) ? 0 : (la_int64_t)strlen(text));
	if (link)
		archive_entry_set_symlink(entry, text);
	assert_int_equal(archive_write_header(to, entry), ARCHIVE_OK);
	if (S_ISREG(mode))
		archive_write_data(to, text, strlen(text));
	archive_entry_free(entry);
}

static struct archive *tar(const char *path, bool xz)
{
	struct archive *to = archive_write_new();

	archive_write_set_format_ustar(to);
	if (xz)
		archive_write_add_filter_xz(to);
	else
		archive_write_add_filter_gzip(to);
	assert_int_equal(archive_write_open_filename(to, path), ARCHIVE_OK);
	return to;
}

static void add_file(struct archive *to, const char *path)
{
	struct archive_entry *entry = archive_entry_new();
	size_t length;
	char *data = mb_read_file(path, &length);

	assert_non_null(data);
	archive_entry_set_pathname(entry, path);
	archive_entry_set_mode(entry, S_IFREG | 0644);
	archive_entry_set_size(entry, (la_int64_t)length);
	archive_write_header(to, entry);
	archive_write_data(to, data, length);
	archive_entry_free(entry);
	free(data);
}

/* A package as dpkg-deb builds it; @outside is one more path in it. */
static void build(const char *path, const char *outside)
{
	struct archive *data = tar("data.tar.xz", true), *control = tar("control.tar.gz", false);
	struct archive *deb = archive_write_new();

	add(data, "./", S_IFDIR | 0755, "");
	add(data, "./usr/", S_IFDIR | 0755, "");
	add(data, "./usr/tool", S_IFREG | 0755, "#!/bin/sh\n");
	add(data, "./usr/read", S_IFREG | 0444, "words\n");
	add(data, "./usr/link", S_IFLNK | 0777, "tool");
	add(data, "./lib64/", S_IFDIR | 0755, "");
	add(data, "./lib64/loader", S_IFLNK | 0777, "/usr/tool");
	if (outside)
		add(data, outside, S_IFREG | 0644, "escaped\n");
	archive_write_free(data);
	add(control, "./md5sums", S_IFREG | 0644, "Depends: nothing of that kind\n");
	add(control, "./control", S_IFREG | 0644,
	    "Package: p\nDepends: linux-headers-6.1-common (= 6.1.1), q | r\nDescription: d\n more\n");
	archive_write_free(control);
	archive_write_set_format_ar_svr4(deb);
	assert_int_equal(archive_write_open_filename(deb, path), ARCHIVE_OK);
	add(deb, "debian-binary", S_IFREG | 0644, "2.0\n");
	add_file(deb, "control.tar.gz");
	add_file(deb, "data.tar.xz");
	archive_write_free(deb);
}

static void test_unpack(void **state)
{
	char *why, *text, target[16] = "";
	struct stat st;

	(void)state;
	build("p.deb", NULL);
	assert_int_equal(mb_make_folders("root"), 0);
	assert_int_equal(lab_deb_unpack("p.deb", "root", &why), 0);
	assert_null(why);
	text = mb_read_file("root/usr/tool", NULL);
	assert_string_equal(text, "#!/bin/sh\n");
	free(text);
	assert_int_equal(stat("root/usr/tool", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0755);
	assert_int_equal(st.st_mtime, 1000000000);
	assert_int_equal(stat("root/usr/read", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0444);
	assert_int_equal(readlink("root/usr/link", target, sizeof(target)), 4);
	assert_string_equal(target, "tool");
	/* What is absolute on the machine that it is for stays within the folder. */
	assert_int_equal(readlink("root/lib64/loader", target, sizeof(target)), 11);
	assert_string_equal(target, "../usr/tool");
	/* Once more over what is there, as packages that share folders do. */
	assert_int_equal(lab_deb_unpack("p.deb", "root", &why), 0);
}

static void test_field(void **state)
{
	char *value;

	(void)state;
	build("p.deb", NULL);
	value = lab_deb_field("p.deb", "Depends");
	assert_string_equal(value, "linux-headers-6.1-common (= 6.1.1), q | r");
	free(value);
	value = lab_deb_field("p.deb", "Pre-Depends");
	assert_string_equal(value, "");
	free(value);
	assert_null(lab_deb_field("missing.deb", "Depends"));
}

static void test_bad(void **state)
{
	struct stat st;
	char *why;

	(void)state;
	assert_int_equal(lab_deb_unpack("missing.deb", "root", &why), -1);
	assert_non_null(strstr(why, "No such file"));
	free(why);
	assert_int_equal(mb_write_file("no.deb", "no package\n", 11), 0);
	assert_int_equal(lab_deb_unpack("no.deb", "root", &why), -1);
	assert_non_null(why);
	free(why);
	/* Cut short, as by a full disk. */
	build("p.deb", NULL);
	assert_int_equal(stat("p.deb", &st), 0);
	assert_int_equal(truncate("p.deb", st.st_size - 100), 0);
	assert_int_equal(lab_deb_unpack("p.deb", "root", &why), -1);
	assert_non_null(why);
	free(why);
	/* Nothing is written beside the folder. */
	build("p.deb", "./../escaped");
	assert_int_equal(lab_deb_unpack("p.deb", "root", &why), -1);
	free(why);
	assert_false(mb_exists("escaped"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unpack),
		cmocka_unit_test(test_field),
		cmocka_unit_test(test_bad),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
