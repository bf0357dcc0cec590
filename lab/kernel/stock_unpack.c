// SPDX-License-Identifier: GPL-2.0-or-later
/* The packages of a distribution's kernel, unpacked without being installed. */
#include <stdlib.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/base/deb.h"
#include "lab/base/spawn.h"
#include "lab/kernel/stock_unpack.h"

int lab_stock_failed(const struct lab_stock *s, const char *what)
{
	return lab_interrupted ? MB_MACHINE
			       : mb_fail(MB_MACHINE, "kernel %s: cannot %s", s->name, what);
}

int lab_stock_unpack(struct lab_stock *s, const char *debs, const char *root)
{
	struct mb_list names = { 0 };
	int status = MB_OK;
	char *why;

	mb_names_in(debs, ".deb", &names);
	for (size_t i = 0; !status && i < names.count; i++) {
		char *deb = mb_format("%s/%s.deb", debs, names.at[i]), *what;

		if (lab_deb_unpack(deb, root, &why)) {
			what = mb_format("unpack %s: %s", names.at[i], why ? why : "");
			status = lab_stock_failed(s, what);
			free(what);
			free(why);
		}
		free(deb);
	}
	mb_list_free(&names);
	return status;
}
