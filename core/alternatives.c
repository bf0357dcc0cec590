// SPDX-License-Identifier: GPL-2.0-or-later
/* Kernel functions whose instructions hinge on what the CPU offers. */
#include <stddef.h>
#include <string.h>

#include "core/alternatives.h"

/* As they are called on x86 from 5.10 to 7.2; what follows the name is the way: _orig, _erms, … */
static const char *const families[] = {
	"memcpy",     "memmove",     "memset",	     "copy_page",
	"clear_page", "copy_mc_",    "copy_user_",   "rep_movs_alternative",
	"rep_stos_",  "clear_user_", "csum_partial", "crc32c",
};

bool mb_hinges_on_cpu(const char *name)
{
	name += strspn(name, "_");
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		size_t length = strlen(families[i]);

		/* copy_page, copy_page_regs; but not copy_page_to_iter, which only calls it. */
		if (!strncmp(name, families[i], length) &&
		    (!name[length] || families[i][length - 1] == '_' ||
		     !strcmp(name + length, "_regs") || !strcmp(name + length, "_orig") ||
		     !strcmp(name + length, "_rep") || !strcmp(name + length, "_erms") ||
		     !strncmp(name + length, "_alternative", 12)))
			return true;
	}
	return false;
}
