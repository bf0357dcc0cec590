// SPDX-License-Identifier: GPL-2.0-or-later
/* What apt knows and says: read line by line, names compared in full. */
#include <stdlib.h>
#include <string.h>

#include "core/base/list.h"
#include "core/base/text.h"
#include "lab/base/spawn.h"
#include "lab/kernel/apt.h"

#define UNREACHABLE "the archive cannot be reached; is there a network?"
#define LOCKED "another process holds apt's lock; try again when it has ended"
#define NO_KEY "its signing key is unknown here; a newer debian-archive-keyring has it"
#define BROKE_OFF "the download broke off; try again"
#define GONE "the archive does not have it, or no longer; try: apt-get update"

/* The worst first: what comes after it may be its consequence. */
static const struct {
	const char *sign, *reason;
} troubles[] = {
	{ "No space left on device", "the disk is full" },
	{ "Could not get lock", LOCKED },
	{ "Unable to lock", LOCKED },
	{ "NO_PUBKEY", NO_KEY },
	{ "Missing key", NO_KEY },
	{ "Could not resolve", UNREACHABLE },
	{ "Temporary failure resolving", UNREACHABLE },
	{ "Could not connect", UNREACHABLE },
	{ "Unable to connect", UNREACHABLE },
	{ "Network is unreachable", UNREACHABLE },
	{ "onnection timed out", UNREACHABLE },
	{ "onnection failed", UNREACHABLE },
	{ "onnection reset", BROKE_OFF },
	{ "Error reading from server", BROKE_OFF },
	{ "Undetermined Error", BROKE_OFF },
	{ "unexpected size", BROKE_OFF },
	{ "Hash Sum mismatch", BROKE_OFF },
	{ "404 ", GONE },
};

int lab_apt_trouble(const char *line)
{
	for (size_t i = 0; i < sizeof(troubles) / sizeof(troubles[0]); i++)
		if (strstr(line, troubles[i].sign))
			return (int)i + 1;
	return 0;
}

const char *lab_apt_reason(const struct lab_apt *apt)
{
	if (apt->trouble)
		return troubles[apt->trouble - 1].reason;
	if (apt->folder && !apt->led)
		return "no entry of this machine's apt sources leads there";
	return *apt->error ? apt->error : NULL;
}

void lab_apt_begin(const struct lab_apt *apt, const char *program, struct mb_list *words)
{
	mb_list_add(words, "%s", program);
	if (!apt->folder)
		return;
	mb_list_add(words, "-oDir::Etc::sourcelist=/dev/null");
	mb_list_add(words, "-oDir::Etc::sourceparts=%s/sources", apt->folder);
	mb_list_add(words, "-oDir::State::lists=%s/lists", apt->folder);
	mb_list_add(words, "-oDir::Cache=%s/cache", apt->folder);
	mb_list_add(words, "-oDebug::NoLocking=true");
	mb_list_add(words, "-oAcquire::Languages=none");
	/* A dated mirror's lists expire; that the archive signed them still counts. */
	mb_list_add(words, "-oAcquire::Check-Valid-Until=false");
	if (apt->arch) {
		mb_list_add(words, "-oAPT::Architecture=%s", apt->arch);
		mb_list_add(words, "-oAPT::Architectures=%s", apt->arch);
	}
	if (apt->also)
		mb_list_add(words, "-oAPT::Architectures::=%s", apt->also);
}

void lab_apt_environment(struct mb_list *env)
{
	for (char **at = environ; *at; at++)
		if (strncmp(*at, "LC_ALL=", 7) && strncmp(*at, "LANGUAGE=", 9))
			mb_list_add(env, "%s", *at);
	mb_list_add(env, "LC_ALL=C");
}

char *lab_apt_ask(struct mb_list *words)
{
	struct mb_list env = { 0 };
	char *output = NULL;

	lab_apt_environment(&env);
	if (lab_capture(words->at, env.at, &output)) {
		free(output);
		output = NULL;
	}
	mb_list_free(words);
	mb_list_free(&env);
	return output;
}

unsigned long long lab_apt_read_sizes(const char *output)
{
	unsigned long long all = 0;

	/* 'http://host/path' name size digest; what else it says begins otherwise. */
	for (const char *line = output; *line; line += *line == '\n') {
		const char *end = line + strcspn(line, "\n"), *name, *size = NULL;

		name = *line == '\'' ? strstr(line, "' ") : NULL;
		if (name && name < end)
			size = strchr(name + 2, ' ');
		if (size && size < end)
			all += strtoull(size, NULL, 10);
		line = end;
	}
	return all;
}

static bool is_word(const char *at, size_t length, const char *word)
{
	return strlen(word) == length && !strncmp(at, word, length);
}

/* One field of madison's, up to the bar or the end; *@at goes behind it. */
static const char *field(const char **at, size_t *length)
{
	const char *start = *at + strspn(*at, " "), *end = start + strcspn(start, "|\n");

	*at = end + (*end == '|');
	while (end > start && end[-1] == ' ')
		end--;
	*length = (size_t)(end - start);
	return start;
}

/* One line of madison's. */
struct line {
	const char *package, *version, *suite;
	size_t package_size, version_size, suite_size;
};

