// SPDX-License-Identifier: GPL-2.0-or-later
/* apt's source files for another suite, and its answers: what was asked for and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/list.h"
#include "lab/base/arch.h"
#include "lab/kernel/apt.h"
#include "lab/kernel/source_package.h"
#include "lab/kernel/stock.h"

static void check(const char *text, bool deb822, const char *suite, const char *expected)
{
	char *got = lab_apt_retarget(text, deb822, suite);

	assert_string_equal(got, expected);
	free(got);
}

static const char stanzas[] = "# A comment\n"
			      "Types: deb deb-src\n"
			      "URIs: http://main.example/debian\n"
			      "Suites: bookworm\n"
			      " bookworm-updates\n"
			      "Components: main\n"
			      "Signed-By:\n"
			      " -----BEGIN PGP PUBLIC KEY BLOCK-----\n"
			      " .\n"
			      "\n"
			      "Types: deb\n"
			      "URIs: http://security.example/\n"
			      "suites: bookworm-security\n"
			      "Components: main\n"
			      "Signed-By: /a.gpg\n"
			      "\n"
			      "Types: deb\n"
			      "URIs: http://flat.example/\n"
			      "Suites: ./\n";

static void test_stanzas(void **state)
{
	(void)state;
	check(stanzas, true, "bookworm-backports",
	      "Types: deb\n"
	      "URIs: http://main.example/debian\n"
	      "Suites: bookworm-backports\n"
	      "Components: main\n"
	      "Signed-By:\n"
	      " -----BEGIN PGP PUBLIC KEY BLOCK-----\n"
	      " .\n"
	      "\n");
	check(stanzas, true, "bullseye-security",
	      "Types: deb\n"
	      "URIs: http://security.example/\n"
	      "Suites: bullseye-security\n"
	      "Components: main\n"
	      "Signed-By: /a.gpg\n"
	      "\n");
	check("", true, "sid", "");
}

static void test_lines(void **state)
{
	static const char lines[] = "# deb http://off.example/ bookworm main\n"
				    "deb [signed-by=/a.gpg arch=amd64] http://main.example/ "
				    "bookworm main contrib\n"
				    "deb-src http://main.example/ bookworm main\n"
				    "deb http://main.example/ bookworm-updates main\n"
				    "deb http://security.example/ bookworm-security main\n"
				    "deb http://flat.example/ ./\n"
				    "deb";

	(void)state;
	check(lines, false, "trixie",
	      "deb [signed-by=/a.gpg arch=amd64] http://main.example/ trixie main contrib\n");
	check(lines, false, "trixie-security",
	      "deb http://security.example/ trixie-security main\n");
}

static const char madison[] =
	"linux-source-6.12 | 6.12.9-1 | http://a.example/debian bookworm/main amd64 Packages\n"
	"linux-source-6.1 |  6.1.9-2 | http://a.example/debian bookworm/updates/main amd64 Packages\n"
	"linux-source-6.1 |  6.1.9-1 | http://a.example/debian bookworm/main Sources\n"
	"linux-source-6.1 |  6.1.8-1 | http://a.example/debian bookworm-security/main amd64 Packages\n"
	"linux-source-6.1 |  6.1.7-1 | http://a.example/bookworm/ bookworm/main amd64 Packages\n"
	"linux-source-6x1 |  6.1.6-1 | http://a.example/debian sid/main amd64 Packages\n"
	"linux-image-6.1:arm64 |  6.1.9-3 | http://a.example/debian sid/main arm64 Packages\n";

static void check_madison(const char *package, const char *suites, const char *version,
			  const char *suite)
{
	struct mb_list list = { 0 };
	char *from = NULL, *got;

	mb_list_split(&list, suites);
	got = lab_apt_read_madison(madison, package, &list, &from);
	if (!version) {
		assert_null(got);
		assert_null(from);
	} else {
		assert_string_equal(got, version);
		assert_string_equal(from, suite);
	}
	free(from);
	free(got);
	mb_list_free(&list);
}

static void test_madison(void **state)
{
	(void)state;
	check_madison("linux-source-6.1", "bookworm", "6.1.7-1", "bookworm");
	check_madison("linux-source-6.1", "bookworm,bookworm-security", "6.1.8-1",
		      "bookworm-security");
	check_madison("linux-source-6.12", "bookworm", "6.12.9-1", "bookworm");
	/* A name is no pattern, and no other name's beginning; nor is a suite's. */
	check_madison("linux-source-6.1", "sid", NULL, NULL);
	check_madison("linux-image-6.1", "sid", "6.1.9-3", "sid");
	check_madison("linux-source-6.", "bookworm", NULL, NULL);
	check_madison("linux-source-6", "bookworm", NULL, NULL);
	check_madison("linux-source-6.1", "book", NULL, NULL);
	check_madison("linux-source-6.1", "bookworm.security", NULL, NULL);
	check_madison("linux-source-6.12", "bookworm-security", NULL, NULL);
}

static void test_show(void **state)
{
	static const char show[] = "Package: gcc-12\nVersion: 12.2.0\n\n"
				   "Package: gcc-1.\nSource: x\nVersion: 3\n\n"
				   "Package: gcc-10\n\nVersion: 4\n";
	char *got;

	(void)state;
	got = lab_apt_read_show(show, "gcc-12");
	assert_string_equal(got, "12.2.0");
	free(got);
	got = lab_apt_read_show(show, "gcc-1.");
	assert_string_equal(got, "3");
	free(got);
	assert_null(lab_apt_read_show(show, "gcc-1"));
	assert_null(lab_apt_read_show(show, "gcc-10"));
	assert_null(lab_apt_read_show("", "gcc-1"));
}

