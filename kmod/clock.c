// SPDX-License-Identifier: GPL-2.0-or-later
/* Stamps with fences, and the switch for them. */
#include <linux/module.h>
#include <asm/barrier.h>

#include "clock.h"

DEFINE_STATIC_KEY_FALSE(mb_fenced);

u64 mb_clock_fenced(void)
{
	u64 now;

	/* Of the part that ends here. */
	mb();
	now = mb_clock_now();
	/* Of the part that begins here. */
	rmb();
	return now;
}

static bool fenced;

static int mb_set_fenced(const char *value, const struct kernel_param *param)
{
	int err = param_set_bool(value, param);

	/* While the module is loaded, where the last of several words counts; never later. */
	if (!err && fenced)
		static_branch_enable(&mb_fenced);
	else if (!err)
		static_branch_disable(&mb_fenced);
	return err;
}

static const struct kernel_param_ops fenced_ops = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG,
	.set = mb_set_fenced,
	.get = param_get_bool,
};

module_param_cb(fenced, &fenced_ops, &fenced, 0400);
__MODULE_PARM_TYPE(fenced, "bool");
MODULE_PARM_DESC(fenced, "drain stores before each stamp, and begin nothing before it is taken");
