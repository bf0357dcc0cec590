// SPDX-License-Identifier: GPL-2.0-or-later
/* migbench load, migbench unload: the module on the user's own running kernel. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "bench/commands.h"
#include "bench/ko.h"
#include "bench/module.h"
#include "core/base/files.h"
#include "core/base/say.h"
#include "core/base/text.h"
#include "core/options.h"
#include "core/status.h"

#define MODULE "migbench"
#define STEP 0x200000ULL /* the module takes its coherent range in subsections, 2 MiB */

/* What the kernel says of us while we load. */
struct kernel_log {
	int fd; /* /dev/kmsg behind its last message; -1: not readable */
};

static struct kernel_log log_open(void)
{
	struct kernel_log log = { open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC) };

	if (log.fd >= 0)
		lseek(log.fd, 0, SEEK_END);
	return log;
}

/* The last thing it said of the module, into @text; false: nothing of use. */
static bool log_reason(const struct kernel_log *log, char *text, size_t size)
{
	static const char sign[] = ";" MODULE ": ";
	char record[1024], *at;
	bool found = false;
	ssize_t got;

	while (log->fd >= 0 && ((got = read(log->fd, record, sizeof(record) - 1)) > 0 ||
				(got < 0 && errno == EPIPE))) {
		if (got < 0)
			continue;
		record[got] = '\0';
		record[strcspn(record, "\n")] = '\0';
		at = strstr(record, sign);
		/* Every module of ours is out of tree; that is no reason. */
		if (!at || strstr(at, "taints kernel"))
			continue;
		snprintf(text, size, "%s", at + strlen(sign));
		found = true;
	}
	return found;
}

#define PARAMS 96 /* room for the module's */
#define MAX_NODE 1023UL
#define NO_NODE (MAX_NODE + 1)

/* "ADDR,SIZE", each decimal or 0x…, into @part; and with the node, if one is given, into the module's parameters. */
static int read_coherent(const char *text, unsigned long node, unsigned long long part[2],
			 char params[PARAMS])
{
	const char *at = text;
	char *end;

	for (int i = 0; i < 2; i++) {
		if (!isdigit((unsigned char)*at))
			goto bad;
		errno = 0;
		part[i] = strtoull(at, &end, strncmp(at, "0x", 2) ? 10 : 16);
		if (errno || *end != (i ? '\0' : ',') || part[i] % STEP)
			goto bad;
		at = end + 1;
	}
	if (!part[1] || part[0] + part[1] < part[0])
		goto bad;
	snprintf(params, PARAMS, "coherent=%#llx,%#llx", part[0], part[1]);
	if (node != NO_NODE)
		snprintf(params + strlen(params), PARAMS - strlen(params), " coherent_node=%lu",
			 node);
	return MB_OK;
bad:
	return mb_fail(MB_REQUEST,
		       "load: --coherent takes ADDR,SIZE, two multiples of 0x200000 (2 MiB), not "
		       "'%s'",
		       text);
}

struct range {
	unsigned long long start, end; /* the latter behind it */
};

/* Memory as firmware tells of it. */
struct ram {
	struct range *at;
	size_t count;
};

static void add_ram(struct ram *ram, unsigned long long start, unsigned long long end)
{
	ram->at = mb_resize(ram->at, ram->count + 1, sizeof(*ram->at));
	ram->at[ram->count++] = (struct range){ start, end };
}

/* The firmware's range at @entry of its map in sysfs, if it calls that memory. */
static void take_entry(const char *entry, struct ram *ram)
{
	static const char *const names[] = { "type", "start", "end" };
	char text[3][64];

	for (size_t i = 0; i < 3; i++) {
		char *path = mb_format("%s/%s", entry, names[i]);

		mb_read_line(path, text[i], sizeof(text[i]));
		free(path);
	}
	/* The second is memory that is kept for whoever asks for it (EFI_MEMORY_SP), such as HBM. */
	if (!strcmp(text[0], "System RAM") || !strcmp(text[0], "Soft Reserved"))
		add_ram(ram, strtoull(text[1], NULL, 0), strtoull(text[2], NULL, 0) + 1);
}

/* A number of so many cells, which are big-endian; at @at in what has @left bytes. */
static unsigned long long take_cells(const unsigned char **at, size_t *left, unsigned int cells)
{
	unsigned long long value = 0;

	for (; cells && *left >= 4; cells--, *at += 4, *left -= 4)
		value = value << 32 | (unsigned long long)(*at)[0] << 24 | (*at)[1] << 16 |
			(*at)[2] << 8 | (*at)[3];
	return value;
}

