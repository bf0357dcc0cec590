// SPDX-License-Identifier: GPL-2.0-or-later
/* What QEMU is told: the machine, its clock, its memory and its ports. */
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

/*
 * "max" is another CPU in another QEMU. The second is as real ones are where a kernel asks whether
 * rep movsb is fast: for memcpy(), clear_page() and copies from and to user space.
 */
static const struct {
	const char *name, *model;
	bool is_new;
} cpus[] = {
	{ "qemu64", "qemu64,+ssse3", false },
	/* A QEMU that lacks something of it is to say so, and not to leave it out. */
	{ "qemu64-fsrm", "qemu64,+ssse3,+erms,+fsrm,enforce", true },
};

#define CPUS (sizeof(cpus) / sizeof(cpus[0]))

/* The place of @name, which is 0 for NULL and CPUS for one that is not there. */
static size_t find_cpu(const char *name)
{
	size_t i = 0;

	while (name && i < CPUS && strcmp(name, cpus[i].name))
		i++;
	return i;
}

int lab_cpu_check(const char *name, const char *accel_name)
{
	if (find_cpu(name) == CPUS)
		return mb_fail(MB_REQUEST, "--cpu takes qemu64 or qemu64-fsrm, not '%s'", name);
	if (name && accel_name && !strcmp(accel_name, "kvm"))
		return mb_fail(MB_REQUEST, "--cpu %s: with --accel kvm the CPU is the host's",
			       name);
	return MB_OK;
}

bool lab_cpu_is_new(const char *name)
{
	return cpus[find_cpu(name)].is_new;
}

const char *lab_cpu_model(const char *name, enum lab_accel accel)
{
	return accel == LAB_KVM ? "host" : cpus[find_cpu(name)].model;
}

/* The one place that chooses between kinds of machine. */
static void add_machine(const struct lab_vm_spec *spec, struct mb_list *words)
{
	static const char *const insns[] = {
		"-accel", "tcg,thread=single", "-rtc", "base=2024-01-01T00:00:00,clock=vm", "-seed",
		"1",
	};

	mb_list_add(words, "-machine");
	mb_list_add(words, spec->topology->speeds ? "pc,hmat=on" : "pc");
	mb_list_add(words, "-cpu");
	mb_list_add(words, "%s", spec->cpu);
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
	} else {
		mb_list_add(words, "-accel");
		mb_list_add(words, spec->accel == LAB_KVM ? "kvm" : "tcg,thread=multi");
	}
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
	reserve = mb_strdup("");
	if (topology->coherent) {
		free(reserve);
		reserve =
			mb_format(" memmap=%luM$%#llx", topology->coherent, topology->coherent_at);
	}
	lab_qemu_command(spec->qemu, steady, words);
	add_machine(spec, words);
	lab_topology_arguments(topology, words);
	mb_list_add(words, "-kernel");
	mb_list_add(words, "%s", image);
	mb_list_add(words, "-initrd");
	mb_list_add(words, "%s", spec->initrd);
	mb_list_add(words, "-append");
	mb_list_add(words,
		    "console=ttyS0 panic=-1 nokaslr norandmaps random.trust_bootloader=on%s%s%s%s",
		    reserve, exact ? " tsc=reliable no_timer_check lpj=1000000" : "",
		    spec->append ? " " : "", spec->append ? spec->append : "");
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
static void add_port(struct mb_list *words, const char *id, const char *folder)
{
	char *path = mb_format("%s/%s", folder, id), *escaped = escape_commas(path);

	mb_list_add(words, "-chardev");
	mb_list_add(words, "file,id=%s,path=%s", id, escaped);
	mb_list_add(words, "-serial");
	mb_list_add(words, "chardev:%s", id);
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

	add_port(words, "log", folder);
	add_port(words, "port", folder);
	if (spec->plugin)
		add_plugin(words, spec->plugin);
	return status;
}
