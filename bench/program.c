// SPDX-License-Identifier: GPL-2.0-or-later
/* A program of the user's own: started as the same in every execution, waited for, and counted. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <migbench/mark.h>

#include "bench/program.h"
#include "core/base/text.h"
#include "core/digest.h"
#include "core/mark.h"

#define MARKS_FILE "/dev/shm/migbench-marks"
/* Longer names are cut, and end in a digest of the whole. */
#define NAME_MAX_LENGTH 60
#define DIGEST_SHOWN 8

/* Shared with the child until it executes the program. */
struct start {
	uint64_t clock; /* just before */
	int error; /* errno: it was not executed */
};

struct mb_program {
	char *const *words;
	char *path;
	char **environment;
	volatile struct migbench_marks *marks;
	volatile struct start *start;
	struct sched_param priority; /* the caller's own, and its policy */
	int policy;
};

char *mb_program_name(char *const *words)
{
	const char *base = strrchr(words[0], '/');
	char *name = mb_strdup(base ? base + 1 : words[0]), digest[MB_DIGEST_HEX];

	for (size_t i = 1; words[i]; i++) {
		char *longer = mb_format("%s_%s", name, words[i]);

		free(name);
		name = longer;
	}
	mb_digest(name, strlen(name), digest);
	if (strlen(name) > NAME_MAX_LENGTH) {
		char *cut = mb_format("%.*s~%.*s", NAME_MAX_LENGTH, name, DIGEST_SHOWN, digest);

		free(name);
		name = cut;
	}
	for (char *p = name; *p; p++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
			    "+-./:@_~",
			    *p))
			*p = '_';
	return name;
}

/* The file that execvp(3) would take; malloc'd, or NULL: there is none. */
static char *find(const char *word)
{
	const char *path = getenv("PATH");

	if (strchr(word, '/') || !path)
		return mb_strdup(word);
	while (*path) {
		int length = (int)strcspn(path, ":");
		char *file = mb_format("%.*s/%s", length, path, word);

		if (!access(file, X_OK))
			return file;
		free(file);
		path += length;
		path += *path == ':';
	}
	return NULL;
}

/* Ours, and where the marks are. */
static char **make_environment(void)
{
	size_t count = 0;
	char **all;

	while (environ[count])
		count++;
	all = mb_alloc(count + 2, sizeof(*all));
	memcpy(all, environ, count * sizeof(*all));
	all[count] = mb_strdup(MIGBENCH_MARKS "=" MARKS_FILE);
	return all;
}

static void free_environment(char **all)
{
	size_t count = 0;

	while (all[count])
		count++;
	free(all[count - 1]);
	free(all);
}

static void *map_marks(void)
{
	int fd = open(MARKS_FILE, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	void *at = MAP_FAILED;

	if (fd >= 0 && !ftruncate(fd, sysconf(_SC_PAGESIZE)))
		at = mmap(NULL, sizeof(struct migbench_marks), PROT_READ | PROT_WRITE, MAP_SHARED,
			  fd, 0);
	if (fd >= 0)
		close(fd);
	return at;
}

/*
 * With the higher priority we run, on one CPU, when the program can't: never in its midst, but
 * before it begins and as soon as it has ended.
 */
static void go_first(struct mb_program *program)
{
	struct sched_param first = { .sched_priority = 1 };

	program->policy = sched_getscheduler(0);
	sched_getparam(0, &program->priority);
	sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &first);
}

