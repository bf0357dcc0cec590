// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory and text that are there, or the program is not. */
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/status.h"

void mb_no_memory(void)
{
	exit(mb_fail(MB_MACHINE, "out of memory"));
}

void *mb_alloc(size_t count, size_t size)
{
	void *memory = calloc(count ? count : 1, size);

	if (!memory)
		mb_no_memory();
	return memory;
}

void *mb_resize(void *array, size_t count, size_t size)
{
	array = reallocarray(array, count ? count : 1, size);
	if (!array)
		mb_no_memory();
	return array;
}

void *mb_grow(void *array, size_t *capacity, size_t count, size_t size)
{
	size_t wanted = *capacity ? *capacity : 2;

	while (wanted <= count) {
		if (wanted > SIZE_MAX / 4 / size)
			mb_no_memory();
		wanted += wanted / 2;
	}
	if (wanted == *capacity)
		return array;
	*capacity = wanted;
	return mb_resize(array, wanted, size);
}

char *mb_strdup(const char *text)
{
	char *copy = strdup(text);

	if (!copy)
		mb_no_memory();
	return copy;
}

char *mb_vformat(const char *fmt, va_list ap)
{
	char *text;

	if (vasprintf(&text, fmt, ap) < 0)
		mb_no_memory();
	return text;
}

char *mb_format(const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = mb_vformat(fmt, ap);
	va_end(ap);
	return text;
}

FILE *mb_text_open(char **text, size_t *size)
{
	FILE *out = open_memstream(text, size);

	if (!out)
		mb_no_memory();
	return out;
}

void mb_text_close(FILE *out)
{
	if (fclose(out))
		mb_no_memory();
}
