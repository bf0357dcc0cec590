// SPDX-License-Identifier: GPL-2.0-or-later
/* migbench doctor: what can be measured here, what can't, and why. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "bench/env.h"
#include "bench/kernel_config.h"
#include "bench/module.h"
#include "bench/topology.h"
#include "cli/doctor.h"
#include "core/base/list.h"
#include "core/base/say.h"
#include "core/cpu.h"
#include "core/options.h"
#include "core/status.h"
#include "lab/base/spawn.h"
#include "lab/kernel/tools.h"
#include "lab/vm/kvm.h"
#include "lab/vm/qemu.h"
#include "observe/commands.h"

static void line(const char *answer, const char *subject, const char *text)
{
	mb_say(stdout, "%-4s %-18s %s", answer, subject, text);
}

static void machine(void)
{
	struct mb_topology *topology = mb_topology_load();
	char text[512], digest[MB_DIGEST_HEX];
	unsigned long from, to;
	struct utsname name;

	uname(&name);
	snprintf(text, sizeof(text), "%s on %s, %s; base page %ld bytes", name.release,
		 name.machine, strcmp(mb_hypervisor(), "none") ? mb_hypervisor() : "bare metal",
		 sysconf(_SC_PAGESIZE));
	line("", "kernel", text);
	if (!topology) {
		line("no", "topology", "hwloc cannot read it");
		return;
	}
	mb_topology_summary(topology, text, sizeof(text), digest);
	line("", "topology", text);
	line("yes", "null, tlb, copy",
	     "without the module, as any user: migbench run --suite native");
	if (mb_topology_nearest(topology, &from, &to)) {
		snprintf(text, sizeof(text), "between nodes; the nearest two: %lu and %lu", from,
			 to);
		line("yes", "numa", text);
	} else {
		line("no", "numa", "one node only; migbench lab run has a second one");
	}
	if (mb_env_unsteady())
		line("no", "module's clock",
		     "the kernel has found the time-stamp counter unstable (journalctl -k | grep "
		     "-i tsc): what the module times is skipped; migbench lab run --clock insns "
		     "counts instructions");
	mb_topology_free(topology);
}

/* The kinds of memory that the loaded module offers. */
static void loaded_module(const struct migbench_info *info)
{
	char text[128 + MB_WHY] = "loaded", passed[MB_WHY];

	if (mb_module_selftest(passed))
		snprintf(text, sizeof(text), "loaded; its self-test passed: %s", passed);
	line("yes", "module", text);
	if (info->kinds & (1U << MIGBENCH_PRIVATE))
		line("yes", "private memory", "MEMORY_DEVICE_PRIVATE: migrate, fault, evict");
	else
		line("no", "private memory", "this kernel has no CONFIG_DEVICE_PRIVATE");
	if (info->kinds & (1U << MIGBENCH_COHERENT)) {
		snprintf(text, sizeof(text), "MEMORY_DEVICE_COHERENT: a range reserved on node %u",
			 info->coherent_node);
		line("yes", "coherent memory", text);
	} else {
		line("no", "coherent memory",
		     "no range was reserved at boot (memmap=SIZE$ADDR) and given to the module "
		     "(coherent=ADDR,SIZE)");
	}
	if (info->kinds & (1U << MIGBENCH_SYSTEM))
		line("yes", "system memory", "ordinary pages on both sides");
}

/* The kinds that the module would offer if it were loaded. */
static void possible_module(const char *why)
{
	struct mb_kernel_config config;
	char text[400];

	line("no", "module", why);
	if (!mb_kernel_config(&config)) {
		line("", "memory",
		     "its kinds are not known without the module: this kernel's configuration is "
		     "neither in /proc nor in /boot");
		return;
	}
	snprintf(text, sizeof(text), "%s says that this kernel loads no modules", config.path);
	if (!config.modules) {
		line("no", "memory", text);
		return;
	}
	snprintf(text, sizeof(text), "%s has no CONFIG_DEVICE_%s", config.path,
		 config.migration ? "PRIVATE" : "MIGRATION");
	if (config.migration && config.private_memory)
		line("yes", "private memory", "once the module is loaded");
	else
		line("no", "private memory", text);
	line(config.coherent_memory ? "yes" : "no", "coherent memory",
	     config.coherent_memory
		     ? "once a range is reserved at boot (memmap=SIZE$ADDR) and the module "
		       "is loaded with it"
	     : config.migration ? "it came with Linux 6.0"
				: text);
	line(config.migration ? "yes" : "no", "system memory",
	     config.migration ? "once the module is loaded" : text);
}

