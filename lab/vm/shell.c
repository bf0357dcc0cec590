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
		LAB_OPTS_MACHINE(guest, &clock),
		MB_HEADING("The shell"),
		{ "add", "FILE", "a file or folder, put into /work; can be repeated",
		  MB_OPT_STRINGS, &guest.adds, 0, 0 },
		{ 0 },
	};
	static const struct mb_usage usage = {
		.command = "lab shell",
		.needs = "--kernel NAME",
		.operands = "",
		.summary = "Start an interactive shell in a virtual machine. Leave it with "
			   "exit or, if it hangs, with Control-A and then X.",
		.example = "migbench lab shell --kernel 6.1",
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
		status = MB_MACHINE;
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