struct mb_program *mb_program_open(char *const *words, char why[MB_WHY])
{
	struct mb_program *program = mb_alloc(1, sizeof(*program));
	void *marks = map_marks();
	void *start = mmap(NULL, sizeof(struct start), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	program->words = words;
	program->path = find(words[0]);
	program->environment = make_environment();
	program->marks = marks == MAP_FAILED ? NULL : marks;
	program->start = start == MAP_FAILED ? NULL : start;
	go_first(program);
	if (program->path && program->marks && program->start)
		return program;
	if (!program->path)
		snprintf(why, MB_WHY, "%s: there is no such program in the guest", words[0]);
	else
		snprintf(why, MB_WHY, "no memory for marks: %s", strerror(errno));
	mb_program_close(program);
	return NULL;
}

void mb_program_close(struct mb_program *program)
{
	sched_setscheduler(0, program->policy, &program->priority);
	if (program->marks)
		munmap((void *)program->marks, sizeof(struct migbench_marks));
	if (program->start)
		munmap((void *)program->start, sizeof(struct start));
	unlink(MARKS_FILE);
	free_environment(program->environment);
	free(program->path);
	free(program);
}

static void execute(struct mb_program *program, bool show)
{
	int in = open("/dev/null", O_RDONLY), out = show ? 2 : open("/dev/null", O_WRONLY);

	/* A group of its own, so that what it leaves behind can be ended. */
	setsid();
	/* We ignore them, and the program would inherit that. */
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	personality(ADDR_NO_RANDOMIZE);
	if (show)
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	dup2(in, 0);
	dup2(out, 1);
	dup2(out, 2);
	if (in > 2)
		close(in);
	if (out > 2)
		close(out);
	program->start->clock = mb_mark_exec();
	execve(program->path, program->words, program->environment);
	program->start->error = errno;
	_exit(127);
}

/* Both are zeroed before; -1: not even a child. */
static pid_t start(struct mb_program *program, bool show, char why[MB_WHY])
{
	pid_t child;

	memset((void *)program->marks, 0, sizeof(*program->marks));
	memset((void *)program->start, 0, sizeof(*program->start));
	fflush(NULL);
	child = fork();
	if (!child)
		execute(program, show);
	if (child < 0)
		snprintf(why, MB_WHY, "cannot fork: %s", strerror(errno));
	return child;
}

/* The files that are mapped for execution: "PATH OFFSET ADDRESS" each. */
static void write_files(pid_t child)
{
	char *maps = mb_format("/proc/%d/maps", (int)child), line[512], path[400];
	FILE *in = fopen(maps, "re"), *out = fopen(MB_PROGRAM_FILES, "we");
	unsigned long long at, offset;

	while (in && out && fgets(line, sizeof(line), in))
		if (sscanf(line, "%llx-%*x %*2c%*1[x]%*c %llx %*s %*s %399s", &at, &offset, path) ==
			    3 &&
		    path[0] == '/')
			fprintf(out, "%s %#llx %llx\n", path, offset, at);
	if (in)
		fclose(in);
	if (out)
		fclose(out);
	free(maps);
}

/* Let it run to its end, stopping once for a look at its memory. Returns its wait status. */
static int watch(pid_t child)
{
	int state, pass = 0;
	bool looked = false;

	while (waitpid(child, &state, 0) == child && WIFSTOPPED(state)) {
		pass = WSTOPSIG(state);
		if (state >> 8 == (SIGTRAP | PTRACE_EVENT_EXIT << 8)) {
			write_files(child);
			pass = 0;
		} else if (!looked && pass == SIGTRAP) {
			ptrace(PTRACE_SETOPTIONS, child, NULL,
			       PTRACE_O_TRACEEXIT | PTRACE_O_TRACEEXEC);
			looked = true;
			pass = 0;
		} else if (state >> 16) {
			pass = 0;
		}
		ptrace(PTRACE_CONT, child, NULL, pass);
	}
	return state;
}

static bool judge(const struct mb_program *program, int state, char why[MB_WHY])
{
	const char *name = program->words[0];

	if (program->start->error)
		snprintf(why, MB_WHY, "%s cannot be executed in the guest: %s", name,
			 strerror(program->start->error));
	else if (WIFSIGNALED(state))
		snprintf(why, MB_WHY, "%s was killed by signal %d (%s)", name, WTERMSIG(state),
			 strsignal(WTERMSIG(state)));
	else if (WEXITSTATUS(state))
		snprintf(why, MB_WHY, "%s ended with status %d", name, WEXITSTATUS(state));
	else if (program->marks->open)
		snprintf(why, MB_WHY, "%s ended after MIGBENCH_BEGIN() without MIGBENCH_END()",
			 name);
	else if (program->marks->astray)
		snprintf(why, MB_WHY,
			 "%s: MIGBENCH_BEGIN() and MIGBENCH_END() do not alternate; pairs do not "
			 "nest",
			 name);
	else
		return true;
	return false;
}

bool mb_program_count(struct mb_program *program, double *total, char why[MB_WHY])
{
	pid_t child = start(program, false, why);
	uint64_t end;
	int state;

	if (child < 0)
		return false;
	while (waitpid(child, &state, 0) < 0)
		;
	end = mb_mark_exit();
	kill(-child, SIGKILL);
	*total =
		(double)(program->marks->pairs ? program->marks->sum : end - program->start->clock);
	return judge(program, state, why);
}

bool mb_program_show(struct mb_program *program, char why[MB_WHY])
{
	pid_t child = start(program, true, why);
	int state;

	if (child < 0)
		return false;
	state = watch(child);
	kill(-child, SIGKILL);
	return judge(program, state, why);
}
