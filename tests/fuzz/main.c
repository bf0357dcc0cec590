// SPDX-License-Identifier: GPL-2.0-or-later
/* fuzz --seed N [--calls N] [--seconds N] [--at-once] [--ambush]: processes that fuzz the module, and who watches them. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../guest/free_memory.h"
#include "../guest/kept_pages.h"
#include "fuzz.h"

/* Memory that a kernel may keep after all this: slabs that grew. */
#define KEPT_KIB (6UL << 10)

unsigned long page_bytes;
bool at_once, ambushes;
struct totals *totals;
static struct pulse (*pulses)[THREADS];
static int shared[SHARED_FILES];
static pid_t pids[PROCESSES];
static unsigned int starts[PROCESSES];
static uint64_t seed = 1;
static unsigned long calls = ~0UL, seconds = ~0UL, patience = 180;

void bad_news(const char *format, ...)
{
	char text[512];
	va_list args;

	if (totals && atomic_exchange(&totals->failed, true))
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	fprintf(stderr, "fuzz: %s (seed %lu, after %lu calls)\n", text, (unsigned long)seed,
		totals ? totals->calls : 0);
	if (totals)
		totals->stop = true;
}

uint64_t roll(struct dice *dice)
{
	uint64_t x = dice->state += 0x9e3779b97f4a7c15UL;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9UL;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebUL;
	return x ^ (x >> 31);
}

struct dice dice_of(uint64_t of, unsigned int process, unsigned int thread, unsigned int start)
{
	struct dice dice = { of * 0x2545f4914f6cdd1dUL + ((uint64_t)start << 32) + process * 64 +
			     thread };

	roll(&dice);
	return dice;
}

unsigned long below(struct dice *dice, unsigned long n)
{
	return roll(dice) % n;
}

bool once_in(struct dice *dice, unsigned long n)
{
	return !below(dice, n);
}

static unsigned long now(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return (unsigned long)at.tv_sec;
}

static void start_process(unsigned int i)
{
	struct dice dice = dice_of(seed, i, THREADS, starts[i]);
	pid_t pid;

	memset(pulses[i], 0, sizeof(pulses[i]));
	fflush(NULL);
	pid = fork();
	if (!pid) {
		FILE *score = fopen("/proc/self/oom_score_adj", "w");

		if (score) {
			fputs("500", score);
			fclose(score);
		}
		work(i, starts[i], seed, 500 + below(&dice, 8000), shared, pulses[i]);
	}
	pids[i] = pid;
	starts[i]++;
	totals->starts++;
}

/* The end of a process, or of a child that it left behind. */
static void bury(pid_t pid, int status)
{
	unsigned int i = 0;

	/* Killed by this program or for want of memory; nothing else may kill it. */
	if (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL)
		bad_news("a process was killed by signal %d", WTERMSIG(status));
	while (i < PROCESSES && pids[i] != pid)
		i++;
	if (i == PROCESSES)
		return;
	pids[i] = 0;
	if (!totals->stop)
		start_process(i);
}

static void show(const char *path)
{
	char text[4096];
	FILE *in = fopen(path, "r");
	size_t got = in ? fread(text, 1, sizeof(text) - 1, in) : 0;

	text[got] = '\0';
	fprintf(stderr, "%s:\n%s", path, text);
	if (in)
		fclose(in);
}

/* Every thread must do something within @patience seconds. */
static void watch(void)
{
	static unsigned long beats[PROCESSES][THREADS], since[PROCESSES][THREADS];
	char path[64];

	for (unsigned int i = 0; i < PROCESSES; i++)
		for (unsigned int j = 0; j < THREADS; j++) {
			struct pulse *pulse = &pulses[i][j];
			const char *doing = pulse->doing;

			if (!pids[i] || !doing || beats[i][j] != pulse->beats || !since[i][j]) {
				beats[i][j] = pulse->beats;
				since[i][j] = now();
			}
			if (now() - since[i][j] < patience || totals->failed)
				continue;
			bad_news("hang: process %u, thread %u is at %s for %lu s", i, j, doing,
				 patience);
			snprintf(path, sizeof(path), "/proc/%d/task/%d/stack", pulse->pid,
				 pulse->tid);
			show(path);
		}
}