static void module(void)
{
	struct migbench_info info;
	char why[MB_WHY];
	int fd = mb_module_open(&info, why);

	if (fd < 0) {
		possible_module(why);
		return;
	}
	close(fd);
	loaded_module(&info);
}

static void observing(void)
{
	char text[400];
	bool sees = ob_would_see(text, sizeof(text));

	line(sees ? "yes" : "no", "observe", text);
}

static bool kvm_told;

static void kvm_trial(const struct lab_kvm_trial *trial)
{
	char text[400];

	if (trial->works)
		snprintf(text, sizeof(text), "kernel %s boots with it under the clock time",
			 trial->kernel);
	else
		snprintf(text, sizeof(text), "kernel %s is emulated: %s", trial->kernel,
			 trial->why);
	line(trial->works ? "yes" : "no", "kvm", text);
	kvm_told = true;
}

static void kvm(void)
{
	char why[256], text[400];

	if (!lab_kvm_opens(why)) {
		snprintf(text, sizeof(text), "%s; the lab's VMs are emulated", why);
		line("no", "kvm", text);
		return;
	}
	lab_kvm_each(kvm_trial);
	if (!kvm_told)
		line("", "kvm",
		     "/dev/kvm opens; the first VM under the clock time tries whether its kernel "
		     "boots with it");
}

/* Several CPUs under the instruction clock. */
static void several_cpus(const struct lab_arch *arch, const struct lab_qemu_is *qemu)
{
	struct mb_list versions = { 0 };
	char text[200], *how = lab_qemu_how(arch);
	const char *newest;
	bool turns;

	lab_qemu_fetched(arch, &versions);
	newest = versions.count ? versions.at[versions.count - 1] : NULL;
	turns = qemu->turns || (newest && lab_qemu_turns(newest));

	if (qemu->turns)
		snprintf(text, sizeof(text), "they take turns (QEMU %s)", qemu->version);
	else if (turns)
		snprintf(text, sizeof(text), "they take turns (QEMU %s, fetched)", newest);
	else
		snprintf(text, sizeof(text),
			 "QEMU %s never gives the second its turn, from " LAB_QEMU_TURNS
			 " on it does; get one: %s",
			 qemu->version, how);
	free(how);
	line(turns ? "yes" : "no", "insns, more CPUs", text);
	mb_list_free(&versions);
}

/* What a VM is made of, beside QEMU. */
static void kernels(void)
{
	struct mb_list missing = { 0 };
	char *names, text[400];

	lab_tools_missing(&missing);
	if (access("/bin/busybox", X_OK))
		mb_list_add(&missing, "busybox-static");
	names = mb_list_join(&missing);
	snprintf(text, sizeof(text),
		 missing.count ? "missing, as Debian calls the packages: %s"
			       : "what builds and boots them is here",
		 names);
	line(missing.count ? "no" : "yes", "lab, kernels", text);
	free(names);
	mb_list_free(&missing);
}

static void lab(void)
{
	const struct lab_arch *arch = lab_arch_host() ? lab_arch_host() : lab_arch_default();
	struct lab_qemu_is qemu;
	char text[128];

	if (lab_qemu_ask(arch->qemu, NULL, &qemu)) {
		snprintf(text, sizeof(text), "QEMU %s runs the VM", qemu.version);
		line("yes", "lab, clock time", text);
		line("yes", "lab, clock insns",
		     "exact instruction counts, one CPU (topology 2-node-1-cpu)");
		several_cpus(arch, &qemu);
		line(qemu.plugins ? "yes" : "no", "lab, plugins",
		     qemu.plugins ? "this QEMU loads them" : "this QEMU was built without them");
		kvm();
	} else {
		snprintf(text, sizeof(text),
			 "%s is missing or does not start; on Debian: apt-get install %s",
			 arch->qemu, arch->qemu_package);
		line("no", "lab", text);
	}
	kernels();
	if (lab_have_program("gnuplot"))
		line("yes", "report", "gnuplot draws the plots");
	else
		line("no", "report",
		     "gnuplot is missing, so no plots; on Debian: apt-get install gnuplot-nox");
}

int cli_doctor(int argc, char **argv)
{
	const struct mb_option options[] = {

		{ 0 },
	};
	const struct mb_usage usage = {
		.command = "doctor",
		.operands = "",
		.summary =
			"Show what this machine, kernel and user can and cannot measure, and why.",
		.example = "migbench doctor"
	};
	int first, status = mb_options(&usage, options, argc, argv, &first);

	if (status != MB_PARSED)
		return status;
	machine();
	module();
	observing();
	if (getenv("MIGBENCH_LAB"))
		line("", "lab", "this is its virtual machine");
	else
		lab();
	return MB_OK;
}
