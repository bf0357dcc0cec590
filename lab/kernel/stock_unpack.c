// SPDX-License-Identifier: GPL-2.0-or-later
/* The packages of a distribution's kernel, unpacked without being installed. */
#include "core/status.h"
#include "lab/base/spawn.h"
#include "lab/kernel/stock_unpack.h"

int lab_stock_failed(const struct lab_stock *s, const char *what)
{
	return lab_interrupted ? MB_MACHINE
			       : mb_fail(MB_MACHINE, "kernel %s: cannot %s", s->name, what);
}

int lab_stock_unpack(struct lab_stock *s, const char *debs, const char *root)
{
	struct lab_list names = { 0 }, words = { 0 };
	int status = MB_OK;

	lab_names_in(debs, ".deb", &names);
	for (size_t i = 0; !status && i < names.count; i++) {
		lab_list_add(&words, "dpkg-deb");
		lab_list_add(&words, "--extract");
		lab_list_add(&words, "%s/%s.deb", debs, names.at[i]);
		lab_list_add(&words, "%s", root);
		if (lab_run_words(&words, NULL, s->log))
			status = lab_stock_failed(s, "unpack its packages");
	}
	lab_list_free(&names);
	return status;
}
