// SPDX-License-Identifier: GPL-2.0-or-later
/* The environment of several runs, key by key: what differs, what is missing. */
#include <stdlib.h>
#include <string.h>

#include "analysis/base/text.h"
#include "analysis/run/environment.h"

/* Letters of a value in a table. */
#define WIDEST 24

const char *const an_env_keys[] = { "kernel",	   "build_id",	      "config_sha256", "cmdline",
				    "mitigations", "microcode",	      "cpu",	       "governor",
				    "smt",	   "hypervisor",      "emulated",      "thp",
				    "mthp",	   "numa_balancing",  "ksm",	       "lru_gen",
				    "swap",	   "ad_supported",    "tlb_ceiling",   "page_size",
				    "topology",	   "topology_sha256", "module",	       NULL };

char *an_env_words(const json_t *value)
{
	char *text, *copy;

	if (!value)
		return mb_strdup("not recorded");
	if (json_is_string(value))
		return mb_strdup(*json_string_value(value) ? json_string_value(value) : "none");
	if (json_is_boolean(value))
		return mb_strdup(json_is_true(value) ? "yes" : "no");
	if (json_is_null(value))
		return mb_strdup("unknown");
	text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
	copy = mb_strdup(text ? text : "?");
	free(text);
	return copy;
}

void an_env_shorten(char **words, size_t count)
{
	size_t longest = 0, common = strlen(words[0]), shared;

	for (size_t i = 0; i < count; i++) {
		size_t length = strlen(words[i]);

		longest = length > longest ? length : longest;
		for (shared = 0; shared < common && words[i][shared] == words[0][shared]; shared++)
			;
		common = shared;
	}
	if (longest <= WIDEST)
		return;
	while (common && words[0][common - 1] != ' ')
		common--;
	for (size_t i = 0; i < count; i++) {
		size_t length = strlen(words[i]) - common, shown = length;
		char *shorter;

		if (length > WIDEST)
			shown = WIDEST;
		/* Never a part of a UTF-8 character. */
		while (shown < length && shown && (words[i][common + shown] & 0xc0) == 0x80)
			shown--;
		shorter = mb_format("%s%.*s%s", common ? "…" : "", (int)shown, words[i] + common,
				    shown < length ? "…" : "");
		free(words[i]);
		words[i] = shorter;
	}
}

static void compare_key(struct an_run *const *runs, size_t count, const char *key, json_t *into)
{
	const json_t *first = json_object_get(runs[0]->env, key);
	bool same = true;
	json_t *values;

	if (json_object_get(into, key))
		return;
	for (size_t i = 1; i < count; i++) {
		const json_t *value = json_object_get(runs[i]->env, key);

		same = same && (value == first || (value && first && json_equal(value, first)));
	}
	if (same)
		return;
	values = json_array();
	for (size_t i = 0; i < count; i++) {
		json_t *value = json_object_get(runs[i]->env, key);

		json_array_append_new(values, value ? json_deep_copy(value) : json_null());
	}
	json_object_set_new(into, key, values);
}

json_t *an_env_differences(struct an_run *const *runs, size_t count)
{
	json_t *differences = json_object(), *value;
	const char *key;

	/* The known keys in their order, then whatever else there is. */
	for (size_t k = 0; an_env_keys[k]; k++)
		compare_key(runs, count, an_env_keys[k], differences);
	for (size_t i = 0; i < count; i++)
		json_object_foreach(runs[i]->env, key, value)
			compare_key(runs, count, key, differences);
	return differences;
}

json_t *an_env_missing(struct an_run *const *runs, size_t count)
{
	json_t *missing = json_array();

	for (size_t k = 0; an_env_keys[k]; k++) {
		size_t i = 0;

		while (i < count && !json_object_get(runs[i]->env, an_env_keys[k]))
			i++;
		if (i == count)
			json_array_append_new(missing, json_string(an_env_keys[k]));
	}
	return missing;
}
