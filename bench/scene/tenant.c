// SPDX-License-Identifier: GPL-2.0-or-later
/* A child that fills memory and looks at it when it is told to, and migrate_pages(2) of it. */
#include <errno.h>
#include <linux/capability.h>
#include <numaif.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/child.h"
#include "bench/scene/tenant.h"
#include "core/base/text.h"

#define MASK_WORDS 16
#define WORD_BITS (8 * sizeof(unsigned long))

struct mb_tenant {
	pid_t child;
	int ask, answer; /* a byte there: look; a byte back: done */
	size_t size;
	char *shared; /* MB_WHY bytes for a reason, then what is looked at */
	bool had_nice;
};

/* Whether this thread had the right, which it has afterwards if @wanted and permitted. */
static bool hold_nice(bool wanted)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
	uint32_t bit = CAP_TO_MASK(CAP_SYS_NICE);
	bool had;

	if (syscall(SYS_capget, &header, data))
		return false;
	had = data[CAP_TO_INDEX(CAP_SYS_NICE)].effective & bit;
	if (had == wanted)
		return had;
	data[CAP_TO_INDEX(CAP_SYS_NICE)].effective ^= bit;
	syscall(SYS_capset, &header, data);
	return had;
}

struct mb_tenant *mb_tenant_start(bool (*move_in)(void *state, char why[MB_WHY]),
				  void (*look)(void *state, void *what), void *state, size_t size,
				  char why[MB_WHY])
{
	struct mb_tenant *tenant = mb_alloc(1, sizeof(*tenant));
	int ask[2], answer[2];
	char byte;

	if (pipe(ask) || pipe(answer))
		abort();
	tenant->size = size;
	tenant->shared = mb_share(MB_WHY + size);
	tenant->child = mb_child();
	if (!tenant->child) {
		close(ask[1]);
		close(answer[0]);
		if (!move_in(state, tenant->shared))
			_exit(1);
		while (write(answer[1], "d", 1) == 1 && read(ask[0], &byte, 1) == 1)
			look(state, tenant->shared + MB_WHY);
		_exit(0);
	}
	close(ask[0]);
	close(answer[1]);
	tenant->ask = ask[1];
	tenant->answer = answer[0];
	tenant->had_nice = hold_nice(false);
	if (tenant->child > 0 && read(tenant->answer, &byte, 1) == 1)
		return tenant;
	snprintf(why, MB_WHY, "%s", *tenant->shared ? tenant->shared : "the process died");
	mb_tenant_stop(tenant);
	return NULL;
}

bool mb_tenant_ask(struct mb_tenant *tenant, void *what, char why[MB_WHY])
{
	char byte;

	memcpy(tenant->shared + MB_WHY, what, tenant->size);
	if (write(tenant->ask, "l", 1) != 1 || read(tenant->answer, &byte, 1) != 1) {
		snprintf(why, MB_WHY, "the process that is moved died");
		return false;
	}
	memcpy(what, tenant->shared + MB_WHY, tenant->size);
	return true;
}

long mb_tenant_move(const struct mb_tenant *tenant, unsigned long from, unsigned long to)
{
	unsigned long old[MASK_WORDS] = { 0 }, new[MASK_WORDS] = { 0 };

	if (from >= MASK_WORDS * WORD_BITS || to >= MASK_WORDS * WORD_BITS) {
		errno = EINVAL;
		return -1;
	}
	old[from / WORD_BITS] = 1UL << from % WORD_BITS;
	new[to / WORD_BITS] = 1UL << to % WORD_BITS;
	return migrate_pages(tenant->child, MASK_WORDS * WORD_BITS, old, new);
}

unsigned long mb_tenant_moved(void)
{
	unsigned long count = 0;
	char line[128];
	FILE *in = fopen("/proc/vmstat", "re");

	while (in && fgets(line, sizeof(line), in))
		if (sscanf(line, "pgmigrate_success %lu", &count) == 1)
			break;
	if (in)
		fclose(in);
	return count;
}

void mb_tenant_stop(struct mb_tenant *tenant)
{
	if (!tenant)
		return;
	close(tenant->ask);
	close(tenant->answer);
	if (tenant->child > 0) {
		kill(tenant->child, SIGKILL);
		waitpid(tenant->child, NULL, 0);
	}
	mb_unshare(tenant->shared, MB_WHY + tenant->size);
	if (tenant->had_nice)
		hold_nice(true);
	free(tenant);
}