static unsigned int root_cells(const char *name)
{
	char *path = mb_format("/proc/device-tree/%s", name), *value;
	const unsigned char *at;
	unsigned int cells;
	size_t left;

	value = mb_read_file(path, &left);
	at = (const unsigned char *)value;
	cells = value && left == 4 ? (unsigned int)take_cells(&at, &left, 1) : 2;
	free(value);
	free(path);
	return cells;
}

/* The "reg" of a memory node: addresses and sizes, of so many cells as the root says (Devicetree Specification, 2.3). */
static void take_reg(const char *path, struct ram *ram)
{
	unsigned int address = root_cells("#address-cells"), size = root_cells("#size-cells");
	size_t left;
	char *reg = mb_read_file(path, &left);
	const unsigned char *at = (const unsigned char *)reg;

	while (reg && address + size && left / 4 >= address + size) {
		unsigned long long start = take_cells(&at, &left, address);

		add_ram(ram, start, start + take_cells(&at, &left, size));
	}
	free(reg);
}

static struct ram firmware_ram(void)
{
	static const struct {
		const char *pattern;
		void (*take)(const char *path, struct ram *ram);
	} maps[] = { { "/sys/firmware/memmap/*", take_entry },
		     { "/proc/device-tree/memory{@*,}/reg", take_reg } };
	struct ram ram = { 0 };

	for (size_t i = 0; i < 2 && !ram.count; i++) {
		glob_t map;

		if (glob(maps[i].pattern, GLOB_BRACE, NULL, &map))
			continue;
		for (size_t j = 0; j < map.gl_pathc; j++)
			maps[i].take(map.gl_pathv[j], &ram);
		globfree(&map);
	}
	return ram;
}

/*
 * What memmap= reserves is reserved in the kernel's map like what the firmware keeps for itself, what mem= cuts off
 * is in none, like addresses where nothing is, and the module can't tell one from the other; by the firmware's
 * own word it still is RAM. Where that is not to be had (arm64 with ACPI) nothing is known, and nothing refused.
 */
static int check_firmware(unsigned long long from, unsigned long long size)
{
	struct ram ram = firmware_ram();
	unsigned long long at = from;
	bool further = ram.count;

	while (further && at < from + size) {
		further = false;
		for (size_t i = 0; i < ram.count; i++)
			if (ram.at[i].start <= at && at < ram.at[i].end) {
				at = ram.at[i].end;
				further = true;
			}
	}
	free(ram.at);
	if (further || !ram.count)
		return MB_OK;
	return mb_fail(
		MB_REQUEST,
		"load: --coherent %#llx,%#llx: the firmware calls %#llx neither RAM nor "
		"Soft Reserved (/sys/firmware/memmap, /proc/device-tree/memory*); reserve memory with "
		"memmap=SIZE$ADDR, on arm64 with mem=SIZE",
		from, size, at);
}

/* Whether @ko, read from @path, is a module for the kernel @release, as far as it says. */
static int check_module(const struct mb_ko *ko, const char *path, const char *release)
{
	static const char sign[] = "vermagic=";
	const char *at = ko->size ? memmem(ko->data, ko->size, sign, strlen(sign)) : NULL;
	const char *end = ko->data + ko->size;
	size_t length = 0;

	if (!at)
		return mb_fail(MB_REQUEST, "load: %s: not a kernel module", path);
	for (at += strlen(sign); at + length < end && at[length] && at[length] != ' ';)
		length++;
	if (strlen(release) != length || strncmp(at, release, length))
		return mb_fail(MB_MACHINE,
			       "load: %s is for kernel %.*s, and %s is running; build it "
			       "again: cmake --build build --target kmod",
			       path, (int)length, at, release);
	return MB_OK;
}

/* The kernel reads a file of its own accord, but not each kernel a packed one. */
static bool kernel_takes(const struct mb_ko *ko, int fd, const char *params)
{
	return ko->packed ? !syscall(SYS_init_module, ko->data, ko->size, params)
			  : !syscall(SYS_finit_module, fd, params, 0);
}

static int insert(const struct mb_ko *ko, const char *path, const char *params)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), error;
	struct kernel_log log = log_open();
	char reason[512];
	int status = MB_OK;

	mb_module_unmerge();
	if (fd < 0) {
		status = mb_fail(MB_REQUEST, "load: %s: %m", path);
	} else if (!kernel_takes(ko, fd, params)) {
		error = errno;
		if (error == EEXIST)
			status = mb_fail(MB_MACHINE, "load: the module is loaded already; "
						     "migbench unload takes it out");
		else if (error == ENOSYS)
			status = mb_fail(MB_MACHINE, "load: this kernel loads no modules");
		else if (error == EKEYREJECTED || error == ENOKEY)
			status = mb_fail(
				MB_MACHINE,
				"load: this kernel takes signed modules only (Secure Boot); "
				"sign %s with a key that it knows",
				path);
		else if (log_reason(&log, reason, sizeof(reason)))
			status = mb_fail(MB_MACHINE, "load: the kernel refuses the module: %s",
					 reason);
		else if (error == EPERM)
			status = mb_fail(MB_MACHINE, "load: the kernel lets nobody load modules: "
						     "it is locked down, or this is a container");
		else
			status = mb_fail(MB_MACHINE, "load: the kernel refuses the module: %s",
					 strerror(error));
	}
	if (fd >= 0)
		close(fd);
	if (log.fd >= 0)
		close(log.fd);
	return status;
}

