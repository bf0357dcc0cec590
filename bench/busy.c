// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/busy.h"

/* No-ops cost an emulator next to nothing; between looks at what is wanted it runs so many rounds. */
#define ROUNDS 32

struct mb_busy {
	atomic_int *wanted; /* shared with the child */
	int paused[2]; /* a pipe: the child has stopped */
	pid_t child;
};

static void spend(void)
{
	for (int round = 0; round < ROUNDS; round++)
#if defined(__x86_64__)
		__asm__ volatile(".rept 256\n\tnop\n\t.endr");
#else
		__asm__ volatile("");
#endif
}

static void __attribute__((noreturn)) live(struct mb_busy *busy)
{
	const struct sched_param none = { 0 }, first = { .sched_priority = 1 };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, "never-idle");
	for (;;) {
		/* Whoever else has something to do comes first. */
		sched_setscheduler(0, SCHED_IDLE, &none);
		while (atomic_load(busy->wanted))
			spend();
		/* But who waits for us comes when we sleep, and not when we are about to. */
		sched_setscheduler(0, SCHED_FIFO, &first);
		if (write(busy->paused[1], "", 1) != 1)
			_exit(0);
		while (!atomic_load(busy->wanted))
			syscall(SYS_futex, busy->wanted, FUTEX_WAIT, 0, NULL, NULL, 0);
	}
}

struct mb_busy *mb_busy_start(void)
{
	struct mb_busy *busy;

	if (sysconf(_SC_NPROCESSORS_ONLN) != 1)
		return NULL;
	busy = calloc(1, sizeof(*busy));
	if (!busy)
		abort();
	busy->wanted = mmap(NULL, sizeof(*busy->wanted), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (busy->wanted != MAP_FAILED && !pipe2(busy->paused, O_CLOEXEC)) {
		atomic_store(busy->wanted, 1);
		busy->child = fork();
		if (!busy->child)
			live(busy);
		if (busy->child > 0)
			return busy;
		close(busy->paused[0]);
		close(busy->paused[1]);
	}
	if (busy->wanted != MAP_FAILED)
		munmap(busy->wanted, sizeof(*busy->wanted));
	free(busy);
	return NULL;
}

void mb_busy_pause(struct mb_busy *busy)
{
	char stopped;

	if (!busy)
		return;
	atomic_store(busy->wanted, 0);
	/* The child has this CPU until it has stopped. */
	while (read(busy->paused[0], &stopped, 1) < 0)
		;
}

void mb_busy_resume(struct mb_busy *busy)
{
	if (!busy)
		return;
	atomic_store(busy->wanted, 1);
	syscall(SYS_futex, busy->wanted, FUTEX_WAKE, 1, NULL, NULL, 0);
}

void mb_busy_end(struct mb_busy *busy)
{
	if (!busy)
		return;
	kill(busy->child, SIGKILL);
	waitpid(busy->child, NULL, 0);
	close(busy->paused[0]);
	close(busy->paused[1]);
	munmap(busy->wanted, sizeof(*busy->wanted));
	free(busy);
}
