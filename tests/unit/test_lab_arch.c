// SPDX-License-Identifier: GPL-2.0-or-later
/* Guests of another architecture: names, page sizes, machines, and the libraries of a program. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/list.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/base/arch.h"
#include "lab/kernel/cross.h"
#include "lab/vm/initramfs.h"
#include "lab/vm/machine.h"
#include "tests/unit/skipped.h"

/* What is refused says so on stderr, which nobody reads here. */
static int quiet(void **state)
{
	(void)state;
	return freopen("/dev/null", "w", stderr) ? 0 : -1;
}

static void names(void **state)
{
	const struct lab_arch *arch = NULL;
	const struct lab_page *page = NULL;

	(void)state;
	assert_int_equal(lab_arch_split("6.1-arm64-64k", &arch, &page), 3);
	assert_string_equal(arch->name, "arm64");
	assert_int_equal(page->bytes, 65536);
	assert_int_equal(lab_arch_split("6.1-debug-arm64-4k", &arch, &page), 9);
	assert_int_equal(page->bytes, 4096);
	/* None of these says both. */
	assert_int_equal(lab_arch_split("6.1", &arch, &page), 0);
	assert_int_equal(lab_arch_split("6.1-arm64", &arch, &page), 0);
	assert_int_equal(lab_arch_split("6.1-arm64-8k", &arch, &page), 0);
	assert_int_equal(lab_arch_split("6.1-64k", &arch, &page), 0);
	assert_int_equal(lab_arch_split("-arm64-4k", &arch, &page), 0);
}

static void check_target(const char *name, const char *arch, const char *page, const char *want)
{
	char *target;
	int status = lab_arch_target(name, arch, page, &target);

	assert_int_equal(status, want ? MB_OK : MB_REQUEST);
	if (want)
		assert_string_equal(target, want);
	else
		assert_null(target);
	free(target);
}

static void options(void **state)
{
	(void)state;
	check_target("6.1", "arm64", "16k", "6.1-arm64-16k");
	check_target("6.1", "arm64", NULL, "6.1-arm64-4k");
	check_target("6.1", "x86_64", NULL, "6.1");
	check_target("6.1", NULL, "4k", "6.1");
	check_target("6.1", "arm64", "8k", NULL);
	check_target("6.1", NULL, "64k", NULL);
	check_target("6.1", "riscv", NULL, NULL);
	check_target("6.1-arm64-4k", "arm64", "64k", NULL);
	check_target("./my.ini", "arm64", NULL, NULL);
}

/* An emulated CPU without a page size would hang, and one of another architecture not start. */
static void models(void **state)
{
	const struct lab_arch *arm64 = lab_arch_find("arm64");
	struct lab_kernel kernel = { .name = (char *)"k",
				     .arch = arm64,
				     .page = lab_arch_page(arm64, "16k") };

	(void)state;
	assert_int_equal(lab_cpu_suits("cortex-a57", &kernel), MB_REQUEST);
	assert_int_equal(lab_cpu_suits("cortex-a35", &kernel), MB_OK);
	assert_int_equal(lab_cpu_suits(NULL, &kernel), MB_OK);
	assert_int_equal(lab_cpu_suits("qemu64", &kernel), MB_REQUEST);
	kernel.page = lab_arch_page(arm64, "64k");
	assert_int_equal(lab_cpu_suits("cortex-a57", &kernel), MB_OK);
	kernel.arch = lab_arch_default();
	assert_int_equal(lab_cpu_suits("cortex-a57", &kernel), MB_REQUEST);
	assert_int_equal(lab_cpu_suits("qemu64-fsrm", &kernel), MB_OK);
	/* Under the instruction clock the counter must tick once an instruction. */
	assert_string_equal(lab_cpu_model(arm64, NULL, LAB_TCG), "neoverse-n1,cntfrq=1000000000");
}

static void check_place(unsigned long coherent0, unsigned long coherent1, unsigned long memory1,
			const char *page_name, int want, unsigned long long at)
{
	const struct lab_arch *arm64 = lab_arch_find("arm64");
	struct lab_topology topology = { .name = (char *)"t",
					 .count = 2,
					 .nodes = { { .memory = 512, .coherent = coherent0 },
						    { .memory = memory1, .coherent = coherent1 } },
					 .memory = 512 + memory1,
					 .coherent = coherent0 + coherent1 };

	assert_int_equal(lab_topology_place(&topology, arm64, lab_arch_page(arm64, page_name)),
			 want);
	if (!want)
		assert_int_equal(topology.coherent_at, at);
}

