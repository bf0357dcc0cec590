// SPDX-License-Identifier: GPL-2.0-or-later
/* The events of tracefs that are watched: put in as probes, and read from their records. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "observe/events.h"

#define WAITING 256 /* returns of one function that the kernel waits for at once */
#define MIGRATE_BIT 1
#define COMPOUND_BIT 4

/*
 * "@x" is the offset of field x of struct migrate_vma. What is read is named a, b, c, d, in the order
 * of enum ob_what's comments, and e the entries.
 */
static const struct probe {
	const char *name;
	enum ob_what what;
	const char *function; /* NULL: the kernel's own event */
	bool at_return;
	const char *fetch; /* of a tracepoint: its fields */
} probes[] = {
	{ "setup", OB_SEE_SETUP, "migrate_vma_setup", false,
	  "a=$arg1:x64 b=+@start($arg1):x64 c=+@end($arg1):x64 d=+@flags($arg1):x64" },
	{ "setup_r", OB_SEE_SETUP_RETURN, "migrate_vma_setup", true, "a=$retval:s32" },
	{ "range", OB_SEE_DEVICE, "migrate_device_range", false, "a=$arg1:x64 b=$arg3:x64" },
	{ "range_r", OB_SEE_DEVICE_RETURN, "migrate_device_range", true, "a=$retval:s32" },
	{ "pfns", OB_SEE_DEVICE, "migrate_device_pfns", false, "a=$arg1:x64 b=$arg2:x64" },
	{ "pfns_r", OB_SEE_DEVICE_RETURN, "migrate_device_pfns", true, "a=$retval:s32" },
	{ "pages", OB_SEE_PAGES, "migrate_vma_pages", false,
	  "a=$arg1:x64 b=+@cpages($arg1):x64 c=+@npages($arg1):x64 e=+0(+@src($arg1)):x64[64]" },
	{ "pages_r", OB_SEE_PAGES_RETURN, "migrate_vma_pages", true, "a=$retval:s32" },
	{ "dpages", OB_SEE_DEVICE_PAGES, "migrate_device_pages", false,
	  "a=$arg1:x64 b=$arg3:x64 e=+0($arg1):x64[64]" },
	{ "dpages_r", OB_SEE_DEVICE_PAGES_RETURN, "migrate_device_pages", true, "a=$retval:s32" },
	{ "finalize", OB_SEE_FINALIZE, "migrate_vma_finalize", false,
	  "a=$arg1:x64 b=+@cpages($arg1):x64 c=+@npages($arg1):x64 e=+0(+@src($arg1)):x64[64]" },
	{ "finalize_r", OB_SEE_FINALIZE_RETURN, "migrate_vma_finalize", true, "a=$retval:s32" },
	{ "dfinalize", OB_SEE_DEVICE_FINALIZE, "migrate_device_finalize", false,
	  "a=$arg1:x64 b=$arg3:x64 e=+0($arg1):x64[64]" },
	{ "dfinalize_r", OB_SEE_DEVICE_FINALIZE_RETURN, "migrate_device_finalize", true,
	  "a=$retval:s32" },
	{ "fault", OB_SEE_FAULT, "do_swap_page", false, "a=$arg1:x64" },
	{ "fault_r", OB_SEE_FAULT_RETURN, "do_swap_page", true, "a=$retval:s32" },
	{ "hfault", OB_SEE_FAULT, "do_huge_pmd_device_private", false, "a=$arg1:x64" },
	{ "hfault_r", OB_SEE_FAULT_RETURN, "do_huge_pmd_device_private", true, "a=$retval:s32" },
	{ "migrate", OB_SEE_MIGRATE, "migrate_pages", false, "a=$arg1:x64" },
	{ "tlb_flush", OB_SEE_FLUSH, NULL, false, "reason pages" },
	{ "mm_migrate_pages", OB_SEE_MIGRATED, NULL, false, "succeeded failed reason" },
};

#define PROBES (sizeof(probes) / sizeof(probes[0]))

_Static_assert(PROBES <= OB_EVENTS, "each of them may be there");