static int load(const char *path, const char *params, const unsigned long long coherent[2])
{
	struct utsname name;
	struct mb_ko ko;
	int status;

	if (geteuid())
		return mb_fail(MB_MACHINE, "load: only root can load a module");
	uname(&name);
	if (!path)
		return mb_fail(MB_MACHINE,
			       "load: no migbench.ko beside the program; build it for kernel %s: "
			       "cmake --build build --target kmod, or install migbench-dkms",
			       name.release);
	status = coherent[1] ? check_firmware(coherent[0], coherent[1]) : MB_OK;
	if (status)
		return status;
	status = mb_ko_read(path, &ko);
	if (!status)
		status = check_module(&ko, path, name.release);
	if (!status)
		status = insert(&ko, path, params);
	mb_ko_free(&ko);
	if (!status)
		mb_say(stdout, "loaded %s%s%s; migbench unload takes it out again", path,
		       *params ? " with " : "", params);
	return status;
}

int bench_load(int argc, char **argv)
{
	const char *coherent = NULL, *file = NULL;
	char params[PARAMS] = "", *path;
	unsigned long long part[2] = { 0, 0 };
	unsigned long node = NO_NODE;
	struct utsname name;
	bool yes = false;
	const struct mb_option options[] = {
		{ "coherent", "ADDR,SIZE",
		  "memory that was reserved at boot with memmap=SIZE$ADDR; both are "
		  "multiples of 2 MiB",
		  MB_OPT_STRING, &coherent, 0, 0 },
		{ "coherent-node", "N",
		  "the node of that memory, where the kernel can't tell whose it was, as on arm64 "
		  "behind mem=SIZE",
		  MB_OPT_NUMBER, &node, 0, MAX_NODE },
		{ "module", "FILE",
		  "the module (default: the one built with the program, or by DKMS)", MB_OPT_STRING,
		  &file, 0, 0 },
		{ "yes", NULL, "load it: without this, only say what would be done", MB_OPT_FLAG,
		  &yes, 0, 0 },
		{ 0 },
	};
	const struct mb_usage usage = {
		.command = "load",
		.operands = "",
		.summary = "Load the helper module into the kernel that runs this machine.",
		.example = "migbench load --coherent 0x100000000,0x40000000 --yes"
	};
	int first, status = mb_options(&usage, options, argc, argv, &first);

	if (status != MB_PARSED)
		return status;
	if (node != NO_NODE && !coherent)
		return mb_fail(MB_REQUEST,
			       "load: --coherent-node is the node of what --coherent names");
	status = coherent ? read_coherent(coherent, node, part, params) : MB_OK;
	if (status)
		return status;
	uname(&name);
	path = file ? mb_strdup(file) : mb_ko_find(name.release);
	if (yes)
		status = load(path, params, part);
	else
		status = mb_fail(MB_REQUEST,
				 "load: this would load %s%s%s into the kernel that runs this "
				 "machine (%s); add --yes to do it",
				 path ? path : "migbench.ko", *params ? " with " : "", params,
				 name.release);
	free(path);
	return status;
}

int bench_unload(int argc, char **argv)
{
	const struct mb_option options[] = { { 0 } };
	const struct mb_usage usage = {
		.command = "unload",
		.operands = "",
		.summary = "Take the helper module out of the kernel that runs this machine.",
		.example = "migbench unload"
	};
	int first, status = mb_options(&usage, options, argc, argv, &first);

	if (status != MB_PARSED)
		return status;
	if (access("/sys/module/" MODULE, F_OK))
		return mb_fail(MB_MACHINE, "unload: the module is not loaded");
	if (geteuid())
		return mb_fail(MB_MACHINE, "unload: only root can unload a module");
	if (!syscall(SYS_delete_module, MODULE, O_NONBLOCK))
		return MB_OK;
	if (errno == EAGAIN || errno == EBUSY)
		return mb_fail(MB_MACHINE,
			       "unload: the module is in use: a program has /dev/migbench open, or "
			       "has just ended, and the kernel still holds a page of its device "
			       "memory; the module looks every second, so try again");
	return mb_fail(MB_MACHINE, "unload: %m");
}