static void test_trouble(void **state)
{
	struct lab_apt apt = { 0 };

	(void)state;
	assert_int_equal(lab_apt_trouble("Get:1 http://a.example bookworm InRelease"), 0);
	assert_null(lab_apt_reason(&apt));
	apt.trouble = lab_apt_trouble("  Temporary failure resolving 'a.example'");
	assert_non_null(strstr(lab_apt_reason(&apt), "network"));
	apt.trouble = lab_apt_trouble("E: Write error - write (28: No space left on device)");
	assert_non_null(strstr(lab_apt_reason(&apt), "disk is full"));
	apt.trouble = lab_apt_trouble("E: Could not get lock /var/lib/dpkg/lock. It is held by 1");
	assert_non_null(strstr(lab_apt_reason(&apt), "another process"));
	apt.trouble = lab_apt_trouble("W: ... verified: NO_PUBKEY 0E98404D386FA1D9");
	assert_non_null(strstr(lab_apt_reason(&apt), "keyring"));
	/* Of several the cause counts, and not what follows from it. */
	assert_true(lab_apt_trouble("No space left on device") < lab_apt_trouble("404  Not Found"));
}

/* What will be fetched, and not what apt says beside it. */
static void test_sizes(void **state)
{
	(void)state;
	assert_int_equal(
		lab_apt_read_sizes("Reading package lists...\n"
				   "'http://host/a_1%3a2_amd64.deb' a_1%3a2_amd64.deb 1000 "
				   "SHA256:12\n"
				   "'http://host/b.deb' b.deb 20 MD5Sum:34\n"),
		1020);
	assert_int_equal(lab_apt_read_sizes("'http://host/a.deb' a.deb 7"), 7);
	assert_int_equal(lab_apt_read_sizes("'http://host/a.deb'\nb 3 4\n"), 0);
	assert_int_equal(lab_apt_read_sizes(""), 0);
}

/* Whether that package is an image of that series, of the flavour of x86-64. */
static bool is_image(const char *name, const char *series)
{
	return lab_stock_is_image(name, series, "cloud-amd64");
}

static void test_images(void **state)
{
	(void)state;
	assert_true(is_image("linux-image-6.1.0-56-cloud-amd64", "6.1"));
	assert_true(is_image("linux-image-6.12.9+deb13-cloud-amd64", "6.12"));
	assert_false(is_image("linux-image-6.12.9+deb13-cloud-amd64", "6.1"));
	assert_false(is_image("linux-image-6x1.0-56-cloud-amd64", "6.1"));
	assert_false(is_image("linux-image-6.1.0-56-rt-cloud-amd64", "6.1"));
	assert_false(is_image("linux-image-6.1.0-56-cloud-amd64-dbg", "6.1"));
	assert_false(is_image("linux-image-6.1-cloud-amd64", "6.1"));
	assert_false(is_image("linux-image-6.1.-cloud-amd64", "6.1"));
	assert_false(is_image("linux-image-6.1.0-56-cloud-arm64", "6.1"));
	/* The flavour of a page size has no "cloud", and others end as it does. */
	assert_true(lab_stock_is_image("linux-image-6.12.9+deb13-arm64-16k", "6.12", "arm64-16k"));
	assert_true(lab_stock_is_image("linux-image-6.1.0-56-arm64-16k", "6.1", "arm64-16k"));
	assert_false(
		lab_stock_is_image("linux-image-6.12.9+deb13-rt-arm64-16k", "6.12", "arm64-16k"));
	assert_false(lab_stock_is_image("linux-image-6.12.9+deb13-arm64-16k-unsigned", "6.12",
					"arm64-16k"));
	assert_false(lab_stock_is_image("linux-image-6.12-arm64-16k", "6.12", "arm64-16k"));
}

static void check_stock_name(const char *config, const char *want)
{
	const struct lab_arch *arch;
	const struct lab_page *page;
	char *name = lab_stock_name(config);

	assert_string_equal(name, want);
	/* What a name says of its architecture stands at its end. */
	assert_int_equal(!lab_arch_split(name, &arch, &page),
			 !lab_arch_split(config, &arch, &page));
	free(name);
}

static void test_stock_names(void **state)
{
	(void)state;
	check_stock_name("6.1", "6.1-stock");
	check_stock_name("6.12-arm64-4k", "6.12-stock-arm64-4k");
	check_stock_name("6.12-arm64-16k", "6.12-stock-arm64-16k");
	check_stock_name("mine-arm64", "mine-arm64-stock");
}

/* What a killed migbench leaves is no version of a source. */
static void test_unfinished(void **state)
{
	(void)state;
	assert_true(lab_source_unfinished("linux-source-6.1_6.1.9-1.partial"));
	assert_true(lab_source_unfinished("linux-source-6.1_6.1.9-1.fetch"));
	assert_false(lab_source_unfinished("linux-source-6.1_6.1.9-1"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stanzas),	    cmocka_unit_test(test_lines),
		cmocka_unit_test(test_madison),	    cmocka_unit_test(test_show),
		cmocka_unit_test(test_trouble),	    cmocka_unit_test(test_images),
		cmocka_unit_test(test_unfinished),  cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_stock_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
