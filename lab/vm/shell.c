// SPDX-License-Identifier: GPL-2.0-or-later
/* migbench lab shell: the virtual machine's console on the user's terminal. */
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "core/status.h"
#include "lab/base/temporary.h"
#include "lab/vm/exec.h"
#include "lab/vm/ready.h"
#include "lab/vm/vm.h"

int lab_shell_main(int argc, char **argv)
{
	struct lab_guest guest = { 0 };
	const char *clock = "time";
	const struct mb_option options[] = {
		{ "kernel", "NAME", "the kernel, see: migbench lab kernel list", MB_OPT_STRING,
		  &guest.kernel_name, 0, 0 },
		{ "topology", "NAME|FILE",
		  "nodes and CPUs, also a machine's: lstopo machine.xml (2-node; with insns 2-node-1-cpu)",
		  MB_OPT_STRING, &guest.topology_name, 0, 0 },
		{ "clock", "time|insns", "the clock (time)", MB_OPT_STRING, &clock, 0, 0 },
		{ "accel", "tcg|kvm", "what runs the VM; default: kvm with time, where it works",
		  MB_OPT_STRING, &guest.accel_name, 0, 0 },
		{ "cpu", LAB_CPU_VALUE, LAB_CPU_HELP, MB_OPT_STRING, &guest.cpu_name, 0, 0 },
		{ "qemu", "NAME|PATH", "the QEMU, see: migbench lab qemu list", MB_OPT_STRING,
		  &guest.qemu_name, 0, 0 },
		{ "add", "FILE", "put it into /work; can be repeated", MB_OPT_STRINGS, &guest.adds,
		  0, 0 },
		{ "module-param", "NAME=VALUE", "for migbench.ko; can be repeated", MB_OPT_STRINGS,
		  &guest.module_params, 0, 0 },
		{ "append", "WORDS", "more of the kernel's command line", MB_OPT_STRING,
		  &guest.append, 0, 0 },
		{ 0 },
	};
	static const struct mb_usage usage = {
		.command = "lab shell",
		.operands = "",
		.summary =
			"An interactive shell in a virtual machine. Leave it with: exit; or, if it "
			"hangs, with\nControl-A and then X.",
	};
	struct termios settings;
	struct lab_vm_spec spec;
	bool terminal;
	char *folder;
	int first, status = mb_options(&usage, options, argc, argv, &first);

	if (status != MB_PARSED)
		return status;
	if (!guest.kernel_name)
		return mb_fail(MB_REQUEST, "lab shell: --kernel NAME is missing");
	status = lab_clock_read(clock, &guest.clock);
	if (!status)
		status = lab_guest_find(&guest);
	if (!status && !(folder = lab_temporary()))
		status = mb_fail(MB_MACHINE, "no temporary folder: %m");
	if (!status) {
		status = lab_guest_ready(&guest, NULL, folder, &spec);
		if (!status) {
			puts("Leave the machine with: exit; if it hangs: Control-A, then X.");
			fflush(stdout);
			/* A killed QEMU leaves the terminal raw. */
			terminal = !tcgetattr(STDIN_FILENO, &settings);
			status = lab_vm_interactive(&spec);
			if (terminal)
				tcsetattr(STDIN_FILENO, TCSANOW, &settings);
		}
		free(folder);
	}
	lab_guest_free(&guest);
	return status;
}
