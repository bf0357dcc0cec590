// SPDX-License-Identifier: GPL-2.0-or-later
/* migbench observe: a live driver's own migrations, without the module. */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/plain.h"
#include "core/base/quote.h"
#include "core/base/text.h"
#include "core/options.h"
#include "core/status.h"
#include "observe/calibrate.h"
#include "observe/commands.h"
#include "observe/show.h"
#include "observe/threads.h"

#define MAX_SECONDS (7UL * 24 * 3600)

struct request {
	unsigned long seconds, pid;
	const char *out, *format, *by;
	unsigned long calibrate; /* calls; 0: not */
	bool force, quiet;
};

static volatile sig_atomic_t ended;

static void end(int signal)
{
	(void)signal;
	ended = 1;
}

static double now(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

/*
 * COMMAND in a process that begins it when something is sent to *@go, and ends if nothing ever is; where it cannot
 * be begun, it says so, and sends something back. @apart: stdout is ours alone. Returns its number, or -1.
 */
static pid_t prepare(char *const *command, bool apart, int *go)
{
	int ends[2];
	pid_t child;
	char byte;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return -1;
	child = fork();
	if (child) {
		close(ends[0]);
		*go = ends[1];
		return child;
	}
	close(ends[1]);
	if (read(ends[0], &byte, 1) != 1)
		_exit(0);
	signal(SIGXFSZ, SIG_DFL); /* which we ignore */
	if (apart)
		dup2(STDERR_FILENO, STDOUT_FILENO);
	execvp(command[0], command);
	mb_fail(MB_REQUEST, "observe: %s: %s", command[0], strerror(errno));
	_exit(send(ends[0], "", 1, MSG_NOSIGNAL) != 1);
}

/* In place: as much of it as the terminal has lines. */
static void show_live(const struct ob_results *results, int *lines)
{
	struct winsize window = { .ws_row = 24 };
	char *text, *line, *rest;
	size_t size;
	FILE *out = mb_text_open(&text, &size);

	ob_show_text(out, results);
	mb_text_close(out);
	ioctl(STDERR_FILENO, TIOCGWINSZ, &window);
	if (*lines)
		fprintf(stderr, "\033[%dA\033[J", *lines);
	*lines = 0;
	for (line = text; line && *lines < window.ws_row - 1; line = rest) {
		rest = strchr(line, '\n');
		if (rest)
			*rest++ = '\0';
		if (rest || *line)
			fprintf(stderr, "%.*s\n", window.ws_col ? window.ws_col : 80, line);
		*lines += rest || *line;
	}
	free(text);
}

/* Until the time is up, COMMAND has ended, or somebody ends us. */
static void watch(const struct request *request, struct ob_results *results,
		  struct ob_probes *probes, struct ob_symbols *symbols, pid_t child)
{
	bool live = !request->quiet && isatty(STDERR_FILENO);
	double start = now(), shown = start;
	siginfo_t info = { 0 };
	int lines = 0;

	while (!ended) {
		struct timespec turn = { 0, results->way->turn_ms * 1000000L };

		nanosleep(&turn, NULL);
		results->seconds = now() - start;
		ob_results_update(results, probes);
		if (live && now() - shown >= 1) {
			shown = now();
			ob_results_group(results, symbols);
			show_live(results, &lines);
		}
		/* It stays a zombie until the probes are read, so that /proc says what it was called. */
		if (child > 0 && !waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG | WNOWAIT) &&
		    info.si_pid == child)
			break;
		if (request->seconds && results->seconds >= (double)request->seconds)
			break;
	}
	if (lines)
		fprintf(stderr, "\033[%dA\033[J", lines);
}

/* The command that observes the same again; malloc'd. */
static char *again(const struct request *request, char *const *command)
{
	char *text;
	size_t size;
	FILE *out = mb_text_open(&text, &size);

	fputs("migbench observe", out);
	if (request->by)
		fprintf(out, " --by %s", request->by);
	if (request->seconds)
		fprintf(out, " --seconds %lu", request->seconds);
	fputs(" --out FILE", out);
	if (*command)
		fputs(" --", out);
	for (; *command; command++) {
		putc(' ', out);
		mb_put_word(out, *command);
	}
	mb_text_close(out);
	mb_plain(text);
	return text;
}

