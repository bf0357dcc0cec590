// SPDX-License-Identifier: GPL-2.0-or-later
#include "lab/profile/profile.h"

void lab_profile_svg(const struct lab_profile *profile, FILE *out)
{
	(void)profile;
	(void)out;
}
