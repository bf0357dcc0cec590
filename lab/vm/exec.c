// SPDX-License-Identifier: GPL-2.0-or-later
/* migbench lab exec: one command in a virtual machine. */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/list.h"
#include "core/base/quote.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/base/spawn.h"
#include "lab/base/temporary.h"
#include "lab/base/timings.h"
#include "lab/vm/exec.h"
#include "lab/vm/kept_log.h"
#include "lab/vm/ready.h"
#include "lab/vm/vm.h"

#define TIMEOUT_S 600
#define MAX_TIMEOUT_S (7 * 24 * 3600)
/* What --dry-run calls the folder that a real run would make. */
#define DRY_FOLDER "DIR"

struct relay {
	const struct lab_vm *vm;
	const char *kernel;
	bool told; /* of the module */
	int error; /* errno of the first write that failed */
	double end; /* when the time is up, as lab_timing_now() says it */
};

/* COMMAND runs all the same: not every one needs the module. */
static void tell_refusal(struct relay *relay)
{
	char *what;

	if (relay->told || !relay->vm->frames.refused)
		return;
	relay->told = true;
	what = mb_format("kernel %s", relay->kernel);
	lab_vm_explain_refusal(relay->vm, what);
	free(what);
}

/* Whoever reads may stand still; neither a signal nor the time-out waits for that. 0, or an errno. */
static int pass_on(const struct relay *relay, int fd, const char *data, size_t length)
{
	while (length) {
		struct pollfd room = { .fd = fd, .events = POLLOUT };
		ssize_t wrote;

		if (lab_interrupted)
			return EINTR;
		if (poll(&room, 1, 200) <= 0) {
			if (lab_timing_now() > relay->end)
				return ETIMEDOUT;
			continue;
		}
		/* A pipe that has room has it for so much, and does not block. */
		wrote = write(fd, data, length < PIPE_BUF ? length : PIPE_BUF);
		if (wrote < 0 && errno != EINTR && errno != EAGAIN)
			return errno;
		data += wrote > 0 ? wrote : 0;
		length -= wrote > 0 ? (size_t)wrote : 0;
	}
	return 0;
}

static void relay_output(void *context, char kind, const char *data, size_t length)
{
	struct relay *relay = context;

	tell_refusal(relay);
	if (!relay->error)
		relay->error = pass_on(relay, kind == 'O' ? 1 : 2, data, length);
}

static int explain(const struct lab_vm *vm, const char *kernel)
{
	char *what = mb_format("kernel %s", kernel);
	int status = lab_vm_explain(vm, what);

	free(what);
	return status;
}

static int boot(const struct lab_guest *guest, const struct lab_vm_spec *spec, const char *folder,
		unsigned long timeout, struct lab_kept_log *log)
{
	struct lab_vm vm = { .output = relay_output, .timeout = timeout };
	struct relay relay = { .vm = &vm,
			       .kernel = guest->kernel_name,
			       .end = lab_timing_now() + (double)timeout };
	struct lab_vm *machines[] = { &vm };
	int status, kept;

	vm.context = &relay;
	status = lab_vm_start(&vm, spec, folder);
	if (status)
		return status;
	while (vm.state == LAB_VM_RUNS && !lab_interrupted && !relay.error)
		lab_vm_poll(machines, 1);
	tell_refusal(&relay);
	kept = lab_kept_log_add(log, vm.log);
	if (lab_interrupted)
		status = MB_MACHINE;
	else if (relay.error == ETIMEDOUT)
		status = mb_fail(MB_MACHINE, "kernel %s: time-out: nobody reads what it says",
				 guest->kernel_name);
	else if (relay.error)
		status = mb_fail(MB_MACHINE, "stdout or stderr: cannot write: %s",
				 strerror(relay.error));
	else if (vm.state == LAB_VM_FAILED)
		status = explain(&vm, guest->kernel_name);
	else
		status = kept ? kept : (int)vm.frames.status;
	lab_vm_end(&vm);
	return status;
}

/* --dry-run. */
static int print_command(struct lab_guest *guest)
{
	struct mb_list words = { 0 };
	struct lab_vm_spec spec;
	int status;

	lab_guest_foresee(guest, DRY_FOLDER, &spec);
	status = lab_machine_command(&spec, DRY_FOLDER, &words);
	for (size_t i = 0; !status && i < words.count; i++) {
		fputs(i ? " " : "", stdout);
		mb_put_word(stdout, words.at[i]);
	}
	if (!status)
		putchar('\n');
	mb_list_free(&words);
	return status;
}

int lab_exec_main(int argc, char **argv)
{
	struct lab_guest guest = { 0 };
	const char *clock = "time", *log_name = NULL;
	unsigned long timeout = TIMEOUT_S;
	bool dry = false;
	const struct mb_option options[] = {
		LAB_OPTS_MACHINE(guest, &clock),
		MB_HEADING("The command"),
		{ "add", "PATH",
		  "a file or folder, put into the folder that COMMAND runs in; can be repeated",
		  MB_OPT_STRINGS, &guest.adds, 0, 0 },
		{ "timeout", "S", "seconds for all of it", MB_OPT_NUMBER, &timeout, 1,
		  MAX_TIMEOUT_S },
		LAB_OPT_LOG(&log_name),
		{ "dry-run", NULL,
		  "print QEMU's command line and run nothing; " DRY_FOLDER
		  " stands for a temporary folder",
		  MB_OPT_FLAG, &dry, 0, 0 },
		{ 0 },
	};
	static const struct mb_usage usage = {
		.command = "lab exec",
		.needs = "--kernel NAME",
		.operands = "-- COMMAND…",
		.summary = "Run COMMAND as root in a virtual machine, with migbench in PATH "
			   "and its module loaded. Its output and exit status are passed "
			   "on; 3 means that the machine did not get that far.",
		.example = "migbench lab exec --kernel 6.1 --add ./prog -- ./prog",
		.max_operands = INT_MAX,
		.command_follows = true,
	};
	struct lab_kept_log log = { 0 };
	struct lab_vm_spec spec;
	char *folder;
	int first, status = mb_options(&usage, options, argc, argv, &first);

	if (status != MB_PARSED)
		return status;
	if (!guest.kernel_name)
		return mb_fail(MB_REQUEST, "lab exec: --kernel NAME is missing");
	if (!dry && first == argc)
		return mb_fail(MB_REQUEST, "lab exec: -- COMMAND… is missing; see migbench lab "
					   "exec --help");
	status = lab_clock_read(clock, &guest.clock);
	if (!status)
		status = lab_guest_find(&guest);
	if (dry && !status)
		status = print_command(&guest);
	if (dry)
		goto out;
	if (!status)
		status = lab_kept_log_open(&log, log_name, false);
	if (!status && !(folder = lab_temporary()))
		status = MB_MACHINE;
	if (!status) {
		status = lab_guest_ready(&guest, argv + first, folder, &spec);
		if (!status)
			status = boot(&guest, &spec, folder, timeout, &log);
		free(folder);
	}
out:
	lab_kept_log_close(&log);
	lab_guest_free(&guest);
	return status;
}