/* @fetch with the offsets of @config; malloc'd. */
static char *with_offsets(const char *fetch, const struct ob_config *config)
{
	const struct {
		const char *name;
		__u32 offset;
	} fields[] = { { "start", config->start },   { "end", config->end },
		       { "flags", config->flags },   { "cpages", config->cpages },
		       { "npages", config->npages }, { "src", config->src } };
	char *text;
	size_t size;
	FILE *out = mb_text_open(&text, &size);

	for (const char *at = fetch; *at;) {
		size_t skip = 1;

		for (size_t i = 0; *at == '@' && i < sizeof(fields) / sizeof(fields[0]); i++) {
			size_t length = strlen(fields[i].name);

			if (strncmp(at + 1, fields[i].name, length))
				continue;
			fprintf(out, "%u", fields[i].offset);
			skip += length;
			break;
		}
		if (skip == 1)
			putc(*at, out);
		at += skip;
	}
	mb_text_close(out);
	return text;
}

static const struct probe *probe_named(const char *name)
{
	for (size_t i = 0; i < PROBES; i++)
		if (!strcmp(probes[i].name, name))
			return &probes[i];
	return NULL;
}

/* Which of @probe's values the field @name is; -1: none of them. */
static int place_of(const struct probe *probe, const char *name)
{
	char fields[64], *word, *rest = fields;
	int place = 0;

	if (probe->function) {
		/* Where a function returns to is told without being asked for. */
		if (probe->at_return && !strcmp(name, "__probe_ret_ip"))
			return 1;
		return name[0] >= 'a' && name[0] < 'a' + OB_FIELDS && !name[1] ? name[0] - 'a' : -1;
	}
	snprintf(fields, sizeof(fields), "%s", probe->fetch);
	for (; (word = strtok_r(rest, " ", &rest)); place++)
		if (!strcmp(word, name))
			return place;
	return -1;
}

bool ob_events_learn(struct ob_events *events, const char *root, const char *system,
		     const char *name)
{
	const struct probe *probe = probe_named(name);
	char *path = mb_format("%s/events/%s/%s/format", root, system, name);
	FILE *in = fopen(path, "re");
	struct ob_event event = { .what = probe->what, .count = 0 };
	unsigned int offset, size;
	char line[256], field[64];

	free(path);
	while (in && fgets(line, sizeof(line), in)) {
		const char *semicolon = strchr(line, ';');
		int place;

		if (sscanf(line, "ID: %hu", &event.id) == 1 || !semicolon ||
		    sscanf(semicolon, ";%*[ \t]offset:%u;%*[ \t]size:%u;", &offset, &size) != 2)
			continue;
		/* The last word before it: "u64 e[64]". */
		while (semicolon > line && semicolon[-1] != ' ' && semicolon[-1] != '\t')
			semicolon--;
		snprintf(field, sizeof(field), "%.*s", (int)strcspn(semicolon, "[;"), semicolon);
		place = place_of(probe, field);
		if (probe->function && !strcmp(field, "e"))
			event.entries = offset;
		if (place < 0 || (size != 4 && size != 8 && size != 2))
			continue;
		event.offset[place] = offset;
		event.size[place] = size;
	}
	if (in)
		fclose(in);
	if (event.id)
		events->at[events->count++] = event;
	return event.id;
}

/* 0, or -1 with errno. Reading entries takes time: @entries says whether they are wanted. */
static int put_in(const char *root, const char *group, const struct probe *probe,
		  const struct ob_config *config, bool entries)
{
	char *path = mb_format("%s/kprobe_events", root);
	char *wanted = mb_strdup(probe->fetch), *array = strstr(wanted, " e=");
	int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC), status = -1;
	char *fetch, *text, waiting[16] = "";

	if (array && !entries)
		*array = '\0';
	fetch = with_offsets(wanted, config);
	if (probe->at_return)
		snprintf(waiting, sizeof(waiting), "%d", WAITING);
	text = mb_format("%s%s:%s/%s %s %s\n", probe->at_return ? "r" : "p", waiting, group,
			 probe->name, probe->function, fetch);
	if (fd >= 0) {
		status = mb_write_all(fd, text, strlen(text));
		close(fd);
	}
	free(path);
	free(wanted);
	free(fetch);
	free(text);
	return status;
}

