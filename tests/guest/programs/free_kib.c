// SPDX-License-Identifier: GPL-2.0-or-later
/* free_kib: prints how many KiB are free, as the guest's C tests count them. */
#include "../free_memory.h"

int main(void)
{
	printf("%lu\n", free_kib());
	return 0;
}
