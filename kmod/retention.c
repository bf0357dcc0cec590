// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The switch behind accessed/dirty bits in migration entries. The kernel sets
 * swap_migration_ad_supported once, at boot. Switching a kernel that keeps the
 * bits to dropping them and back is safe: it is only consulted when entries are
 * made and read, and the frame number is masked either way. The reverse is not
 * (the bits would overlap the frame number), so it can't be asked for.
 */
#include <linux/kprobes.h>
#include <linux/mutex.h>

#include "migbench.h"

static DEFINE_MUTEX(lock); /* everything below */
static bool *ad_supported; /* the kernel's variable, once looked for and found */
static bool looked, refused;
static unsigned int off_count; /* files that hold it off */

#if IS_ENABLED(CONFIG_KPROBES) && IS_ENABLED(CONFIG_KALLSYMS_ALL)
/* kallsyms_lookup_name() is not exported; a kprobe says where it is. */
static int mb_lookup(const char *name, unsigned long *address)
{
	struct kprobe probe = { .symbol_name = "kallsyms_lookup_name" };
	unsigned long (*lookup)(const char *name);

	int ret;

#ifdef X86_FEATURE_IBT
	/* Where indirect calls are checked, this one may be to a function that takes none. */
	if (boot_cpu_has(X86_FEATURE_IBT))
		return -EOPNOTSUPP;
#endif
	ret = register_kprobe(&probe);
	if (ret)
		return ret;
	lookup = (void *)probe.addr;
	unregister_kprobe(&probe);
	*address = lookup(name);
	return 0;
}
#else
static int mb_lookup(const char *name, unsigned long *address)
{
	*address = 0;
	return 0;
}
#endif

static long mb_retention_locked(bool *off, struct migbench_retention *request)
{
	unsigned long address;

	if (refused)
		return -EOPNOTSUPP;
	if (!looked) {
		long ret = mb_lookup("swap_migration_ad_supported", &address);

		if (ret)
			return ret;
		ad_supported = (bool *)address;
		looked = true;
	}
	/* While it is held off, the kernel's own choice can only have been on. */
	request->supported = ad_supported && (off_count || READ_ONCE(*ad_supported));
	if (request->op != MIGBENCH_RETENTION_ASK && !request->supported)
		return -EOPNOTSUPP;
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
