// SPDX-License-Identifier: GPL-2.0-or-later
/* The run record's env, collected from /proc, /sys and the libraries. */
#include <ctype.h>
#include <dirent.h>
#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "bench/clock.h"
#include "bench/env.h"
#include "bench/module.h"
#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/text.h"
#include "core/cpu.h"
#include "core/digest.h"

/* A small file's content without the last line end; NULL if it can't be read. Static buffer. */
static const char *slurp(const char *path)
{
	static char text[4096];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got;

	if (fd < 0)
		return NULL;
	got = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (got < 0)
		return NULL;
	while (got && isspace((unsigned char)text[got - 1]))
		got--;
	text[got] = '\0';
	return text;
}

static void set_text(json_t *env, const char *key, const char *text)
{
	/* A file may hold what is no UTF-8: then there is no string to store. */
	if (text)
		json_object_set_new(env, key, json_string(text));
}

static void set_file(json_t *env, const char *key, const char *path)
{
	set_text(env, key, slurp(path));
}

/* The word in brackets: "always [madvise] never" is madvise. */
static void set_choice(json_t *env, const char *key, const char *path)
{
	const char *text = slurp(path), *open = text ? strchr(text, '[') : NULL;
	char word[64];

	if (open && sscanf(open, "[%63[^]]", word) == 1)
		set_text(env, key, word);
}

static void set_number(json_t *env, const char *key, const char *path)
{
	const char *text = slurp(path);
	char *end;
	long long value;

	if (!text || !*text)
		return;
	value = strtoll(text, &end, 0);
	if (!*end)
		json_object_set_new(env, key, json_integer(value));
}

/* The kernel's GNU build ID, from its ELF notes. */
static void set_build_id(json_t *env)
{
	unsigned char notes[4096];
	int fd = open("/sys/kernel/notes", O_RDONLY | O_CLOEXEC);
	ssize_t size = fd < 0 ? -1 : read(fd, notes, sizeof(notes));
	size_t at = 0;

	if (fd >= 0)
		close(fd);
	while (size > 0 && at + sizeof(Elf64_Nhdr) <= (size_t)size) {
		Elf64_Nhdr note;
		size_t name, content, next;

		memcpy(&note, notes + at, sizeof(note));
		name = at + sizeof(note);
		content = name + ((note.n_namesz + 3UL) & ~3UL);
		next = content + ((note.n_descsz + 3UL) & ~3UL);
		if (next > (size_t)size)
			return;
		if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 &&
		    !memcmp(notes + name, "GNU", 4) && note.n_descsz <= 32) {
			char hex[65] = "";

			for (size_t i = 0; i < note.n_descsz; i++)
				snprintf(hex + 2 * i, 3, "%02x", notes[content + i]);
			set_text(env, "build_id", hex);
			return;
		}
		at = next;
	}
}

/* Join "NAME: CONTENT" of every file DIR/NAME/@leaf (or DIR/NAME) into one text. */
static void set_folder(json_t *env, const char *key, const char *folder, const char *prefix,
		       const char *leaf)
{
	struct mb_list names = { 0 };
	size_t size;
	char *text = NULL;
	FILE *out = mb_text_open(&text, &size);

	mb_names_in(folder, "", &names);
	for (size_t i = 0; i < names.count; i++) {
		char path[512];
		const char *content;

		snprintf(path, sizeof(path), "%s/%s%s%s", folder, names.at[i], *leaf ? "/" : "",
			 leaf);
		content = strncmp(names.at[i], prefix, strlen(prefix)) ? NULL : slurp(path);
		if (content)
			fprintf(out, "%s%s: %s", ftell(out) ? "; " : "", names.at[i], content);
	}
	mb_text_close(out);
	if (*text)
		set_text(env, key, text);
	free(text);
	mb_list_free(&names);
}

/* The first "key : value" of /proc/cpuinfo. */
static void set_cpuinfo(json_t *env, const char *key, const char *field)
{
	FILE *in = fopen("/proc/cpuinfo", "re");
	char line[512];

	while (in && fgets(line, sizeof(line), in)) {
		char *colon = strchr(line, ':');

		if (strncmp(line, field, strlen(field)) || !colon)
			continue;
		colon += 1 + strspn(colon + 1, " \t");
		colon[strcspn(colon, "\n")] = '\0';
		set_text(env, key, colon);
		break;
	}
	if (in)
		fclose(in);
}

#if defined(__aarch64__)
/* Main ID Register: who designed the core, and which it is (Arm ARM, MIDR_EL1; Linux, cputype.h). */
static void set_core(json_t *env)
{
	static const struct {
		unsigned int designer, part;
		const char *name;
	} cores[] = {
		{ 0x41, 0xd03, "cortex-a53" },	{ 0x41, 0xd04, "cortex-a35" },
		{ 0x41, 0xd05, "cortex-a55" },	{ 0x41, 0xd07, "cortex-a57" },
		{ 0x41, 0xd08, "cortex-a72" },	{ 0x41, 0xd0b, "cortex-a76" },
		{ 0x41, 0xd0c, "neoverse-n1" }, { 0x41, 0xd40, "neoverse-v1" },
		{ 0x41, 0xd49, "neoverse-n2" }, { 0x41, 0xd4f, "neoverse-v2" },
		{ 0x46, 0x001, "a64fx" },
	};
	const char *text = slurp("/sys/devices/system/cpu/cpu0/regs/identification/midr_el1");
	unsigned long midr = text ? strtoul(text, NULL, 16) : 0;
	unsigned int designer = midr >> 24 & 0xff, part = midr >> 4 & 0xfff;
	char name[80];

	if (!midr)
		return;
	snprintf(name, sizeof(name), "core 0x%02x/0x%03x", designer, part);
	for (size_t i = 0; i < sizeof(cores) / sizeof(cores[0]); i++)
		if (cores[i].designer == designer && cores[i].part == part)
			snprintf(name, sizeof(name), "%s", cores[i].name);
	snprintf(name + strlen(name), sizeof(name) - strlen(name), " r%lup%lu", midr >> 20 & 15,
		 midr & 15);
	set_text(env, "cpu", name);
}
#endif

