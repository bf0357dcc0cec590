// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of architectures, and names that end with one. */
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/config.h"
#include "core/status.h"
#include "lab/base/arch.h"

/* Of the flavours the small ones: all that a virtual machine needs is built in. */
static const struct lab_page arm64_pages[] = { { "4k", 4096, "cloud-arm64" },
					       { "16k", 16384, "arm64-16k" },
					       { "64k", 65536, NULL } };
static const struct lab_page x86_pages[] = { { "4k", 4096, "cloud-amd64" } };

static const char *const arm64_ports[] = { "SERIAL_AMBA_PL011_CONSOLE", "SERIAL_8250_PCI",
					   "PCI_HOST_GENERIC", NULL };
static const char *const x86_ports[] = { "SERIAL_8250_CONSOLE", NULL };

static const struct lab_arch archs[] = {
	{ .name = "x86_64",
	  .make = "x86_64",
	  .dpkg = "amd64",
	  .triplet = "x86_64-linux-gnu",
	  .image = "arch/x86/boot/bzImage",
	  .target = "bzImage",
	  .qemu = "qemu-system-x86_64",
	  .qemu_package = "qemu-system-x86",
	  .compiler = "gcc-x86-64-linux-gnu",
	  .console = "ttyS0",
	  .ports = x86_ports,
	  .machine = EM_X86_64,
	  .pages = x86_pages,
	  .page_count = 1 },
	{ .name = "arm64",
	  .make = "arm64",
	  .dpkg = "arm64",
	  .triplet = "aarch64-linux-gnu",
	  .image = "arch/arm64/boot/Image",
	  .target = "Image",
	  .qemu = "qemu-system-aarch64",
	  .qemu_package = "qemu-system-arm",
	  .compiler = "gcc-aarch64-linux-gnu",
	  .console = "ttyAMA0",
	  .ports = arm64_ports,
	  .machine = EM_AARCH64,
	  .pages = arm64_pages,
	  .page_count = 3 },
};

#define ARCHS (sizeof(archs) / sizeof(archs[0]))

#if defined(__x86_64__)
#define HOST EM_X86_64
#elif defined(__aarch64__)
#define HOST EM_AARCH64
#else
#define HOST EM_NONE
#endif

const struct lab_arch *lab_arch_default(void)
{
	return &archs[0];
}

const struct lab_arch *lab_arch_host(void)
{
	const char *set = getenv("MIGBENCH_HOST_ARCH");

	if (set && *set)
		return lab_arch_find(set);
	for (size_t i = 0; i < ARCHS; i++)
		if (archs[i].machine == HOST)
			return &archs[i];
	return NULL;
}

const struct lab_arch *lab_arch_at(size_t number)
{
	return number < ARCHS ? &archs[number] : NULL;
}

const struct lab_arch *lab_arch_find(const char *name)
{
	for (size_t i = 0; i < ARCHS; i++)
		if (!strcmp(name, archs[i].name))
			return &archs[i];
	return NULL;
}

const struct lab_page *lab_arch_page(const struct lab_arch *arch, const char *name)
{
	for (size_t i = 0; i < arch->page_count; i++)
		if (!strcmp(name, arch->pages[i].name))
			return &arch->pages[i];
	return NULL;
}

bool lab_page_known(const char *name)
{
	for (size_t i = 0; i < ARCHS; i++)
		if (lab_arch_page(&archs[i], name))
			return true;
	return false;
}

/* "4k, 16k or 64k"; malloc'd. */
static char *list_pages(const struct lab_arch *arch)
{
	char *text = mb_strdup(""), *next;

	for (size_t i = 0; i < arch->page_count; i++) {
		next = mb_format("%s%s%s", text,
				 !i			    ? ""
				 : i + 1 < arch->page_count ? ", "
							    : " or ",
				 arch->pages[i].name);
		free(text);
		text = next;
	}
	return text;
}

int lab_arch_choose(const char *arch_name, const char *page_name, const struct lab_arch **arch,
		    const struct lab_page **page)
{
	char *known;

	*arch = arch_name ? lab_arch_find(arch_name) : lab_arch_default();
	if (!*arch)
		return mb_fail(MB_REQUEST, "--arch takes x86_64 or arm64, not '%s'", arch_name);
	*page = lab_arch_page(*arch, page_name ? page_name : (*arch)->pages[0].name);
	if (*page)
		return MB_OK;
	known = list_pages(*arch);
	mb_fail(MB_REQUEST, "--page: base pages of %s are of %s, not '%s'", (*arch)->name, known,
		page_name);
	free(known);
	return MB_REQUEST;
}

size_t lab_arch_split(const char *name, const struct lab_arch **arch, const struct lab_page **page)
{
	for (size_t i = 0; i < ARCHS; i++)
		for (size_t j = 0; j < archs[i].page_count && archs[i].page_count > 1; j++) {
			char *tail = mb_format("-%s-%s", archs[i].name, archs[i].pages[j].name);
			size_t length = strlen(name), end = strlen(tail);
			bool is = length > end && !strcmp(name + length - end, tail);

			free(tail);
			if (!is)
				continue;
			*arch = &archs[i];
			*page = &archs[i].pages[j];
			return length - end;
		}
	return 0;
}

int lab_arch_target(const char *name, const char *arch_name, const char *page_name, char **target)
{
	const struct lab_arch *arch, *other;
	const struct lab_page *page, *own;
	int status;

	*target = NULL;
	if (mb_config_is_file(name))
		return mb_fail(MB_REQUEST,
			       "%s: --arch and --page go with a name of configs/kernels; in a file "
			       "of your own they are the keys 'arch' and 'page'",
			       name);
	if (lab_arch_split(name, &other, &own))
		return mb_fail(MB_REQUEST,
			       "kernel %s: --arch and --page go with a name that says "
			       "neither",
			       name);
	status = lab_arch_choose(arch_name, page_name, &arch, &page);
	if (status)
		return status;
	*target = arch->page_count > 1 ? mb_format("%s-%s-%s", name, arch->name, page->name)
				       : mb_strdup(name);
	return MB_OK;
}