static int observe(const struct request *request, char *const *command, json_t *(*env)(void))
{
	char *made_by = again(request, command);
	struct ob_results results = { .command = made_by };
	struct ob_symbols symbols = { 0 };
	struct ob_probes *probes = NULL;
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct sigaction pipes;
	int status, kept = MB_OK, go = -1;
	bool refused = false;
	pid_t child = 0;
	char why[400];

	ob_symbols_read(&symbols);
	results.way = ob_way(request->by, &symbols, why, sizeof(why));
	if (!results.way) {
		free(made_by);
		ob_symbols_free(&symbols);
		return mb_fail(MB_MACHINE,
			       "observe: %s; migbench run and migbench lab run work without", why);
	}
	/* Before the probes, so that it can't inherit what keeps them. */
	if (*command)
		child = prepare(command, !strcmp(request->format, "json"), &go);
	/* Whoever reads what is said may go away; what was seen in days is kept all the same. */
	sigaction(SIGPIPE, &ignore, &pipes);
	status = child < 0 ? mb_fail(MB_MACHINE, "observe: cannot start %s: %m", command[0])
			   : results.way->open(&probes, &symbols, (__u32)request->pid,
					       &results.sight);
	if (!status) {
		if (!results.sight.calls)
			mb_note("observe: this kernel has no migrate_vma_setup "
				"(CONFIG_DEVICE_MIGRATION): only migrations without device memory "
				"are seen");
		if (child > 0 && send(go, "", 1, MSG_NOSIGNAL) != 1)
			status = mb_fail(MB_MACHINE, "observe: cannot start %s: %m", command[0]);
		ob_own_read(&results.own);
		watch(request, &results, probes, &symbols, child);
		nanosleep(&(struct timespec){ 0, results.way->late_ms * 1000000L }, NULL);
		/* Of modules that came in the meantime, too. */
		ob_symbols_read(&symbols);
		ob_results_update(&results, probes);
		ob_results_group(&results, &symbols);
		ob_own_read(&results.own);
		if (child > 0)
			waitpid(child, NULL, WNOHANG);
	}
	results.way->close(probes);
	if (child > 0)
		refused = recv(go, why, 1, MSG_DONTWAIT) == 1;
	if (go >= 0)
		close(go);
	if (!status && request->out)
		kept = ob_write_run(request->out, request->force, &results, env());
	sigaction(SIGPIPE, &pipes, NULL);
	if (!status && !strcmp(request->format, "json"))
		ob_show_json(stdout, &results);
	else if (!status)
		ob_show_text(stdout, &results);
	status = status ?: kept;
	if (!status && refused)
		status = MB_REQUEST;
	ob_results_free(&results);
	ob_symbols_free(&symbols);
	free(made_by);
	return status;
}

static int calibrate(const struct request *request)
{
	struct ob_symbols symbols = { 0 };
	struct ob_calibration found;
	const struct ob_way *way;
	char why[400];
	int status;

	ob_symbols_read(&symbols);
	way = ob_way(request->by, &symbols, why, sizeof(why));
	status = way ? ob_calibrate(way, &symbols, request->calibrate, &found)
		     : mb_fail(MB_MACHINE, "observe: %s", why);
	if (!status)
		ob_show_calibration(stdout, way, &found, !strcmp(request->format, "json"));
	ob_symbols_free(&symbols);
	return status;
}

/* Whether there can be a file @path; better asked before days of watching than after. */
static bool writable(const char *path)
{
	const char *name = mb_base_name(path);
	char *folder = mb_format("%.*s", (int)(name - path), path);
	bool can = !access(access(path, F_OK) ? (*folder ? folder : ".") : path, W_OK);

	if (mb_is_folder(path)) {
		errno = EISDIR;
		can = false;
	}
	free(folder);
	return can;
}

