// SPDX-License-Identifier: GPL-2.0-or-later
/* The base page and what one PMD maps: what this machine has, and what their sizes are called. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/scene/sizes.h"
#include "core/base/text.h"

unsigned long mb_base_bytes(void)
{
	return (unsigned long)sysconf(_SC_PAGESIZE);
}

unsigned long mb_pmd_bytes(void)
{
	static unsigned long bytes;
	FILE *in;

	if (bytes)
		return bytes;
	in = fopen("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size", "re");
	if (!in || fscanf(in, "%lu", &bytes) != 1 || bytes < mb_base_bytes())
		bytes = MB_PMD_OF(mb_base_bytes());
	if (in)
		fclose(in);
	return bytes;
}

unsigned long mb_huge_pages(void)
{
	return mb_pmd_bytes() / mb_base_bytes();
}

static char *sized(const char *before, unsigned long bytes, const char *after)
{
	if (bytes < 1UL << 20)
		return mb_format("%s%luk%s", before, bytes >> 10, after);
	return mb_format("%s%lum%s", before, bytes >> 20, after);
}

char *mb_size_placed(const char *word, unsigned long base, unsigned long pmd)
{
	static const char hugetlb[] = "hugetlb-" MB_SIZE_PMD;

	if (!strcmp(word, MB_SIZE_BASE))
		return sized("", base, "");
	if (!strcmp(word, hugetlb))
		return sized("hugetlb-", pmd, "");
	if (!strcmp(word, MB_SIZE_PMD) || !strcmp(word, MB_SIZE_PMD "-pte"))
		return sized("", pmd, word + strlen(MB_SIZE_PMD));
	return NULL;
}
