// SPDX-License-Identifier: GPL-2.0-or-later
/* The names in a run file. */
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/record/record.h"

const char *const mb_phase_names[MB_PHASES] = { "setup", "alloc", "copy", "pages", "finalize" };

const char *const mb_record_types[MB_RECORD_TYPES] = {
	[MB_RECORD_RUN] = "run",     [MB_RECORD_ENV] = "env",	  [MB_RECORD_POINT] = "point",
	[MB_RECORD_BLOCK] = "block", [MB_RECORD_SKIP] = "skip",	  [MB_RECORD_BOOT] = "boot",
	[MB_RECORD_PROBE] = "probe", [MB_RECORD_FLOOR] = "floor", [MB_RECORD_END] = "end",
};

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char *mb_point_name(const char *benchmark, const json_t *params)
{
	size_t count = json_object_size(params), used = 0, size;
	const char **keys = mb_alloc(count + 1, sizeof(*keys));
	char *name = NULL;
	const char *key;
	json_t *value;
	FILE *out;

	json_object_foreach((json_t *)params, key, value)
		keys[used++] = key;
	qsort(keys, used, sizeof(*keys), by_name);

	out = mb_text_open(&name, &size);
	fputs(benchmark, out);
	for (size_t i = 0; i < used; i++) {
		value = json_object_get(params, keys[i]);
		fprintf(out, "%c%s=", i ? ',' : '/', keys[i]);
		if (json_is_string(value))
			fputs(json_string_value(value), out);
		else
			fprintf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	}
	mb_text_close(out);
	free(keys);
	return name;
}