static void listen_to_kernel(void)
{
	char line[1024];

	if (kernel_complains(line, sizeof(line)))
		bad_news("the kernel complains: %s", line);
}

/* A run of hours that is ended from outside has said how far it came. */
static void tell(unsigned long began)
{
	enum { EVERY = 300 };
	static unsigned long told;

	if (now() < began + (told + 1) * EVERY)
		return;
	told++;
	fprintf(stderr, "after %lu s: %lu calls, %lu reached, %lu moved %lu pages\n", now() - began,
		totals->calls, totals->reached, totals->moved, totals->pages);
}

static void supervise(unsigned long began, unsigned long until)
{
	struct dice dice = dice_of(seed, PROCESSES, 0, 0);
	int status;
	pid_t pid;

	while (!totals->stop) {
		usleep(100000);
		while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
			bury(pid, status);
		machine_disturb(&dice, pids);
		watch();
		listen_to_kernel();
		tell(began);
		if (totals->calls >= calls || now() >= until)
			totals->stop = true;
	}
}

/* All of them, and the children that killed ones left behind. */
static void end_processes(void)
{
	unsigned long until = now() + patience;
	int status;
	pid_t pid;

	for (unsigned int i = 0; i < PROCESSES; i++)
		if (pids[i] > 0)
			kill(pids[i], SIGCONT);
	while ((pid = waitpid(-1, &status, WNOHANG)) >= 0) {
		if (pid > 0)
			bury(pid, status);
		else
			usleep(20000);
		if (now() < until)
			continue;
		bad_news("a process does not end");
		for (unsigned int i = 0; i < PROCESSES; i++)
			for (unsigned int j = 0; pids[i] > 0 && j < THREADS; j++) {
				char path[64];

				snprintf(path, sizeof(path), "/proc/%d/task/%d/stack",
					 pulses[i][j].pid, pulses[i][j].tid);
				show(path);
			}
		break;
	}
}

/* What a process held is the file's that it was held through, whoever has ended. */
static void release_holds(void)
{
	struct migbench_hold release = { .size = sizeof(release), .op = MIGBENCH_HOLD_RELEASE };

	/* ETIMEDOUT: released, but the locks were gone before. */
	for (unsigned int i = 0; i < SHARED_FILES; i++)
		if (!ioctl(shared[i], MIGBENCH_IOC_HOLD, &release) || errno == ETIMEDOUT)
			totals->left_held++;
}

/*
 * Nobody is left who could have a page on it. What the kernel itself still has it gives back in its
 * own time, which on a machine with other work may be any: it is made to, until it had to so often.
 */
static void account(void)
{
	struct migbench_info info = { .size = sizeof(info) };

	release_holds();
	for (unsigned int i = 0; i < SHARED_FILES; i++) {
		for (unsigned int try = 0; try < 100; try++) {
			if (ioctl(shared[i], MIGBENCH_IOC_INFO, &info) ||
			    info.free_pages == info.pages)
				break;
			machine_settle();
			usleep(100000);
		}
		if (info.free_pages != info.pages)
			bad_news("%lu of %lu device pages are not accounted for",
				 (unsigned long)(info.pages - info.free_pages),
				 (unsigned long)info.pages);
		close(shared[i]);
	}
	/* A page of a process's own file may have outlived that: the module has it, and looks every second. */
	for (unsigned int try = 0; try < 100 && module_users(); try++) {
		machine_settle();
		usleep(100000);
	}
	if (module_users())
		bad_news("the module still has %ld users", module_users());
}

/*
 * Nobody has memory of the fuzzer's any more: what is somebody's, and nobody's page, has a reference too many. How
 * many KiB of it the kernel keeps itself.
 */
