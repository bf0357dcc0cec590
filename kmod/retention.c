// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The switch behind accessed/dirty bits in migration entries. The kernel sets
 * swap_migration_ad_supported once, at boot. Switching a kernel that keeps the
 * bits to dropping them and back is safe: it is only consulted when entries are
 * made and read, and the frame number is masked either way. The reverse is not
 * (the bits would overlap the frame number), so it can't be asked for.
 */
#include <linux/kprobes.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/security.h>

#include "migbench.h"

static int mb_tell_hw_young(char *text, const struct kernel_param *param)
{
	return scnprintf(text, PAGE_SIZE, "%d\n", mb_hw_young());
}

static int mb_refuse_to_set(const char *text, const struct kernel_param *param)
{
	return -EPERM;
}

static const struct kernel_param_ops hw_young_ops = { .get = mb_tell_hw_young,
						      .set = mb_refuse_to_set };
module_param_cb(hw_young, &hw_young_ops, NULL, 0400);
MODULE_PARM_DESC(hw_young,
		 "read: does the CPU set accessed bits itself? Else a lost one is a fault");

static DEFINE_MUTEX(lock); /* everything below */
static bool *ad_supported; /* the kernel's variable, once looked for and found */
static bool looked, refused;
static unsigned int off_count; /* files that hold it off */

/*
 * Where the kernel's variable is, 0 where it has none; an error where that can't be
 * known. kallsyms_lookup_name() is not exported, and calling what is not is for no
 * stranger: a probe on data is refused, but only after its name was looked up.
 */
static int mb_lookup(const char *name, unsigned long *address)
{
#if IS_ENABLED(CONFIG_KPROBES) && IS_ENABLED(CONFIG_KALLSYMS_ALL)
	struct kprobe probe = { .symbol_name = name };
	int ret = register_kprobe(&probe);

	if (!ret)
		unregister_kprobe(&probe);
	*address = (unsigned long)probe.addr;
	return ret == -ENOENT || (ret && probe.addr) ? 0 : -EOPNOTSUPP;
#else
	return -EOPNOTSUPP;
#endif
}

/* A bool that can be written, or it is not what it is taken for. */
static bool mb_is_switch(unsigned long address)
{
#ifdef CONFIG_X86_64
	unsigned int level;
	pte_t *pte = lookup_address(address, &level);

	if (!pte || !pte_write(*pte))
		return false;
#endif
	return READ_ONCE(*(u8 *)address) <= 1;
}

static long mb_retention_locked(bool *off, struct migbench_retention *request)
{
	unsigned long address;

	if (refused)
		return -EOPNOTSUPP;
	if (!looked) {
		long ret = mb_lookup("swap_migration_ad_supported", &address);

		if (ret)
			return ret;
		if (address && !mb_is_switch(address))
			return -EOPNOTSUPP;
		ad_supported = (bool *)address;
		looked = true;
	}
	/* While it is held off, the kernel's own choice can only have been on. */
	request->supported = ad_supported && (off_count || READ_ONCE(*ad_supported));
	if (request->op != MIGBENCH_RETENTION_ASK && !request->supported)
		return -EOPNOTSUPP;
	/* It writes into the kernel, at a place that the kernel gives to nobody. */
	if (request->op == MIGBENCH_RETENTION_OFF && security_locked_down(LOCKDOWN_DEV_MEM))
		return -EPERM;
	if (request->op == MIGBENCH_RETENTION_OFF && !*off) {
		*off = true;
		off_count++;
		WRITE_ONCE(*ad_supported, false);
	} else if (request->op == MIGBENCH_RETENTION_RESTORE && *off) {
		*off = false;
		if (!--off_count)
			WRITE_ONCE(*ad_supported, true);
	}
	request->now = ad_supported && READ_ONCE(*ad_supported);
	return 0;
}

long mb_retention(bool *off, struct migbench_retention *request)
{
	long ret;

	mutex_lock(&lock);
	ret = mb_retention_locked(off, request);
	mutex_unlock(&lock);
	return ret;
}

void mb_retention_refuse(const char *why)
{
	mutex_lock(&lock);
	refused = true;
	mutex_unlock(&lock);
	pr_notice("migbench: self-test: %s; that switch is refused\n", why);
}

void mb_retention_release(bool *off)
{
	struct migbench_retention restore = { .op = MIGBENCH_RETENTION_RESTORE };

	if (*off)
		mb_retention(off, &restore);
}
