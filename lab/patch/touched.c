// SPDX-License-Identifier: GPL-2.0-or-later
/* What two kernels touch, in one line: out of what lab profile --memory wrote. */
#include <math.h>
#include <stdlib.h>
#include <jansson.h>

#include "core/base/text.h"
#include "core/status.h"
#include "lab/patch/touched.h"

/* Less than what is printed is nothing, and has no sign. */
#define LEAST 0.005

/* What a page of one side has; 0 where the side has nothing of that name. */
static double a_page(const json_t *document, const char *side, const json_t *touch, const char *key)
{
	const json_t *moved = json_object_get(json_object_get(document, "moved"), side);
	const json_t *missed = json_object_get(touch, "missed");
	const json_t *value = json_object_get(touch, key);

	if (!value)
		value = json_object_get(missed, key);
	return json_number_value(value) / fmax(json_number_value(moved), 1);
}

static const json_t *side_of(const json_t *document, const char *side)
{
	return json_object_get(json_object_get(document, "memory"), side);
}

static double change(const json_t *document, const json_t *a, const json_t *b, const char *key)
{
	double more = a_page(document, "b", b, key) - a_page(document, "a", a, key);

	return fabs(more) < LEAST ? 0 : more;
}

/* The function of @document in which the number of lines changed most, or NULL. */
static const char *blamed(const json_t *document, double *most)
{
	const json_t *a = json_object_get(side_of(document, "a"), "functions");
	const json_t *b = json_object_get(side_of(document, "b"), "functions");
	const json_t *sides[] = { a, b };
	const char *found = NULL, *name;
	json_t *touch;

	*most = 0;
	for (size_t s = 0; s < 2; s++)
		json_object_foreach((json_t *)sides[s], name, touch) {
			double more = change(document, json_object_get(a, name),
					     json_object_get(b, name), "lines");

			if (fabs(more) > fabs(*most)) {
				*most = more;
				found = name;
			}
		}
	return found;
}

static char *sentence(const json_t *document)
{
	const json_t *a = json_object_get(side_of(document, "a"), "all");
	const json_t *b = json_object_get(side_of(document, "b"), "all");
	double lines = change(document, a, b, "lines"), most;
	const char *function = blamed(document, &most);
	char *why = function ? mb_format("; most in %s, %+.2f", function, most) : mb_strdup("");
	char *text;

	text = mb_format(
		"%.2f -> %.2f lines (%+.2f, written %+.2f), modelled misses of L1 %+.2f, of L2 "
		"%+.2f, of the TLB %+.2f%s",
		a_page(document, "a", a, "lines"), a_page(document, "b", b, "lines"), lines,
		change(document, a, b, "written"), change(document, a, b, "l1"),
		change(document, a, b, "l2"), change(document, a, b, "tlb"), why);
	free(why);
	return text;
}

int lab_touched(const char *path, char **text)
{
	json_t *document = json_load_file(path, 0, NULL);

	*text = json_object_get(document, "memory") ? sentence(document) : NULL;
	json_decref(document);
	return *text ? MB_OK
		     : mb_fail(MB_MACHINE, "%s: unexpected output of lab profile --memory", path);
}
