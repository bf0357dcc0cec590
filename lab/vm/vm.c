// SPDX-License-Identifier: GPL-2.0-or-later
/* QEMU's process: started, polled, judged and ended. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/base/log.h"
#include "lab/base/spawn.h"
#include "lab/vm/klog.h"
#include "lab/vm/vm.h"

#define POLL_MS 25
/* Two seconds: a loader that has not done it by then won't. */
#define STEADY_TRIES 80
/* A guest that has sent its last frame powers off at once; then we need not wait for long. */
#define POWER_OFF_MS 10000

static long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* A QEMU that is static or has privileges would ignore the preload without a word. */
static bool is_steady(const struct lab_vm *vm)
{
	char *path = mb_format("/proc/%d/maps", (int)vm->pid), *maps = mb_read_file(path, NULL);
	bool found = maps && strstr(maps, "/steady.so");

	free(maps);
	free(path);
	return found;
}

/*
 * The loader maps it within milliseconds. Later nobody may look before a machine has ended that is soon
 * over, while another is being prepared.
 */
static void see_steady(struct lab_vm *vm)
{
	struct pollfd end = { .fd = vm->exit_fd, .events = POLLIN };

	for (int tries = 0; vm->unsteady && tries < STEADY_TRIES; tries++) {
		vm->unsteady = !is_steady(vm);
		if (vm->unsteady && poll(&end, 1, POLL_MS))
			return;
	}
}

