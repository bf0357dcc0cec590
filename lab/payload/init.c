// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The guest's first process: mounts, loads the module, runs one command and relays what it says
 * to the host, then powers off. It reads no clock and no random number, so that it is the same
 * work in every boot.
 *
 * Frames on the second serial port: one byte of kind, four bytes of length (little-endian), the
 * payload. 'B': user space was reached. 'M': the module was not loaded, and why. 'O', 'E': a piece
 * of stdout, stderr. 'S': where the code of modules and of a program of the user's lies. 'X': the
 * end, with the exit status in four bytes.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "core/mark.h"
#include "lab/payload/ports.h"

#define COMMAND "/etc/migbench/command"
#define MODULE "/lib/modules/migbench.ko"
#define MODULE_PARAMS "/etc/migbench/module-params"
#define NAMES "/etc/migbench/names"
#define NAMER "/lib/modules/slabs.ko"
#define CONSOLE_LEVEL 8 /* klogctl(2): which messages reach the console */
#define ALL_MESSAGES 8

static int port = -1;

static void send_frame(char kind, const void *payload, uint32_t length)
{
	unsigned char header[5] = { (unsigned char)kind, length & 0xff, length >> 8 & 0xff,
				    length >> 16 & 0xff, length >> 24 & 0xff };
	const char *parts[2] = { (const char *)header, payload };
	size_t lengths[2] = { sizeof(header), length };

	for (int i = 0; i < 2; i++)
		while (lengths[i]) {
			ssize_t wrote = write(port, parts[i], lengths[i]);

			if (wrote < 0 && errno != EINTR)
				return;
			if (wrote > 0) {
				parts[i] += wrote;
				lengths[i] -= (size_t)wrote;
			}
		}
}

static void complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static void complain(const char *fmt, ...)
{
	char text[512];
	va_list ap;
	int length;

	va_start(ap, fmt);
	length = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (length >= (int)sizeof(text))
		length = sizeof(text) - 1;
	send_frame('E', text, (uint32_t)length);
}

static void mount_all(void)
{
	static const struct {
		const char *type, *where;
	} mounts[] = {
		{ "proc", "/proc" },
		{ "sysfs", "/sys" },
		{ "devtmpfs", "/dev" },
		{ "devpts", "/dev/pts" },
		{ "tmpfs", "/tmp" },
		/* What the kernel does not have stays away. */
		{ "debugfs", "/sys/kernel/debug" },
		{ "tracefs", "/sys/kernel/tracing" },
		{ "cgroup2", "/sys/fs/cgroup" },
	};

	for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
		mkdir(mounts[i].where, 0755);
		mount(mounts[i].type, mounts[i].where, mounts[i].type, 0, NULL);
	}
	mkdir("/dev/shm", 01777);
	mount("tmpfs", "/dev/shm", "tmpfs", 0, NULL);
}

static int open_port(void)
{
	struct termios settings;
	int fd = open(PORT, O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	if (!tcgetattr(fd, &settings)) {
		cfmakeraw(&settings);
		cfsetspeed(&settings, B115200);
		settings.c_cflag |= CLOCAL;
		tcsetattr(fd, TCSANOW, &settings);
	}
	return fd;
}

/* The whole of a small file, NUL-terminated, or NULL; never freed: we live as long as the guest. */
static char *slurp(const char *path, size_t *length)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	char *text = NULL;

	if (fd < 0)
		return NULL;
	if (!fstat(fd, &st) && (text = malloc((size_t)st.st_size + 1))) {
		ssize_t got = read(fd, text, (size_t)st.st_size);

		*length = got > 0 ? (size_t)got : 0;
		text[*length] = '\0';
	}
	close(fd);
	return text;
}

static void load_module(void)
{
	int fd = open(MODULE, O_RDONLY | O_CLOEXEC);
	size_t length;
	char *params;

	if (fd < 0)
		return;
	params = slurp(MODULE_PARAMS, &length);
	if (syscall(SYS_finit_module, fd, params ? params : "", 0)) {
		const char *why = strerror(errno);

		/* The host finds the kernel's own words in the log. */
		send_frame('M', why, (uint32_t)strlen(why));
	}
	close(fd);
}

