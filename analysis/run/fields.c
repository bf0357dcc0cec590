// SPDX-License-Identifier: GPL-2.0-or-later
/* What all records have: numbers, the point that they speak of, and a line to name in an error. */
#include <stdarg.h>
#include <stdio.h>

#include "analysis/run/parse.h"
#include "core/status.h"

int an_parse_error(const struct an_parser *parser, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return mb_fail(MB_REQUEST, "%s:%zu: %s", parser->path, parser->line, text);
}

int an_parse_whole(const struct an_parser *parser, const json_t *record, const char *key,
		   json_int_t max, json_int_t fallback, json_int_t *value)
{
	const json_t *number = json_object_get(record, key);

	*value = fallback;
	if (!number && fallback >= 0)
		return MB_OK;
	if (!json_is_integer(number))
		return an_parse_error(parser, "\"%s\" must be a whole number", key);
	*value = json_integer_value(number);
	if (*value < 0 || *value > max)
		return an_parse_error(parser,
				      "\"%s\" is %" JSON_INTEGER_FORMAT
				      ", outside 0…%" JSON_INTEGER_FORMAT,
				      key, *value, max);
	return MB_OK;
}

struct an_point *an_parse_point(const struct an_parser *parser, const json_t *record)
{
	json_int_t id;

	if (an_parse_whole(parser, record, "point", AN_MAX_ID, -1, &id))
		return NULL;
	if ((size_t)id >= parser->index_size || !parser->index[id]) {
		an_parse_error(parser, "point %d is not defined above this line", (int)id);
		return NULL;
	}
	return &parser->run->points[parser->index[id] - 1];
}
