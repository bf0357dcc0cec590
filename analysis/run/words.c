// SPDX-License-Identifier: GPL-2.0-or-later
/* Words that every point of a run says again. */
#include <inttypes.h>
#include <stdio.h>

#include "analysis/run/words.h"
#include "core/base/text.h"

static json_t *texts, *numbers; /* each by itself, the latter in decimal digits */
static size_t holders;

/* The value that all share which are @key; @value is the first of them. Not a reference of its own. */
static json_t *shared(json_t **pool, const char *key, json_t *value)
{
	json_t *known = json_object_get(*pool, key);

	if (known)
		return known;
	if (!*pool)
		*pool = json_object();
	if (!value)
		value = json_string(key);
	else
		json_incref(value);
	/* A text that JSON does not know can't be a key either. */
	if (!value || json_object_set_new(*pool, key, value))
		mb_no_memory();
	return value;
}

const char *an_word(const char *text)
{
	return json_string_value(shared(&texts, text, NULL));
}

void an_words_share(json_t *object)
{
	const char *key;
	json_t *value, *known;
	char digits[32];

	json_object_foreach(object, key, value) {
		known = value;
		if (json_is_string(value)) {
			known = shared(&texts, json_string_value(value), value);
		} else if (json_is_integer(value)) {
			snprintf(digits, sizeof(digits), "%" JSON_INTEGER_FORMAT,
				 json_integer_value(value));
			known = shared(&numbers, digits, value);
		}
		/* An old key's new value: no place in the object moves. */
		if (known != value)
			json_object_set(object, key, known);
	}
}

void an_words_hold(void)
{
	holders++;
}

void an_words_release(void)
{
	if (--holders)
		return;
	json_decref(texts);
	json_decref(numbers);
	texts = numbers = NULL;
}
