// SPDX-License-Identifier: GPL-2.0-or-later
/* By BPF: programs in the kernel, loaded, attached, and asked what they have added up. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "core/base/text.h"
#include "core/cpu.h"
#include "core/status.h"
#include "observe/embedded.h"
#include "observe/offsets.h"
#include "observe/probes.h"
#include "observe/root.h"

#define MOST_LINKS 32

struct ob_probes {
	struct bpf_object *calls, *ordinary;
	struct bpf_link *links[MOST_LINKS];
	size_t count;
	struct ring_buffer *ring;
	int statistics; /* the kernel measures programs while this is open; -1: it does not */
	void (*take)(void *, const struct ob_call *);
	void *context;
};

/* The last thing that libbpf complained of. */
static char complaint[256];

__attribute__((format(printf, 2, 0))) static int hear(enum libbpf_print_level level,
						      const char *format, va_list arguments)
{
	if (level == LIBBPF_WARN) {
		vsnprintf(complaint, sizeof(complaint), format, arguments);
		complaint[strcspn(complaint, "\n")] = '\0';
	}
	return 0;
}

static struct ob_config configure(const struct ob_symbols *symbols, __u32 tgid, bool *told)
{
	static const char *const names[] = { "__kretprobe_trampoline", "kretprobe_trampoline",
					     "arch_rethook_trampoline" };
	struct ob_config config = { .tgid = tgid };

	ob_page_sizes(&config);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && !config.trampoline; i++)
		config.trampoline = ob_symbol_address(symbols, names[i]);
	*told = ob_offsets(&config);
	return config;
}

/* What follows the slash in a program's section: the function, or the tracepoint; NULL: neither. */
static const char *target(const struct bpf_program *program)
{
	const char *slash = strchr(bpf_program__section_name(program), '/');

	return slash ? slash + 1 : NULL;
}

static bool of_function(const struct bpf_program *program)
{
	return target(program) && strncmp(bpf_program__section_name(program), "raw_", 4) != 0;
}

/* @embedded, told @config and loaded but for what @symbols lacks; NULL after one line. */
static struct bpf_object *load(const struct ob_embedded *embedded, const char *name,
			       const struct ob_symbols *symbols, const struct ob_config *config)
{
	LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = name);
	struct bpf_object *object = bpf_object__open_mem(
		embedded->at, (size_t)(embedded->end - embedded->at), &options);
	struct bpf_program *program;
	struct bpf_map *map;
	size_t size;
	int error;

	if (!object) {
		mb_fail(MB_MACHINE, "observe: libbpf does not open its programs: %m");
		return NULL;
	}
	bpf_object__for_each_map(map, object) {
		const void *value = bpf_map__initial_value(map, &size);
		const char *dot = strchr(bpf_map__name(map), '.');

		if (value && dot && !strcmp(dot, ".rodata") && size == sizeof(*config))
			bpf_map__set_initial_value(map, config, size);
	}
	bpf_object__for_each_program(program, object)
		if (of_function(program) && !ob_symbol_exists(symbols, target(program)))
			bpf_program__set_autoload(program, false);
	error = bpf_object__load(object);
	if (!error)
		return object;
	mb_fail(MB_MACHINE, "observe: the kernel does not take the programs '%s': %s%s%s", name,
		strerror(-error), *complaint ? "; " : "", complaint);
	bpf_object__close(object);
	return NULL;
}

/* Attach all that was loaded, as far as it is @returning or not. False after a line, as below. */
static bool attach_some(struct ob_probes *probes, struct bpf_object *object, const char *vital,
			bool returning, struct ob_sight *sight)
{
	struct bpf_program *program;

	bpf_object__for_each_program(program, object) {
		struct bpf_link *link;
		const char *name = target(program), *section = bpf_program__section_name(program);

		if (bpf_program__fd(program) < 0 || !name ||
		    !strncmp(section, "kretprobe/", 10) != returning)
			continue;
		link = bpf_program__attach(program);
		if (!link && !strncmp(name, vital, strlen(vital)))
			return !mb_fail(MB_MACHINE, "observe: %s cannot be probed: %m", name);
		if (!link)
			continue;
		probes->links[probes->count++] = link;
		sight->calls |= !strcmp(name, "migrate_vma_setup");
		sight->device |= !strcmp(name, "migrate_device_range");
		sight->faults |= !strcmp(name, "do_swap_page");
		sight->flushes |= !strcmp(name, "tlb_flush") && !mb_flushes_untraced();
		sight->ordinary |= !strcmp(name, "mm_migrate_pages");
	}
	return true;
}

/*
 * Attach all that was loaded. False after one line where one that nothing is seen without fails. Of two
 * probes at one place the later is reached first: a function's start still has the address that it returns
 * to, which a kernel before 5.15 tells nowhere once the probe of its return has taken it.
 */
static bool attach(struct ob_probes *probes, struct bpf_object *object, const char *vital,
		   struct ob_sight *sight)
{
	return attach_some(probes, object, vital, true, sight) &&
	       attach_some(probes, object, vital, false, sight);
}

static int took(void *context, void *data, size_t size)
{
	struct ob_probes *probes = context;

	if (size >= sizeof(struct ob_call))
		probes->take(probes->context, data);
	return 0;
}

static void close_probes(struct ob_probes *probes)
{
	if (!probes)
		return;
	for (size_t i = 0; i < probes->count; i++)
		bpf_link__destroy(probes->links[i]);
	ring_buffer__free(probes->ring);
	bpf_object__close(probes->calls);
	bpf_object__close(probes->ordinary);
	if (probes->statistics >= 0)
		close(probes->statistics);
	free(probes);
}