static char *const environment[] = {
	(char *)"PATH=/usr/bin:/bin:/usr/sbin:/sbin",
	(char *)"MIGBENCH_DATA=/usr/share/migbench",
	(char *)"MIGBENCH_LAB=1", /* so that doctor knows where it is */
	(char *)"HOME=/root",
	(char *)"LC_ALL=C",
	(char *)"TERM=linux",
	NULL,
};

static void start_command(char **words, int out, int err)
{
	sigset_t none;
	int in = open("/dev/null", O_RDONLY);

	setsid();
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	dup2(in, 0);
	dup2(out, 1);
	dup2(err, 2);
	if (in > 2)
		close(in);
	if (chdir("/work"))
		_exit(127);
	/* execvpe(3) looks for the program in PATH of the caller's own environment. */
	setenv("PATH", strchr(environment[0], '=') + 1, 1);
	execvpe(words[0], words, environment);
	fprintf(stderr, "migbench: guest: %s: %s\n", words[0], strerror(errno));
	fflush(stderr);
	_exit(errno == ENOENT ? 127 : 126);
}

/* Pass on what @fd has; false at its end, or when there is nothing now. */
static int relay(int fd, char kind)
{
	static char piece[4096];
	ssize_t got = read(fd, piece, sizeof(piece));

	if (got > 0)
		send_frame(kind, piece, (uint32_t)got);
	return got > 0;
}

/* As it was left there by the runner. */
static size_t add_program_files(char *text, size_t size)
{
	size_t length;
	char *files = slurp(MB_PROGRAM_FILES, &length);

	return files ? (size_t)snprintf(text, size, "%s", files) : 0;
}

/* Where the code of each module lies: "MODULE SECTION ADDRESS", for whoever profiles the guest. */
static void send_sections(void)
{
	static char text[16000];
	size_t used = add_program_files(text, sizeof(text));
	glob_t found;

	if (glob("/sys/module/*/sections/.text*", 0, NULL, &found))
		return;
	for (size_t i = 0; i < found.gl_pathc && used < sizeof(text); i++) {
		char *path = found.gl_pathv[i], *module = path + strlen("/sys/module/");
		char *section = strrchr(path, '/') + 1, *address;
		size_t length;

		address = slurp(path, &length);
		if (address)
			used += (size_t)snprintf(text + used, sizeof(text) - used, "%.*s %s %.*s\n",
						 (int)strcspn(module, "/"), module, section,
						 (int)strcspn(address, "\n"), address);
	}
	if (used < sizeof(text))
		send_frame('S', text, (uint32_t)used);
}

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (write(fd, text, strlen(text)) > 0)
		close(fd);
}

/* What the kernel allocated, and for whom, into its log: for a profile of memory. */
static void tell_names(void)
{
	char line[512] = "slabs: vmalloc ";
	size_t room = strlen(line), length;
	char *module = slurp(NAMER, &length);
	FILE *areas;

	if (!slurp(NAMES, &(size_t){ 0 }))
		return;
	syscall(SYS_init_module, module, length, ""); /* always ENODEV: it does not stay */
	put("/proc/sys/kernel/printk_devkmsg", "on");
	put("/proc/sys/kernel/kptr_restrict", "1");
	areas = fopen("/proc/vmallocinfo", "re");
	while (areas && fgets(line + room, (int)(sizeof(line) - room), areas))
		put("/dev/kmsg", line);
}

/* Reap everybody; returns 1 and the exit status once @child is among them. */
static int reap(pid_t child, uint32_t *status)
{
	int state, found = 0;
	pid_t pid;

	while ((pid = waitpid(-1, &state, WNOHANG)) > 0)
		if (pid == child) {
			*status = (uint32_t)(WIFSIGNALED(state) ? 128 + WTERMSIG(state)
								: WEXITSTATUS(state));
			found = 1;
		}
	return found;
}