static void set_swap(json_t *env)
{
	FILE *in = fopen("/proc/swaps", "re");
	char line[512];
	int lines = 0;

	if (!in)
		return;
	while (fgets(line, sizeof(line), in))
		lines++;
	fclose(in);
	json_object_set_new(env, "swap", json_integer(lines > 1 ? lines - 1 : 0));
}

/* Only the module can tell; a kernel without the switch keeps no bits. */
static void set_ad_supported(json_t *env)
{
	struct migbench_retention answer;
	int fd = open(MIGBENCH_DEVICE, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return;
	if (!mb_module_retention(fd, MIGBENCH_RETENTION_ASK, &answer))
		json_object_set_new(env, "ad_supported", json_boolean(answer.supported));
	close(fd);
}

/* What the module was told to spoil or delay, for a test: figures with it are of nothing else. */
static void set_switches(json_t *env)
{
	static const struct {
		const char *name, *off;
	} switches[] = { { "plant_lost", "0" },	   { "plant_left", "0" },
			 { "no_fault_page", "N" }, { "inject_phase", "-1" },
			 { "inject_insns", "0" },  { "inject_ns", "0" } };
	char path[80], text[256];
	size_t used = 0;

	for (size_t i = 0; i < sizeof(switches) / sizeof(switches[0]); i++) {
		const char *value;

		snprintf(path, sizeof(path), "/sys/module/migbench/parameters/%s",
			 switches[i].name);
		value = slurp(path);
		if (value && strcmp(value, switches[i].off))
			used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s=%.20s",
						 used ? " " : "", switches[i].name, value);
	}
	if (used)
		set_text(env, "module_switches", text);
}

/* Only where they are: a run without the word has the usual ones, as runs of before have. */
static void set_stamps(json_t *env)
{
	const char *fenced = slurp("/sys/module/migbench/parameters/fenced");

	if (fenced && !strcmp(fenced, "Y"))
		set_text(env, "stamps", "fenced");
}

static void set_module(json_t *env)
{
	const char *version = slurp("/sys/module/migbench/version");
	char text[256], passed[MB_WHY];
	int used;

	if (!version)
		return;
	used = snprintf(text, sizeof(text), "migbench %.100s", version);
	version = slurp("/sys/module/migbench/srcversion");
	if (version)
		used += snprintf(text + used, sizeof(text) - (size_t)used, " (%.60s)", version);
	/* A module that did not pass is not loaded, and one of before says nothing. */
	if (mb_module_selftest(passed))
		snprintf(text + used, sizeof(text) - (size_t)used, ", self-test passed: %.64s",
			 passed);
	set_text(env, "module", text);
	set_file(env, "evicts_by", "/sys/module/migbench/parameters/evicts_by");
	set_switches(env);
	set_stamps(env);
}

/* Of an emulated machine times are taken for no more than their shape. */
bool mb_env_unsteady(void)
{
	const char *counter = mb_clock_counter();

	return counter && !strcmp(counter, "unstable") && strcmp(mb_hypervisor(), "qemu-tcg");
}

json_t *mb_env(const struct mb_topology *topology)
{
	json_t *env = json_object();
	struct utsname name;
	char text[4096], digest[MB_DIGEST_HEX]; /* for many nodes */

	uname(&name);
	set_text(env, "kernel", name.release);
	set_text(env, "arch", name.machine);
	set_build_id(env);
	snprintf(text, sizeof(text), "/boot/config-%s", name.release);
	if (!mb_digest_file(text, digest))
		set_text(env, "config_sha256", digest);
	set_file(env, "cmdline", "/proc/cmdline");
	set_folder(env, "mitigations", "/sys/devices/system/cpu/vulnerabilities", "", "");
	set_cpuinfo(env, "microcode", "microcode");
#if defined(__aarch64__)
	set_core(env);
#else
	set_cpuinfo(env, "cpu", "model name");
#endif
	set_file(env, "governor", "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
	set_file(env, "clocksource",
		 "/sys/devices/system/clocksource/clocksource0/current_clocksource");
	set_text(env, "tsc", mb_clock_counter());
	set_file(env, "smt", "/sys/devices/system/cpu/smt/control");
	set_text(env, "hypervisor", mb_hypervisor());
	json_object_set_new(env, "emulated", json_boolean(!strcmp(mb_hypervisor(), "qemu-tcg")));
	set_choice(env, "thp", "/sys/kernel/mm/transparent_hugepage/enabled");
	set_folder(env, "mthp", "/sys/kernel/mm/transparent_hugepage", "hugepages-", "enabled");
	set_number(env, "numa_balancing", "/proc/sys/kernel/numa_balancing");
	set_number(env, "ksm", "/sys/kernel/mm/ksm/run");
	set_file(env, "lru_gen", "/sys/kernel/mm/lru_gen/enabled");
	set_swap(env);
	set_ad_supported(env);
	set_number(env, "hw_young", "/sys/module/migbench/parameters/hw_young");
	set_number(env, "tlb_ceiling", "/sys/kernel/debug/x86/tlb_single_page_flush_ceiling");
	json_object_set_new(env, "page_size", json_integer(sysconf(_SC_PAGESIZE)));
	mb_topology_summary(topology, text, sizeof(text), digest);
	set_text(env, "topology", text);
	if (*digest)
		set_text(env, "topology_sha256", digest);
	set_module(env);
	return env;
}