int lab_vm_start(struct lab_vm *vm, const struct lab_vm_spec *spec, const char *folder)
{
	struct mb_list words = { 0 };
	struct lab_spawn how = { .in = -1, .out = -1 };
	int status = lab_machine_command(spec, folder, &words);

	vm->pid = -1;
	vm->log = mb_format("%s/log", folder);
	vm->port_path = mb_format("%s/port", folder);
	vm->messages = mb_format("%s/qemu", folder);
	vm->frames = (struct lab_frames){ .output = vm->output, .context = vm->context };
	vm->exit_fd = -1;
	vm->started = vm->heard = now_ms();
	vm->unsteady = spec->clock == MB_INSNS;
	vm->port = open(vm->port_path, O_RDONLY | O_CREAT | O_CLOEXEC, 0600);
	how.err = open(vm->messages, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	how.argv = words.at;
	if (!status && (vm->port < 0 || how.err < 0))
		status = mb_fail(MB_MACHINE, "%s: cannot write: %m", folder);
	if (!status)
		vm->pid = lab_spawn(&how);
	if (vm->pid > 0)
		vm->exit_fd = pidfd_open(vm->pid, 0);
	if (!status && vm->exit_fd < 0)
		status = mb_fail(MB_MACHINE, "cannot start %s: %m", spec->qemu->program);
	mb_list_free(&words);
	if (how.err >= 0)
		close(how.err);
	if (status) {
		vm->state = LAB_VM_FAILED;
		lab_vm_end(vm);
		return status;
	}
	vm->state = LAB_VM_RUNS;
	see_steady(vm);
	return MB_OK;
}

/* Take what came on the port since the last time. */
static void read_port(struct lab_vm *vm)
{
	char data[65536];
	ssize_t got;

	while ((got = read(vm->port, data, sizeof(data))) > 0) {
		lab_frames_feed(&vm->frames, data, (size_t)got);
		vm->heard = now_ms();
	}
}

static void stop(struct lab_vm *vm)
{
	if (vm->pid > 0)
		lab_kill(vm->pid);
	vm->pid = -1;
	if (vm->exit_fd >= 0)
		close(vm->exit_fd);
	vm->exit_fd = -1;
}

static void fail(struct lab_vm *vm, const char *reason)
{
	vm->reason = reason;
	vm->state = LAB_VM_FAILED;
	stop(vm);
}

static void update(struct lab_vm *vm, bool ended)
{
	struct stat st;
	long long now;

	read_port(vm);
	vm->died = ended;
	now = now_ms();
	if (!stat(vm->log, &st) && st.st_size != vm->log_size) {
		vm->log_size = st.st_size;
		vm->heard = now;
	}
	if (vm->frames.ended && !vm->ended)
		vm->ended = now;
	if (vm->unsteady && !ended)
		vm->unsteady = !is_steady(vm);
	if (vm->unsteady && vm->frames.began) {
		fail(vm, "this QEMU does not load steady.so, without which boots differ");
	} else if (vm->needs_module && vm->frames.refused) {
		fail(vm, "the kernel refused migbench.ko");
	} else if (vm->frames.ended && (ended || now - vm->ended > POWER_OFF_MS)) {
		vm->state = LAB_VM_DONE;
		stop(vm);
	} else if (vm->frames.broken) {
		fail(vm, "what came over the second serial port is not the lab's init");
	} else if (ended) {
		fail(vm, vm->frames.began ? "the machine ended before the command did"
					  : "the kernel did not reach user space");
	} else if (vm->timeout && now - vm->started > (long long)vm->timeout * 1000) {
		fail(vm, vm->frames.began ? "time-out: the command did not end"
					  : "time-out: the kernel did not reach user space");
	} else if (vm->silence && now - vm->heard > (long long)vm->silence * 1000) {
		fail(vm, "time-out: the guest has been silent for too long");
	}
}

void lab_vm_poll(struct lab_vm *const *machines, size_t count)
{
	struct pollfd waits[count];

	for (size_t i = 0; i < count; i++)
		waits[i] = (struct pollfd){ .fd = machines[i]->state == LAB_VM_RUNS
							  ? machines[i]->exit_fd
							  : -1,
					    .events = POLLIN };
	if (poll(waits, count, POLL_MS) < 0)
		return;
	for (size_t i = 0; i < count; i++)
		if (machines[i]->state == LAB_VM_RUNS)
			update(machines[i], waits[i].revents);
}

void lab_vm_end(struct lab_vm *vm)
{
	stop(vm);
	if (vm->port >= 0)
		close(vm->port);
	vm->port = -1;
	free(vm->port_path);
	free(vm->messages);
	free(vm->log);
	vm->port_path = vm->messages = vm->log = NULL;
}

int lab_vm_explain_refusal(const struct lab_vm *vm, const char *what)
{
	char *reason = lab_klog_refusal(vm->log);

	mb_fail(MB_MACHINE, "%s: migbench.ko cannot be loaded: %s", what,
		reason ? reason : vm->frames.refusal);
	free(reason);
	return MB_MACHINE;
}

/* The first line of QEMU's that is no mere warning. */
static const char *verdict(const char *messages)
{
	for (const char *line = messages; *line;
	     line += strcspn(line, "\n"), line += *line == '\n') {
		const char *warning = strstr(line, ": warning: ");

		if (!warning || warning > strchrnul(line, '\n'))
			return line;
	}
	return messages;
}

char *lab_vm_reason(const struct lab_vm *vm)
{
	char *log = mb_read_file(vm->log, NULL), *messages = mb_read_file(vm->messages, NULL);
	char *panic = log ? strstr(log, "Kernel panic - ") : NULL, *reason;
	const char *last = vm->died && messages ? verdict(messages) : "";

	if (panic)
		reason = mb_format("%.*s", (int)strcspn(panic, "\r\n"), panic);
	else if (*last)
		reason = mb_format("%s; %.*s", vm->reason, (int)strcspn(last, "\n"), last);
	else
		reason = mb_strdup(vm->reason);
	free(messages);
	free(log);
	return reason;
}

int lab_vm_explain(const struct lab_vm *vm, const char *what)
{
	char *reason = lab_vm_reason(vm);

	mb_fail(MB_MACHINE, "%s: %s", what, reason);
	lab_print_tail(vm->log, LAB_LOG_LINES);
	free(reason);
	return MB_MACHINE;
}

int lab_vm_interactive(const struct lab_vm_spec *spec)
{
	struct mb_list words = { 0 };
	struct lab_spawn how = { .in = 0, .out = 1, .err = 2, .foreground = true };
	int status = lab_machine_words(spec, &words), ended = -1;
	pid_t pid;

	mb_list_add(&words, "-serial");
	mb_list_add(&words, "mon:stdio");
	if (spec->kernel->arch == lab_arch_default()) {
		mb_list_add(&words, "-serial");
		mb_list_add(&words, "null");
	}
	how.argv = words.at;
	pid = status ? -1 : lab_spawn(&how);
	if (pid > 0)
		while (waitpid(pid, &ended, 0) < 0 && errno == EINTR)
			if (lab_interrupted)
				kill(pid, SIGTERM);
	if (!status && (pid < 0 || lab_exit_status(ended)))
		status = mb_fail(MB_MACHINE, "lab shell: the machine failed");
	mb_list_free(&words);
	return status;
}
