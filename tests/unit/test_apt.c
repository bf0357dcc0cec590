// SPDX-License-Identifier: GPL-2.0-or-later
/* apt's source files for another suite: the right archive, its keys, and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "lab/kernel/apt.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stanzas),
		cmocka_unit_test(test_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