static uint32_t run_command(char **words, int signals)
{
	int out[2], err[2];
	struct pollfd wait[3] = { { .fd = signals, .events = POLLIN } };
	struct signalfd_siginfo info;
	uint32_t status = 127;
	pid_t child;
	int done = 0;

	if (pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC)) {
		complain("migbench: guest: pipe: %s\n", strerror(errno));
		return status;
	}
	child = fork();
	if (child == 0)
		start_command(words, out[1], err[1]);
	close(out[1]);
	close(err[1]);
	fcntl(out[0], F_SETFL, O_NONBLOCK);
	fcntl(err[0], F_SETFL, O_NONBLOCK);
	wait[1] = (struct pollfd){ .fd = out[0], .events = POLLIN };
	wait[2] = (struct pollfd){ .fd = err[0], .events = POLLIN };
	while (child > 0 && !done) {
		if (poll(wait, 3, -1) < 0)
			continue;
		for (int i = 1; i < 3; i++) {
			if (!wait[i].revents)
				continue;
			/* A closed pipe would make poll(2) return at once for ever. */
			if (!relay(wait[i].fd, i == 1 ? 'O' : 'E') && wait[i].revents & POLLHUP)
				wait[i].fd = -1;
		}
		if (wait[0].revents && read(signals, &info, sizeof(info)) > 0)
			done = reap(child, &status);
	}
	/* Its own children may keep the pipes open: what is there now is all that counts. */
	while (relay(out[0], 'O'))
		;
	while (relay(err[0], 'E'))
		;
	return status;
}

/* Split the NUL-separated words of the command file. */
static char **read_command(void)
{
	size_t length, count = 0;
	char *text = slurp(COMMAND, &length);
	char **words = text && length ? calloc(length + 1, sizeof(*words)) : NULL;

	if (!words)
		return NULL;
	for (char *at = text; at < text + length; at += strlen(at) + 1)
		words[count++] = at;
	return words;
}

/* A shell on the console, for "lab shell". */
static void run_shell(int signals)
{
	static char name[] = "sh", login[] = "-l";
	char *words[] = { name, login, NULL };
	struct signalfd_siginfo info;
	uint32_t status;
	pid_t child = fork();

	if (child == 0) {
		sigset_t none;
		int tty;

		setsid();
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		tty = open(CONSOLE, O_RDWR);
		ioctl(tty, TIOCSCTTY, 1);
		for (int fd = 0; fd < 3; fd++)
			dup2(tty, fd);
		if (chdir("/work"))
			_exit(127);
		execve("/bin/sh", words, environment);
		_exit(127);
	}
	while (child > 0 && read(signals, &info, sizeof(info)) > 0)
		if (reap(child, &status))
			break;
}

int main(void)
{
	char **words;
	uint32_t status;
	sigset_t children;
	int signals;

	mount_all();
	sigemptyset(&children);
	sigaddset(&children, SIGCHLD);
	sigprocmask(SIG_BLOCK, &children, NULL);
	signals = signalfd(-1, &children, SFD_CLOEXEC);
	port = open_port();
	words = read_command();
	/* A shell's user shares the console with the kernel: there only what matters is shown. */
	if (words)
		klogctl(CONSOLE_LEVEL, NULL, ALL_MESSAGES);
	send_frame('B', NULL, 0);
	load_module();
	if (words) {
		unsigned char bytes[4] = { 0 };

		status = run_command(words, signals);
		tell_names();
		send_sections();
		for (int i = 0; i < 4; i++)
			bytes[i] = status >> (8 * i) & 0xff;
		send_frame('X', bytes, sizeof(bytes));
		tcdrain(port);
	} else {
		run_shell(signals);
	}
	reboot(RB_POWER_OFF);
	reboot(RB_AUTOBOOT);
	return 0;
}
