// SPDX-License-Identifier: GPL-2.0-or-later
/* What QEMU is told: the machine, its clock, its memory and its ports. */
#include <elf.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/list.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/base/self.h"
#include "lab/vm/machine.h"

int lab_clock_read(const char *name, enum mb_clock *clock)
{
	if (mb_clock_parse(name, clock))
		return MB_OK;
	return mb_fail(MB_REQUEST, "--clock takes time or insns, not '%s'", name);
}

const char *lab_accel_name(enum lab_accel accel)
{
	return accel == LAB_KVM ? "kvm" : "tcg";
}

int lab_accel_check(const char *name, enum mb_clock clock)
{
	if (name && strcmp(name, "tcg") && strcmp(name, "kvm"))
		return mb_fail(MB_REQUEST, "--accel takes tcg or kvm, not '%s'", name);
	if (name && !strcmp(name, "kvm") && clock == MB_INSNS)
		return mb_fail(MB_REQUEST, "--accel kvm: only emulation (tcg) counts "
					   "instructions; use --clock time");
	return MB_OK;
}

/* The counter that programs read counts the clock's nanoseconds, not one in 16. */
#define ARM64_COUNTS ",cntfrq=1000000000"

/*
 * "max" is another CPU in another QEMU. The second is as real ones are where a kernel asks whether
 * rep movsb is fast: for memcpy(), clear_page() and copies from and to user space.
 */
static const struct lab_cpu {
	const char *arch, *name, *model;
	bool is_new;
	bool no_16k; /* base pages of that size are too new for it */
} cpus[] = {
	{ "x86_64", "qemu64", "qemu64,+ssse3", false, false },
	/* A QEMU that lacks something of it is to say so, and not to leave it out. */
	{ "x86_64", "qemu64-fsrm", "qemu64,+ssse3,+erms,+fsrm,enforce", true, false },
	/* Two that update the accessed and the dirty bit themselves, and two that fault for it. */
	{ "arm64", "neoverse-n1", "neoverse-n1" ARM64_COUNTS, false, false },
	{ "arm64", "cortex-a76", "cortex-a76" ARM64_COUNTS, false, false },
	{ "arm64", "cortex-a35", "cortex-a35" ARM64_COUNTS, false, false },
	{ "arm64", "cortex-a57", "cortex-a57" ARM64_COUNTS, false, true },
};

#define CPUS (sizeof(cpus) / sizeof(cpus[0]))

/* The one of this @name, or for NULL the first of @arch; NULL: there is none. */
static const struct lab_cpu *find_cpu(const char *name, const char *arch)
{
	for (size_t i = 0; i < CPUS; i++)
		if (!strcmp(name ? name : arch, name ? cpus[i].name : cpus[i].arch))
			return &cpus[i];
	return NULL;
}

/* Those of @arch; malloc'd. */
static char *list_cpus(const char *arch)
{
	struct mb_list names = { 0 };
	char *text;

	for (size_t i = 0; i < CPUS; i++)
		if (!strcmp(cpus[i].arch, arch))
			mb_list_add(&names, "%s", cpus[i].name);
	text = mb_list_join(&names);
	mb_list_free(&names);
	return text;
}

int lab_cpu_check(const char *name, const char *accel_name)
{
	if (name && !find_cpu(name, NULL)) {
		char *other = list_cpus("arm64");

		mb_fail(MB_REQUEST,
			"--cpu takes qemu64 or qemu64-fsrm, not '%s'; for kernels of arm64 %s",
			name, other);
		free(other);
		return MB_REQUEST;
	}
	if (name && accel_name && !strcmp(accel_name, "kvm"))
		return mb_fail(MB_REQUEST, "--cpu %s: with --accel kvm the CPU is the host's",
			       name);
	return MB_OK;
}

int lab_cpu_suits(const char *name, const struct lab_kernel *kernel)
{
	const struct lab_cpu *cpu = find_cpu(name, kernel->arch->name);

	if (!cpu || strcmp(cpu->arch, kernel->arch->name)) {
		char *known = list_cpus(kernel->arch->name);

		mb_fail(MB_REQUEST, "--cpu %s: kernel %s is for %s, whose models are %s", name,
			kernel->name, kernel->arch->name, known);
		free(known);
		return MB_REQUEST;
	}
	/* It would hang without a word. */
	if (cpu->no_16k && !strcmp(kernel->page->name, "16k"))
		return mb_fail(
			MB_REQUEST,
			"--cpu %s: that CPU has no base pages of 16k, which kernel %s needs; "
			"neoverse-n1, cortex-a76 and cortex-a35 have them",
			name, kernel->name);
	return MB_OK;
}

bool lab_cpu_is_new(const char *name)
{
	const struct lab_cpu *cpu = name ? find_cpu(name, NULL) : NULL;

	return cpu && cpu->is_new;
}

const char *lab_cpu_model(const struct lab_arch *arch, const char *name, enum lab_accel accel)
{
	const struct lab_cpu *cpu = find_cpu(name, arch->name);

	return accel == LAB_KVM || !cpu ? "host" : cpu->model;
}

static bool is_arm64(const struct lab_vm_spec *spec)
{
	return spec->kernel->arch->machine == EM_AARCH64;
}

