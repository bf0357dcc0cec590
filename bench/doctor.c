// SPDX-License-Identifier: GPL-2.0-or-later
/* migbench doctor: what can be measured here, what can't, and why. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "bench/commands.h"
#include "bench/env.h"
#include "bench/module.h"
#include "bench/topology.h"
#include "core/options.h"
#include "core/status.h"

static void line(const char *answer, const char *subject, const char *text)
{
	printf("%-4s %-18s %s\n", answer, subject, text);
}

static void machine(void)
{
	struct mb_topology *topology = mb_topology_load();
	char text[512], digest[MB_DIGEST_HEX];
	struct utsname name;

	uname(&name);
	snprintf(text, sizeof(text), "%s on %s, %s; base page %ld bytes", name.release,
		 name.machine,
		 strcmp(mb_env_hypervisor(), "none") ? mb_env_hypervisor() : "bare metal",
		 sysconf(_SC_PAGESIZE));
	line("", "kernel", text);
	if (!topology) {
		line("no", "topology", "hwloc cannot read it");
		return;
	}
	mb_topology_summary(topology, text, sizeof(text), digest);
	line("", "topology", text);
	line("yes", "null", "the harness itself, in user space");
	if (mb_topology_has_node(topology, 1))
		line("yes", "copy", "between nodes");
	else
		line("no", "copy", "one node only; migbench lab run has a second one");
	mb_topology_free(topology);
}

static void module(void)
{
	struct migbench_info info;
	char why[MB_WHY];
	int fd = mb_module_open(&info, why);

	if (fd < 0) {
		line("no", "migrate, fault", why);
		return;
	}
	close(fd);
	if (info.kinds & (1U << MIGBENCH_PRIVATE))
		line("yes", "migrate, fault", "private device memory, through the loaded module");
	else
		line("no", "migrate, fault", "this kernel has no CONFIG_DEVICE_PRIVATE");
}

static bool in_path(const char *program)
{
	const char *path = getenv("PATH");
	char *copy = strdup(path ? path : "/usr/bin:/bin"), *rest = copy, *folder;
	bool found = false;

	while (!found && (folder = strsep(&rest, ":"))) {
		char file[1024];

		snprintf(file, sizeof(file), "%s/%s", folder, program);
		found = !access(file, X_OK);
	}
	free(copy);
	return found;
}

static void lab(void)
{
	int kvm;

	if (in_path("qemu-system-x86_64"))
		line("yes", "lab, clock time", "qemu-system-x86_64 runs the VM");
	else
		line("no", "lab, clock time",
		     "qemu-system-x86_64 is missing; apt install qemu-system-x86");
	if (in_path("qemu-system-x86_64"))
		line("yes", "lab, clock insns",
		     "exact instruction counts, one CPU (topology 2-node-1-cpu)");
	kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (kvm >= 0) {
		line("", "kvm",
		     "/dev/kvm opens; the lab does not use it yet: its VMs are emulated");
		close(kvm);
	} else {
		char text[128];

		snprintf(text, sizeof(text), "/dev/kvm: %s; the lab's VMs are emulated",
			 strerror(errno));
		line("no", "kvm", text);
	}
	if (in_path("gnuplot"))
		line("yes", "report", "gnuplot draws the plots");
	else
		line("no", "report", "gnuplot is missing, so no plots; apt install gnuplot-nox");
}

int bench_doctor(int argc, char **argv)
{
	const struct mb_option options[] = { { 0 } };
	const struct mb_usage usage = {
		.command = "doctor",
		.operands = "",
		.summary =
			"Show what this machine, kernel and user can and cannot measure, and why."
	};
	int first, status = mb_options(&usage, options, argc, argv, &first);

	if (status != MB_PARSED)
		return status;
	machine();
	module();
	lab();
	return MB_OK;
}