static int check(const struct request *request, bool command)
{
	if (strcmp(request->format, "text") && strcmp(request->format, "json"))
		return mb_fail(MB_REQUEST, "observe: --format takes text or json, not '%s'",
			       request->format);
	if (request->by && strcmp(request->by, "bpf") && strcmp(request->by, "tracefs"))
		return mb_fail(MB_REQUEST, "observe: --by takes bpf or tracefs, not '%s'",
			       request->by);
	if (request->calibrate && (command || request->out || request->seconds || request->pid))
		return mb_fail(
			MB_REQUEST,
			"observe: --calibrate watches nobody: it goes with no COMMAND, --out, "
			"--seconds or --pid");
	if (request->out && !strcmp(request->out, "-"))
		return mb_fail(MB_REQUEST, "observe: --out needs the name of a file, not '%s'",
			       request->out);
	if (request->out && !request->force && !access(request->out, F_OK))
		return mb_fail(MB_REQUEST, "%s: File exists; --force overwrites it", request->out);
	if (request->out && !writable(request->out))
		return mb_fail(MB_REQUEST, "%s: cannot write: %m", request->out);
	if (request->pid && !ob_threads_known())
		return mb_fail(
			MB_REQUEST,
			"observe: --pid: in a PID namespace of its own a process has another number "
			"than the kernel's probes say; observe from the host");
	if (request->pid && kill((pid_t)request->pid, 0) && errno == ESRCH)
		return mb_fail(MB_REQUEST, "observe: there is no process %lu", request->pid);
	return MB_OK;
}

int ob_observe(int argc, char **argv, json_t *(*env)(void))
{
	struct request request = { .format = "text" };
	const struct mb_option options[] = {
		{ "seconds", "N",
		  "for so long (default: until COMMAND ends, or until it is interrupted)",
		  MB_OPT_NUMBER, &request.seconds, 1, MAX_SECONDS },
		{ "pid", "P",
		  "only what this process asks for itself (a driver may do it in a thread of the "
		  "kernel's)",
		  MB_OPT_NUMBER, &request.pid, 1, INT_MAX },
		{ "by", "bpf|tracefs",
		  "how the kernel is probed (default: bpf where there is BPF; tracefs sees less)",
		  MB_OPT_STRING, &request.by, 0, 0 },
		{ "format", "text|json",
		  "tables, or one JSON document; COMMAND then prints to stderr", MB_OPT_STRING,
		  &request.format, 0, 0 },
		{ "out", "FILE", "also write a run file, for report, advise and compare",
		  MB_OPT_OUTPUT, &request.out, 0, 0 },
		{ "calibrate", "CALLS",
		  "in place of watching: what it costs a call, by so many calls of nothing that the "
		  "module makes with the probes and without (a million is a good number)",
		  MB_OPT_NUMBER, &request.calibrate, OB_CALIBRATE_LEAST, 1000000000 },
		{ "force", NULL, "replace a run file that exists", MB_OPT_FLAG, &request.force, 0,
		  0 },
		{ "quiet", NULL, "do not show on the terminal what is seen meanwhile", MB_OPT_FLAG,
		  &request.quiet, 0, 0 },
		{ 0 },
	};
	const struct mb_usage usage = {
		.command = "observe",
		.operands = "[-- COMMAND…]",
		.summary =
			"Watch what drivers migrate to and from device memory on the running "
			"kernel: sizes, pages, times, flushes. It needs root and kprobes, by BPF or "
			"tracefs, but not the module.",
		.example = "migbench observe --seconds 10 --out mine.jsonl",
		.max_operands = INT_MAX,
		.command_follows = true
	};
	int first, status = mb_options(&usage, options, argc, argv, &first);
	const struct sigaction action = { .sa_handler = end };
	struct sigaction hangup;

	if (status != MB_PARSED)
		return status;
	status = check(&request, first < argc);
	if (status)
		return status;
	if (request.calibrate)
		return calibrate(&request);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	/* A terminal that is gone ends it like these, unless somebody said that it shall not: nohup. */
	if (!sigaction(SIGHUP, NULL, &hangup) && hangup.sa_handler != SIG_IGN)
		sigaction(SIGHUP, &action, NULL);
	return observe(&request, argv + first, env);
}

bool ob_would_see(char *text, size_t size)
{
	struct ob_symbols symbols = { 0 };
	const struct ob_way *way;

	ob_symbols_read(&symbols);
	way = ob_way(NULL, &symbols, text, size);
	if (way)
		ob_tell(way, &symbols, text, size);
	ob_symbols_free(&symbols);
	return way;
}