/* The one place that chooses between kinds of machine. */
static void add_machine(const struct lab_vm_spec *spec, struct mb_list *words)
{
	static const char *const insns[] = { "-rtc", "base=2024-01-01T00:00:00,clock=vm", "-seed",
					     "1" };

	mb_list_add(words, "-machine");
	mb_list_add(words, "%s",
		    is_arm64(spec)	     ? "virt,gic-version=3"
		    : spec->topology->speeds ? "pc,hmat=on"
					     : "pc");
	mb_list_add(words, "-cpu");
	mb_list_add(words, "%s", spec->cpu);
	mb_list_add(words, "-accel");
	/*
	 * With a thread for each CPU, one may go on executing what another has overwritten: QEMU drops
	 * its translation of the old code before it stores the new (notdirty_write() in
	 * accel/tcg/cputlb.c), and translates the old once more where a third comes by in between.
	 * A kernel that patches itself on a busy host then hangs or panics at an int3 that is not there.
	 */
	mb_list_add(words, spec->accel == LAB_KVM ? "kvm" : "tcg,thread=single");
	if (spec->clock == MB_INSNS) {
		for (size_t i = 0; i < sizeof(insns) / sizeof(insns[0]); i++)
			mb_list_add(words, "%s", insns[i]);
		mb_list_add(words, "-icount");
		/*
		 * When the CPU halts, QEMU's main loop moves the time on to the next timer. It may
		 * see the halt before the CPU's thread has accounted for its last instructions, and
		 * then moves the time too far. While recording, the two take turns under a lock
		 * (replay_mutex_lock() in QEMU's source). Nobody wants the record; and with several
		 * CPUs QEMU refuses to make one.
		 */
		mb_list_add(words, "shift=0,sleep=off%s",
			    spec->topology->cpus == 1 ? ",rr=record,rrfile=/dev/null" : "");
	}
}

/* What keeps the kernel away from the memory that the module will have; malloc'd. */
static char *reserve_coherent(const struct lab_vm_spec *spec)
{
	const struct lab_topology *topology = spec->topology;

	if (!topology->coherent)
		return mb_strdup("");
	/* There, memory can only be cut off at its end: lab_topology_place() has seen to it. */
	if (is_arm64(spec))
		return mb_format(" mem=%luM", topology->memory - topology->coherent);
	return mb_format(" memmap=%luM$%#llx", topology->coherent, topology->coherent_at);
}

/* No instruction of arm64 tells a guest what it runs on: the word for bench/env.c. */
static const char *said_hypervisor(const struct lab_vm_spec *spec)
{
	return spec->accel == LAB_KVM ? " hypervisor=kvm" : " hypervisor=qemu-tcg";
}

int lab_machine_words(const struct lab_vm_spec *spec, struct mb_list *words)
{
	static const char *const bare[] = {
		"-nodefaults", "-no-user-config", "-display", "none", "-nic", "none", "-no-reboot"
	};
	const struct lab_topology *topology = spec->topology;
	bool exact = spec->clock == MB_INSNS;
	char *steady = exact ? lab_self_beside("steady.so") : NULL, *image, *reserve;

	if (exact && !steady)
		return MB_MACHINE;
	if (steady && strpbrk(steady, " :")) {
		mb_fail(MB_MACHINE,
			"%s: the dynamic loader takes no path with a blank or a colon for a preload; "
			"move migbench elsewhere",
			steady);
		free(steady);
		return MB_MACHINE;
	}
	image = lab_kernel_image(spec->kernel);
	reserve = reserve_coherent(spec);
	lab_qemu_command(spec->qemu, steady, words);
	add_machine(spec, words);
	lab_topology_arguments(topology, words);
	mb_list_add(words, "-kernel");
	mb_list_add(words, "%s", image);
	mb_list_add(words, "-initrd");
	mb_list_add(words, "%s", spec->initrd);
	mb_list_add(words, "-append");
	mb_list_add(words,
		    "console=%s panic=-1 nokaslr norandmaps random.trust_bootloader=on%s%s%s%s%s",
		    spec->kernel->arch->console, reserve,
		    is_arm64(spec) ? said_hypervisor(spec)
		    : exact	   ? " tsc=reliable no_timer_check"
				   : "",
		    exact ? " lpj=1000000" : "", spec->append ? " " : "",
		    spec->append ? spec->append : "");
	for (size_t i = 0; i < sizeof(bare) / sizeof(bare[0]); i++)
		mb_list_add(words, "%s", bare[i]);
	free(reserve);
	free(image);
	free(steady);
	return MB_OK;
}

/* QEMU's way of writing a comma within a value. malloc'd. */
static char *escape_commas(const char *text)
{
	char *escaped = mb_alloc(1, 2 * strlen(text) + 1), *out = escaped;

	for (const char *p = text; *p; p++) {
		*out++ = *p;
		if (*p == ',')
			*out++ = ',';
	}
	*out = '\0';
	return escaped;
}

/* A serial port whose bytes go to a file: no reader, slow or fast, can change the guest. */
static void add_port(struct mb_list *words, const char *id, bool pci, const char *folder)
{
	char *path = mb_format("%s/%s", folder, id), *escaped = escape_commas(path);

	mb_list_add(words, "-chardev");
	mb_list_add(words, "file,id=%s,path=%s", id, escaped);
	mb_list_add(words, pci ? "-device" : "-serial");
	mb_list_add(words, pci ? "pci-serial,chardev=%s" : "chardev:%s", id);
	free(escaped);
	free(path);
}

static void add_plugin(struct mb_list *words, const struct lab_vm_plugin *plugin)
{
	char *path = escape_commas(plugin->path), *out = escape_commas(plugin->out);

	mb_list_add(words, "-plugin");
	mb_list_add(words, "%s,out=%s%s%s", path, out, plugin->more ? "," : "",
		    plugin->more ? plugin->more : "");
	free(path);
	free(out);
}

int lab_machine_command(const struct lab_vm_spec *spec, const char *folder, struct mb_list *words)
{
	int status = lab_machine_words(spec, words);

	add_port(words, "log", false, folder);
	/* The machine of arm64 has one serial port of its own. */
	add_port(words, "port", is_arm64(spec), folder);
	if (spec->plugin)
		add_plugin(words, spec->plugin);
	return status;
}