static unsigned long account_memory(void)
{
	bool known = keeps_huge_pages();
	unsigned long huge, kept = kept_pages(false, &huge);

	/* What the kernel keeps itself is waited for less: to look takes 5.10-debug more than a minute. */
	if (kept == UNSEEN)
		bad_news("/proc does not show all pages of RAM");
	for (unsigned int try = 0; kept + huge && try < (kept || !known ? 20 : 3); try++) {
		machine_settle();
		usleep(100000);
		kept = kept_pages(false, &huge);
	}
	printf("kept_pages %lu\nkept_of_huge %lu\n", kept, huge);
	if (kept || (huge && !known)) {
		kept_pages(true, &huge);
		show("/proc/meminfo");
		bad_news("%lu pages and %lu of huge ones that nobody maps are kept", kept, huge);
	}
	return known ? huge * (PAGE / 1024) : 0;
}

static void report(unsigned long began, unsigned long before, unsigned long after)
{
	static const char *const names[] = { "info",	"device", "migrate", "faults",
					     "evict",	"query",  "count",   "retention",
					     "collect", "hold",	  "listen" };

	printf("seed %lu\ncalls %lu\nreached %lu\nmoved %lu\npages %lu\nfaults %lu\n",
	       (unsigned long)seed, totals->calls, totals->reached, totals->moved, totals->pages,
	       totals->faults);
	printf("checked %lu\ndisturbances %lu\nforks %lu\nprocesses %lu\nhotplugs %lu\nunloads %lu\n"
	       "failures %lu\nhalf_dropped %lu\nleft_held %lu\n",
	       totals->checked, totals->disturbances, totals->forks, totals->starts,
	       totals->hotplugs, totals->unloads, totals->failures, totals->half_dropped,
	       totals->left_held);
	for (unsigned int i = 0; i < sizeof(names) / sizeof(*names); i++)
		printf("op_%s %lu\n", names[i], totals->by_op[i]);
	for (int i = 0; i < ERRNOS; i++)
		if (totals->by_errno[i])
			printf("errno_%d %lu %s\n", i, totals->by_errno[i], strerror(i));
	printf("free_kib_before %lu\nfree_kib_after %lu\nseconds %lu\n", before, after,
	       now() - began);
}

static unsigned long number(const char *text)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end) {
		fprintf(stderr, "fuzz: '%s' is no number\n", text);
		exit(2);
	}
	return value;
}

static void read_options(int argc, char **argv)
{
	static const struct option options[] = { { "seed", 1, NULL, 's' },
						 { "calls", 1, NULL, 'c' },
						 { "seconds", 1, NULL, 't' },
						 { "patience", 1, NULL, 'p' },
						 { "at-once", 0, NULL, 'a' },
						 { "ambush", 0, NULL, 'b' },
						 { 0 } };
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) >= 0) {
		if (option == '?')
			exit(2);
		if (option == 'a' || option == 'b') {
			*(option == 'a' ? &at_once : &ambushes) = true;
			continue;
		}
		*(option == 's'	  ? &seed
		  : option == 'c' ? &calls
		  : option == 't' ? &seconds
				  : &patience) = number(optarg);
	}
}

int main(int argc, char **argv)
{
	unsigned long began = now(), before, after;
	size_t size = sizeof(*totals) + sizeof(struct pulse) * PROCESSES * THREADS;

	page_bytes = (unsigned long)sysconf(_SC_PAGESIZE);
	read_options(argc, argv);
	totals = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (totals == MAP_FAILED)
		return 3;
	pulses = (void *)(totals + 1);
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	machine_set_up();
	failures_set_up();
	before = free_kib();
	kernel_complains((char[1024]){ 0 }, 1024);
	open_shared(seed, shared);
	for (unsigned int i = 0; i < PROCESSES; i++)
		start_process(i);
	supervise(began, seconds == ~0UL ? seconds : began + seconds);
	end_processes();
	/* Who dies of a BUG in its own end leaves nobody to wait for, and all its pages. */
	listen_to_kernel();
	after = before;
	/* Otherwise much of this could wait for what is dead, and for ever. */
	if (!totals->failed) {
		account();
		machine_put_back();
		after = account_memory();
		after += free_kib();
		listen_to_kernel();
	}
	if (after + KEPT_KIB < before) {
		bad_news("%lu KiB of memory did not come back", before - after);
		show("/proc/meminfo");
	}
	report(began, before, after);
	return totals->failed;
}
