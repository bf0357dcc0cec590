// SPDX-License-Identifier: GPL-2.0-or-later
/* cost COMMAND…: runs it without its stdout, and prints elapsed seconds, CPU seconds and peak MiB. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(const struct timeval *time)
{
	return (double)time->tv_sec + (double)time->tv_usec / 1e6;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	double start = now();
	struct rusage usage;
	int status, null;
	pid_t pid;

	if (argc < 2) {
		fputs("usage: cost COMMAND…\n", stderr);
		return 2;
	}
	pid = fork();
	if (!pid) {
		null = open("/dev/null", O_WRONLY);
		if (null >= 0)
			dup2(null, 1);
		execvp(argv[1], argv + 1);
		perror(argv[1]);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &usage) < 0) {
		perror("cost");
		return 3;
	}
	printf("%.3f %.3f %.1f\n", now() - start,
	       seconds(&usage.ru_utime) + seconds(&usage.ru_stime), (double)usage.ru_maxrss / 1024);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
