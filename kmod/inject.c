// SPDX-License-Identifier: GPL-2.0-or-later
/* A delay of known size in a chosen phase: what the analysis must then find. */
#include <linux/ktime.h>
#include <linux/module.h>

#include "migbench.h"

int mb_inject_phase = -1;
module_param_named(inject_phase, mb_inject_phase, int, 0400);
MODULE_PARM_DESC(inject_phase, "test only: delay in this phase, 0 setup ... 4 finalize (-1: none)");

/* A page's delay, at most: it passes under mmap_lock, for every page of a batch. */
#define MAX_DELAY 100000

static int mb_set_delay(const char *value, const struct kernel_param *param)
{
	return param_set_uint_minmax(value, param, 0, MAX_DELAY);
}

static const struct kernel_param_ops delay_ops = {
	.set = mb_set_delay,
	.get = param_get_uint,
};

static unsigned int inject_insns;
module_param_cb(inject_insns, &delay_ops, &inject_insns, 0400);
__MODULE_PARM_TYPE(inject_insns, "uint");
MODULE_PARM_DESC(inject_insns, "test only: the delay, in instructions a page");

static unsigned int inject_ns;
module_param_cb(inject_ns, &delay_ops, &inject_ns, 0400);
__MODULE_PARM_TYPE(inject_ns, "uint");
MODULE_PARM_DESC(inject_ns, "test only: the delay, in ns a page");

/*
 * Instructions that a call of mb_inject_delay() takes besides its loop, as gcc 12
 * compiles it for x86-64 and arm64: they are part of the delay. tests/guest/test_inject.sh
 * fails where that is no longer so.
 */
#define OWN_COST (IS_ENABLED(CONFIG_ARM64) ? 26 : 18)

void mb_inject_delay(unsigned long pages)
{
	u64 insns = (u64)READ_ONCE(inject_insns) * pages;
	u64 ns = (u64)READ_ONCE(inject_ns) * pages, end;

#ifdef CONFIG_X86_64
	/* Two instructions a round, so that the sum is what was asked for. */
	insns = insns > OWN_COST ? (insns - OWN_COST) / 2 : 0;
	if (insns)
		asm volatile("1: dec %0\n\tjnz 1b" : "+r"(insns) : : "cc");
#elif defined(CONFIG_ARM64)
	insns = insns > OWN_COST ? (insns - OWN_COST) / 2 : 0;
	if (insns)
		/* The nop: an even number of instructions beside the loop, as the delay asked for is. */
		asm volatile("nop\n1:\tsubs %0, %0, #1\n\tb.ne 1b" : "+r"(insns) : : "cc");
#else
	while (insns--)
		barrier();
#endif
	if (!ns)
		return;
	end = ktime_get_ns() + ns;
	while (ktime_get_ns() < end)
		cpu_relax();
}