static int open_probes(struct ob_probes **opened, const struct ob_symbols *symbols, __u32 tgid,
		       struct ob_sight *sight)
{
	struct ob_probes *probes = mb_alloc(1, sizeof(*probes));
	struct ob_config config;

	*sight = (struct ob_sight){ 0 };
	probes->statistics = -1;
	config = configure(symbols, tgid, &sight->told);
	libbpf_set_print(hear);
	if (ob_symbol_exists(symbols, "migrate_vma_setup")) {
		probes->calls = load(&ob_calls_object, "calls", symbols, &config);
		if (!probes->calls || !attach(probes, probes->calls, "migrate_vma", sight))
			goto failed;
		probes->ring = ring_buffer__new(
			bpf_object__find_map_fd_by_name(probes->calls, "ring"), took, probes, NULL);
		if (!probes->ring) {
			mb_fail(MB_MACHINE, "observe: no ring buffer: %m");
			goto failed;
		}
	}
	if (ob_symbol_exists(symbols, "migrate_pages")) {
		probes->ordinary = load(&ob_ordinary_object, "ordinary", symbols, &config);
		if (!probes->ordinary || !attach(probes, probes->ordinary, "migrate_pages", sight))
			goto failed;
	}
	probes->statistics = bpf_enable_stats(BPF_STATS_RUN_TIME);
	*opened = probes;
	return MB_OK;
failed:
	close_probes(probes);
	return MB_MACHINE;
}

static void drain(struct ob_probes *probes, void (*take)(void *, const struct ob_call *),
		  void *context)
{
	probes->take = take;
	probes->context = context;
	if (probes->ring)
		ring_buffer__consume(probes->ring);
}

/* All pairs of the map @name, one after the other as key and value. */
static void *pairs(struct bpf_object *object, const char *name, size_t key, size_t value,
		   size_t *count)
{
	int map = object ? bpf_object__find_map_fd_by_name(object, name) : -1;
	char *list = NULL, at[64], next[64];
	size_t capacity = 0;
	bool first = true;

	*count = 0;
	while (map >= 0 && !bpf_map_get_next_key(map, first ? NULL : at, next)) {
		char *pair;

		first = false;
		memcpy(at, next, key);
		list = mb_grow(list, &capacity, *count, key + value);
		pair = list + *count * (key + value);
		memcpy(pair, at, key);
		*count += !bpf_map_lookup_elem(map, at, pair + key);
	}
	return list;
}

static struct ob_row *rows(const struct ob_probes *probes, size_t *count)
{
	return pairs(probes->calls, "sums", sizeof(struct ob_key), sizeof(struct ob_sums), count);
}

static struct ob_ordinary_row *ordinary(const struct ob_probes *probes, size_t *count)
{
	return pairs(probes->ordinary, "ordinary", sizeof(struct ob_ordinary_key),
		     sizeof(struct ob_ordinary), count);
}

static struct ob_lost lost_by(struct bpf_object *object)
{
	struct ob_lost lost = { 0 };
	struct bpf_map *map;
	__u32 first = 0;

	if (!object)
		return lost;
	bpf_object__for_each_map(map, object) {
		const char *dot = strchr(bpf_map__name(map), '.');

		if (dot && !strcmp(dot, ".bss") && bpf_map__value_size(map) == sizeof(lost))
			bpf_map_lookup_elem(bpf_map__fd(map), &first, &lost);
	}
	return lost;
}

static struct ob_lost lost_of(const struct ob_probes *probes)
{
	struct ob_lost lost = lost_by(probes->calls);

	lost.calls += lost_by(probes->ordinary).calls;
	return lost;
}

static void cost_of(struct bpf_object *object, struct ob_cost *cost)
{
	struct bpf_program *program;

	bpf_object__for_each_program(program, object) {
		struct bpf_prog_info info = { 0 };
		__u32 size = sizeof(info);
		int fd = bpf_program__fd(program);

		if (fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &size))
			continue;
		cost->runs += info.run_cnt;
		cost->ns += info.run_time_ns;
	}
}

static struct ob_cost cost(const struct ob_probes *probes)
{
	struct ob_cost cost = { .known = probes->statistics >= 0 };

	/* What is paid for calls of drivers. */
	if (probes->calls)
		cost_of(probes->calls, &cost);
	return cost;
}

static bool can(const struct ob_symbols *symbols, char *why, size_t size)
{
	char *probes = ob_path("/sys/bus/event_source/devices/kprobe/type");
	bool there = !access(probes, R_OK);

	(void)symbols;
	free(probes);
	/* What it thinks of the answers is for nobody to read. */
	libbpf_set_print(NULL);
	if (!there)
		snprintf(why, size, "this kernel has no kprobes (CONFIG_KPROBE_EVENTS)");
	else if (libbpf_probe_bpf_prog_type(BPF_PROG_TYPE_KPROBE, NULL) != 1)
		snprintf(why, size,
			 "this kernel takes no BPF programs (CONFIG_BPF_SYSCALL, "
			 "CONFIG_BPF_EVENTS), or not from this container");
	else
		return true;
	return false;
}

const struct ob_way ob_by_bpf = {
	.name = "bpf",
	.read_most = OB_READ_MOST,
	.turn_ms = 100,
	.can = can,
	.open = open_probes,
	.close = close_probes,
	.drain = drain,
	.rows = rows,
	.ordinary = ordinary,
	.lost = lost_of,
	.cost = cost,
};