/* Read the line at *@at, which goes behind it. Returns whether it is about a package that has a suite. */
static bool read_line(const char **at, struct line *line)
{
	const char *place, *word, *slash, *colon;
	size_t size;

	line->package = field(at, &line->package_size);
	/* "NAME:arm64", of another architecture than the machine's. */
	colon = memchr(line->package, ':', line->package_size);
	if (colon)
		line->package_size = (size_t)(colon - line->package);
	line->version = field(at, &line->version_size);
	/* "ADDRESS SUITE/COMPONENT ARCHITECTURE Packages" */
	place = field(at, &size);
	*at += strcspn(*at, "\n");
	*at += **at == '\n';
	word = memchr(place, ' ', size);
	if (size < 8 || strncmp(place + size - 8, "Packages", 8) || !word || !line->version_size)
		return false;
	word += strspn(word, " ");
	slash = memrchr(word, '/', strcspn(word, " "));
	line->suite = word;
	line->suite_size = slash ? (size_t)(slash - word) : 0;
	return line->suite_size;
}

/* The one of @words that these bytes are, or NULL. */
static const char *one_of(const char *at, size_t size, const struct mb_list *words)
{
	for (size_t i = 0; i < words->count; i++)
		if (is_word(at, size, words->at[i]))
			return words->at[i];
	return NULL;
}

char *lab_apt_read_madison(const char *output, const char *package, const struct mb_list *suites,
			   char **suite)
{
	for (const char *at = output; *at;) {
		struct line line;
		const char *found;

		if (!read_line(&at, &line) || !is_word(line.package, line.package_size, package))
			continue;
		found = one_of(line.suite, line.suite_size, suites);
		if (!found)
			continue;
		if (suite)
			*suite = mb_strdup(found);
		return mb_format("%.*s", (int)line.version_size, line.version);
	}
	return NULL;
}

struct lab_apt_offer *lab_apt_read_offers(const char *output, const struct mb_list *packages,
					  size_t *count)
{
	struct lab_apt_offer *offers = NULL;
	size_t capacity = 0;

	*count = 0;
	for (const char *at = output; *at;) {
		struct line line;
		const char *package;
		size_t i = 0;

		if (!read_line(&at, &line))
			continue;
		package = one_of(line.package, line.package_size, packages);
		/* Of each suite the first is the newest. */
		while (package && i < *count &&
		       (strcmp(offers[i].package, package) ||
			!is_word(line.suite, line.suite_size, offers[i].suite)))
			i++;
		if (!package || i < *count)
			continue;
		offers = mb_grow(offers, &capacity, *count, sizeof(*offers));
		offers[(*count)++] = (struct lab_apt_offer){
			.package = mb_strdup(package),
			.version = mb_format("%.*s", (int)line.version_size, line.version),
			.suite = mb_format("%.*s", (int)line.suite_size, line.suite),
		};
	}
	return offers;
}

struct lab_apt_offer *lab_apt_offers(const struct lab_apt *apt, const struct mb_list *packages,
				     size_t *count)
{
	struct mb_list words = { 0 };
	struct lab_apt_offer *offers;
	char *output;

	*count = 0;
	if (!packages->count)
		return NULL;
	lab_apt_begin(apt, "apt-cache", &words);
	mb_list_add(&words, "madison");
	for (size_t i = 0; i < packages->count; i++)
		mb_list_add(&words, "%s", packages->at[i]);
	output = lab_apt_ask(&words);
	offers = output ? lab_apt_read_offers(output, packages, count) : NULL;
	free(output);
	return offers;
}

void lab_apt_offers_free(struct lab_apt_offer *offers, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(offers[i].package);
		free(offers[i].version);
		free(offers[i].suite);
	}
	free(offers);
}

char *lab_apt_read_show(const char *output, const char *package)
{
	static const char name_key[] = "Package: ", version_key[] = "Version: ";
	bool ours = false;

	for (const char *at = output; *at; at += *at == '\n') {
		size_t length = strcspn(at, "\n");

		if (!length)
			ours = false;
		else if (!strncmp(at, name_key, strlen(name_key)))
			ours = is_word(at + strlen(name_key), length - strlen(name_key), package);
		else if (ours && !strncmp(at, version_key, strlen(version_key)))
			return mb_format("%.*s", (int)(length - strlen(version_key)),
					 at + strlen(version_key));
		at += length;
	}
	return NULL;
}

char *lab_apt_version(const struct lab_apt *apt, const char *package, char **suite)
{
	struct mb_list words = { 0 };
	char *output, *version = NULL;

	if (suite)
		*suite = NULL;
	lab_apt_begin(apt, "apt-cache", &words);
	mb_list_add(&words, apt->suites.count ? "madison" : "show");
	if (!apt->suites.count)
		mb_list_add(&words, "--no-all-versions");
	mb_list_add(&words, "%s", package);
	output = lab_apt_ask(&words);
	if (output)
		version = apt->suites.count
				  ? lab_apt_read_madison(output, package, &apt->suites, suite)
				  : lab_apt_read_show(output, package);
	free(output);
	return version;
}

void lab_apt_names(const struct lab_apt *apt, const char *prefix, struct mb_list *names)
{
	struct mb_list words = { 0 };
	char *output, *next, *line;

	lab_apt_begin(apt, "apt-cache", &words);
	mb_list_add(&words, "pkgnames");
	mb_list_add(&words, "%s", prefix);
	next = output = lab_apt_ask(&words);
	while (next && (line = strsep(&next, "\n")))
		if (!strncmp(line, prefix, strlen(prefix)))
			mb_list_add(names, "%s", line);
	free(output);
}

bool lab_apt_older(const char *a, const char *b)
{
	struct mb_list words = { 0 };
	char *output;
	bool older;

	mb_list_add(&words, "dpkg");
	mb_list_add(&words, "--compare-versions");
	mb_list_add(&words, "%s", a);
	mb_list_add(&words, "lt");
	mb_list_add(&words, "%s", b);
	output = lab_apt_ask(&words);
	older = output;
	free(output);
	return older;
}