const char *ob_events_add(struct ob_events *events, const char *root, const char *group,
			  const struct ob_symbols *symbols, const struct ob_config *config,
			  struct ob_sight *sight)
{
	*events = (struct ob_events){ .huge_pages = config->huge_pages };
	for (size_t i = 0; i < PROBES; i++) {
		const struct probe *probe = &probes[i];
		/* Where entries can be huge pages, cpages is not the number of pages. */
		bool entries = probe->what != OB_SEE_PAGES ||
			       ob_symbol_exists(symbols, "do_huge_pmd_device_private");

		if (!probe->function || !ob_symbol_exists(symbols, probe->function))
			continue;
		if (put_in(root, group, probe, config, entries) ||
		    !ob_events_learn(events, root, group, probe->name)) {
			/* Nothing is seen without these; without the others, less. */
			if (!strncmp(probe->function, "migrate_vma", 11))
				return probe->function;
			continue;
		}
		sight->calls |= probe->what == OB_SEE_SETUP;
		sight->device |= probe->what == OB_SEE_DEVICE;
		sight->faults |= probe->what == OB_SEE_FAULT;
		sight->ordinary |= probe->what == OB_SEE_MIGRATE;
	}
	return NULL;
}

static __u64 value_at(const unsigned char *record, size_t length, unsigned int offset,
		      unsigned int size)
{
	__u64 eight = 0;
	__u32 four = 0;

	if (!size || offset + size > length)
		return 0;
	if (size == 8) {
		memcpy(&eight, record + offset, 8);
		return eight;
	}
	memcpy(&four, record + offset, size);
	return four;
}

/* Of a huge page there is one entry, and those after it are 0. */
static void count(const struct ob_events *events, const unsigned char *entries, __u64 pages,
		  struct ob_seen *seen)
{
	for (__u64 i = 0; i < pages;) {
		__u64 entry;
		unsigned int step = 1;

		if (i >= OB_ENTRIES) {
			seen->unread = (__u32)(pages - i);
			break;
		}
		memcpy(&entry, entries + i * sizeof(entry), sizeof(entry));
		if (entry >> COMPOUND_BIT & 1)
			step = events->huge_pages;
		if (entry >> MIGRATE_BIT & 1) {
			seen->found += step;
			seen->huge += step > 1;
		}
		i += step;
	}
}

bool ob_events_read(const struct ob_events *events, const unsigned char *record, size_t length,
		    struct ob_seen *seen)
{
	const struct ob_event *event = NULL;
	unsigned short id;
	bool device;

	if (length < 8)
		return false;
	memcpy(&id, record, sizeof(id));
	for (size_t i = 0; i < events->count && !event; i++)
		if (events->at[i].id == id)
			event = &events->at[i];
	if (!event)
		return false;
	*seen = (struct ob_seen){ .what = event->what };
	memcpy(&seen->tid, record + 4, sizeof(seen->tid));
	for (int f = 0; f < OB_FIELDS; f++)
		seen->value[f] = value_at(record, length, event->offset[f], event->size[f]);
	device = event->what == OB_SEE_DEVICE_PAGES || event->what == OB_SEE_DEVICE_FINALIZE;
	if (event->entries && event->entries + OB_ENTRIES * sizeof(__u64) <= length)
		count(events, record + event->entries, seen->value[device ? 1 : 2], seen);
	return true;
}

__u64 ob_events_missed(const char *root)
{
	char *path = mb_format("%s/kprobe_profile", root), line[256], name[128];
	unsigned long long hits, misses, sum = 0;
	FILE *in = fopen(path, "re");

	while (in && fgets(line, sizeof(line), in))
		if (sscanf(line, "%127s %llu %llu", name, &hits, &misses) == 3)
			for (size_t i = 0; i < PROBES; i++)
				sum += probes[i].at_return && !strcmp(probes[i].name, name) ? misses
											    : 0;
	if (in)
		fclose(in);
	free(path);
	return sum;
}