/* Memory begins at 1 GiB there, and what is coherent can only be its end. */
static void coherent_memory(void **state)
{
	(void)state;
	check_place(0, 64, 576, "4k", MB_OK, 0x80000000ULL);
	check_place(0, 64, 576, "64k", MB_OK, 0x80000000ULL);
	check_place(0, 2, 576, "4k", MB_OK, 0x83e00000ULL);
	check_place(0, 2, 576, "64k", MB_REQUEST, 0);
	check_place(0, 64, 600, "64k", MB_REQUEST, 0);
	check_place(64, 0, 576, "4k", MB_REQUEST, 0);
}

/* Whether @fs has the library @name where its architecture keeps them. */
static bool has_library(const struct lab_initramfs *fs, const char *name)
{
	char *path = mb_format("/usr/lib/%s/%s", fs->arch->triplet, name);
	bool has = lab_initramfs_has(fs, path) || lab_initramfs_has(fs, path + strlen("/usr"));

	free(path);
	return has;
}

/* This test is a program of this machine: its libraries are found without its loader being asked. */
static void libraries(void **state)
{
	struct lab_initramfs fs = { .arch = lab_arch_host(), .root = "" };
	char self[4096];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

	(void)state;
	assert_true(length > 0);
	self[length] = '\0';
	if (!fs.arch || lab_initramfs_program(&fs, "/bin/t", self, 0755))
		SKIP("an instrumented build has libraries elsewhere, or it is another machine");
	assert_true(lab_initramfs_has(&fs, "/bin/t"));
	assert_true(has_library(&fs, "libc.so.6"));
	assert_true(lab_initramfs_has(&fs, "/lib64/ld-linux-x86-64.so.2") ||
		    lab_initramfs_has(&fs, "/lib/ld-linux-aarch64.so.1"));
	/* jansson is what this is linked with; lzma, by way of libarchive, is what that needs. */
	assert_true(has_library(&fs, "libjansson.so.4"));
	lab_initramfs_free(&fs);
}

/* A name means the same kernel everywhere; whose compiler is gcc itself is up to the host. */
static void hosts(void **state)
{
	const struct lab_arch *arch;
	const struct lab_page *page;
	FILE *self = fopen("/proc/self/exe", "re");
	Elf64_Ehdr header;
	char *prefix;

	(void)state;
	unsetenv("MIGBENCH_HOST_ARCH");
	assert_non_null(self);
	assert_int_equal(fread(&header, sizeof(header), 1, self), 1);
	fclose(self);
	if (lab_arch_host())
		assert_int_equal(lab_arch_host()->machine, header.e_machine);
	for (size_t i = 0; lab_arch_at(i); i++) {
		setenv("MIGBENCH_HOST_ARCH", lab_arch_at(i)->name, 1);
		assert_ptr_equal(lab_arch_host(), lab_arch_at(i));
		assert_int_equal(lab_arch_choose(NULL, NULL, &arch, &page), MB_OK);
		assert_string_equal(arch->name, "x86_64");
		for (size_t j = 0; lab_arch_at(j); j++) {
			prefix = lab_cross_prefix(lab_arch_at(j));
			assert_int_equal(prefix && !*prefix, i == j);
			free(prefix);
		}
	}
	/* To any other all of them are foreign. */
	setenv("MIGBENCH_HOST_ARCH", "riscv64", 1);
	assert_null(lab_arch_host());
	unsetenv("MIGBENCH_HOST_ARCH");
}

static void wrong_architecture(void **state)
{
	struct lab_initramfs fs = { .root = "" };

	(void)state;
	fs.arch = lab_arch_at(lab_arch_at(0) == lab_arch_host());
	if (access("/bin/busybox", R_OK))
		SKIP("no /bin/busybox, which is to be refused");
	assert_int_equal(lab_initramfs_program(&fs, "/bin/t", "/bin/busybox", 0755), MB_REQUEST);
	assert_false(lab_initramfs_has(&fs, "/bin/t"));
	/* What is no program is nobody's. */
	assert_int_equal(lab_initramfs_program(&fs, "/etc/p", "/etc/passwd", 0644), MB_OK);
	assert_true(lab_initramfs_has(&fs, "/etc/p"));
	lab_initramfs_free(&fs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),     cmocka_unit_test(options),
		cmocka_unit_test(models),    cmocka_unit_test(coherent_memory),
		cmocka_unit_test(libraries), cmocka_unit_test(wrong_architecture),
		cmocka_unit_test(hosts),
	};

	return with_skipped(cmocka_run_group_tests(tests, quiet, NULL));
}
