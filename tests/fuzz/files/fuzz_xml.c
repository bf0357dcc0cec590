// SPDX-License-Identifier: GPL-2.0-or-later
/* Fuzzer: topologies in hwloc's XML, read by another process as ever, and what is made of them. */
#include <hwloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lab/vm/recorded_apart.h"
#include "lab/vm/recorded_fit.h"
#include "tests/fuzz/files/file.h"

/* A topology is not given back. */
#define INPUTS 500
#define MAX_SECONDS 20
#define MAX_BYTES (1UL << 20)
#define COUNTERS (1UL << 16)

bool __wrap_lab_recorded_apart(const char *path, struct lab_recorded *machine);
int __real_hwloc_topology_load(hwloc_topology_t hwloc);
int __wrap_hwloc_topology_load(hwloc_topology_t hwloc);
void __sanitizer_malloc_hook(const volatile void *at, size_t size);
void __asan_on_error(void);

/* clang's: how often each edge of this program was taken; in the reader that is a copy. */
extern uint8_t __start___sancov_cntrs[] __attribute__((visibility("hidden")));
extern uint8_t __stop___sancov_cntrs[] __attribute__((visibility("hidden")));
/* libFuzzer's: what else it counts as coverage; here the reader's edges. */
__attribute__((section("__libfuzzer_extra_counters"),
	       aligned(4096))) static uint8_t taken[COUNTERS];

/* How a reader ends by itself: it has had its inputs, or one that hwloc would die of. */
enum { ENOUGH = 2, GIVEN_UP = 3 };
/* What the answer to a path is. */
enum { REFUSED, READ, FOUND };

static struct reader {
	int asked, answered; /* the ends that are this process's */
	struct lab_recorded *machine; /* shared */
	bool is_this; /* process */
	bool loading;
} reader;

/* A CPU numbered two billion is a quarter of a gigabyte for hwloc, in each of its sets, and seconds. */
void __sanitizer_malloc_hook(const volatile void *at, size_t size)
{
	(void)at;
	if (reader.is_this && size > MAX_BYTES)
		_exit(GIVEN_UP);
}

int __wrap_hwloc_topology_load(hwloc_topology_t hwloc)
{
	int failed;

	reader.loading = true;
	failed = __real_hwloc_topology_load(hwloc);
	reader.loading = false;
	return failed;
}

/* Called before a report is made; what hwloc does to its own memory is not reported. */
void __asan_on_error(void)
{
	if (reader.is_this && reader.loading)
		_exit(GIVEN_UP);
}

static size_t edges(void)
{
	size_t count = (uintptr_t)__stop___sancov_cntrs - (uintptr_t)__start___sancov_cntrs;

	return count < COUNTERS ? count : COUNTERS;
}

static void answer(char how)
{
	if (write(reader.answered, &how, 1) != 1)
		_exit(0);
}

static void read_some(const char *path)
{
	static const int ends[] = { SIGABRT, SIGALRM, SIGBUS, SIGFPE, SIGILL, SIGSEGV };
	bool good;
	char any;

	reader.is_this = true;
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		signal(ends[i], SIG_DFL);
	for (int i = 0; i < INPUTS && read(reader.asked, &any, 1) == 1; i++) {
		alarm(MAX_SECONDS);
		memset(__start___sancov_cntrs, 0, edges());
		good = lab_recorded_take(path, reader.machine);
		memcpy(taken, __start___sancov_cntrs, edges());
		alarm(0);
		answer(good ? READ : REFUSED);
	}
	_exit(ENOUGH);
}

/* Readers, one after the other. hwloc may die of what it reads; a sanitizer has found something. */
static void serve(const char *path)
{
	int status;
	pid_t pid;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		pid = fork();
		if (pid == 0)
			read_some(path);
		if (pid < 0 || waitpid(pid, &status, 0) != pid)
			_exit(1);
		if (WIFEXITED(status) && WEXITSTATUS(status) == ENOUGH)
			continue;
		if (WIFSIGNALED(status) || WEXITSTATUS(status) == GIVEN_UP) {
			answer(REFUSED);
			continue;
		}
		dprintf(STDERR_FILENO, "the reader ended with status %d\n", WEXITSTATUS(status));
		answer(FOUND);
	}
}

/* Readers come of a process that is as it was at the beginning: this one, grown, would be copied. */
static void begin(const char *path)
{
	void *counters = mmap(taken, sizeof(taken), PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	int ask[2], answers[2];

	reader.machine = mmap(NULL, sizeof(*reader.machine), PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (reader.machine == MAP_FAILED || counters != taken || pipe(ask) || pipe(answers))
		abort();
	switch (fork()) {
	case -1:
		abort();
	case 0:
		reader.asked = ask[0];
		reader.answered = answers[1];
		close(ask[1]);
		close(answers[0]);
		serve(path);
	}
	reader.asked = ask[1];
	reader.answered = answers[0];
	close(ask[0]);
	close(answers[1]);
}

/* One process for many inputs, until one of them ends it: one for each is a hundred times as slow. */
bool __wrap_lab_recorded_apart(const char *path, struct lab_recorded *machine)
{
	char how = 0;

	if (!reader.machine)
		begin(path);
	memset(reader.machine, 0, sizeof(*reader.machine));
	/* libFuzzer has an alarm. */
	if (TEMP_FAILURE_RETRY(write(reader.asked, &how, 1)) != 1 ||
	    TEMP_FAILURE_RETRY(read(reader.answered, &how, 1)) != 1 || how == FOUND)
		abort();
	*machine = *reader.machine;
	return how == READ;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct lab_recorded machine;
	struct lab_topology topology = { 0 };
	struct mb_list words = { 0 };
	int status = lab_recorded_read(fuzz_file(0, data, size), &machine);

	fuzz_heard(status);
	if (status)
		return 0;
	free(lab_recorded_fit(&machine, LAB_MAX_CPUS, LAB_MAX_MEMORY, &topology));
	lab_topology_arguments(&topology, &words);
	mb_list_free(&words);
	return 0;
}
