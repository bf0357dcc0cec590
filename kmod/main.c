// SPDX-License-Identifier: GPL-2.0-or-later
/* The misc device /dev/migbench: one file, one device memory, and the ioctls. */
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/sysfs.h>
#include <linux/uaccess.h>

#include "clock.h"
#include "migbench.h"

unsigned int mb_plant_lost;
module_param_named(plant_lost, mb_plant_lost, uint, 0400);
MODULE_PARM_DESC(plant_lost, "test only: lose the content of every Nth page of a batch (0: off)");

unsigned int mb_plant_left;
module_param_named(plant_left, mb_plant_left, uint, 0400);
MODULE_PARM_DESC(plant_left, "test only: leave every Nth page of a batch where it is (0: off)");

bool mb_no_fault_page;
module_param_named(no_fault_page, mb_no_fault_page, bool, 0600);
MODULE_PARM_DESC(no_fault_page,
		 "test only: do not tell migrate_vma_setup() which page a fault is for");

static int refusal; /* the self-test's error where the module had to stay; open to nobody then */

struct mb_file {
	struct mutex lock; /* creation of device; counter, hold, listeners, retention_off */
	struct mb_device *device; /* set once, lives as long as the file */
	struct mb_counter *counter;
	struct mb_hold *hold;
	struct mb_listeners *listeners;
	bool retention_off;
};

static int mb_open(struct inode *inode, struct file *file)
{
	struct mb_file *mf;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (refusal)
		return refusal;
	mf = kzalloc(sizeof(*mf), GFP_KERNEL);
	if (!mf)
		return -ENOMEM;
	mutex_init(&mf->lock);
	file->private_data = mf;
	return nonseekable_open(inode, file);
}

static int mb_release(struct inode *inode, struct file *file)
{
	struct mb_file *mf = file->private_data;

	mb_count_free(mf->counter);
	mb_listen_end(&mf->listeners);
	/* Held pages may be on the device. */
	mb_hold_release(&mf->hold);
	mb_retention_release(&mf->retention_off);
	if (mf->device)
		mb_device_put(mf->device);
	kfree(mf);
	return 0;
}

static struct mb_device *mb_file_device(struct mb_file *mf)
{
	/* Pairs with the release in mb_ioctl_device(). */
	return smp_load_acquire(&mf->device);
}

#define COPY_FLAGS (MIGBENCH_COPY_BULK | MIGBENCH_COPY_NONE)
#define SELECTIONS                                                                                 \
	(MIGBENCH_SELECT_SYSTEM | MIGBENCH_SELECT_PRIVATE | MIGBENCH_SELECT_COHERENT |             \
	 MIGBENCH_SELECT_COMPOUND)

static long mb_ioctl_info(struct mb_file *mf, void __user *arg)
{
	struct mb_device *device = mb_file_device(mf);
	struct migbench_info info;

	if (copy_from_user(&info, arg, sizeof(info)))
		return -EFAULT;
	if (info.size != sizeof(info) || info.flags)
		return -EINVAL;
	info = (struct migbench_info){
		.size = sizeof(info),
		.abi = MIGBENCH_ABI,
		.kinds = BIT(MIGBENCH_SYSTEM),
		.tick_khz = mb_clock_khz(),
		.page_size = PAGE_SIZE,
	};
	if (IS_ENABLED(CONFIG_DEVICE_PRIVATE))
		info.kinds |= BIT(MIGBENCH_PRIVATE);
	if (mb_coherent_node() != NUMA_NO_NODE) {
		info.kinds |= BIT(MIGBENCH_COHERENT);
		info.coherent_node = mb_coherent_node();
	}
	if (device) {
		info.pages = device->room;
		info.free_pages = mb_device_free_count(device);
	}
	return copy_to_user(arg, &info, sizeof(info)) ? -EFAULT : 0;
}

static long mb_ioctl_device(struct mb_file *mf, void __user *arg)
{
	struct migbench_device request;
	struct mb_device *device;
	long ret = 0;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (request.size != sizeof(request) || request.flags || request.reserved ||
	    !mb_device_is_good(&request))
		return -EINVAL;
	/* The node of a reserved range may have no memory besides. */
	if (request.kind == MIGBENCH_COHERENT
		    ? mb_coherent_node() != NUMA_NO_NODE && mb_coherent_node() != request.node
		    : !mb_has_memory(request.node))
		return -EINVAL;

	if (mutex_lock_killable(&mf->lock))
		return -EINTR;
	if (mf->device) {
		ret = -EBUSY;
	} else {
		device = mb_device_create(&request);
		if (IS_ERR(device))
			ret = PTR_ERR(device);
		else
			/* Pairs with the acquire in mb_file_device(). */
			smp_store_release(&mf->device, device);
	}
	mutex_unlock(&mf->lock);
	return ret;
}

static long mb_ioctl_migrate(struct mb_file *mf, void __user *arg)
{
	struct mb_device *device = mb_file_device(mf);
	struct migbench_migrate request;
	long ret;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (request.size != sizeof(request) || request.flags & ~MIGBENCH_MIGRATE_FLAGS ||
	    (request.flags & COPY_FLAGS) == COPY_FLAGS || request.direction > MIGBENCH_NOTHING ||
	    !request.batch || request.batch > MIGBENCH_BATCH_MAX ||
	    !mb_take_range(&request.addr, request.pages))
		return -EINVAL;
	if (request.direction == MIGBENCH_TO_SYSTEM && !mb_has_memory(request.node))
		return -EINVAL;
	if (!device && request.direction != MIGBENCH_NOTHING)
		return -ENXIO;
	/* Without a copy the caller sees what its new pages held before, whosever that was. */
	if (request.flags & MIGBENCH_COPY_NONE && security_locked_down(LOCKDOWN_KCORE))
		return -EPERM;

	ret = mb_migrate(device, &request);
	if (put_user(request.done, &((struct migbench_migrate __user *)arg)->done))
		return -EFAULT;
	return ret;
}

static long mb_ioctl_faults(struct mb_file *mf, void __user *arg)
{
	struct mb_device *device = mb_file_device(mf);
	struct migbench_faults request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (request.size != sizeof(request) || request.flags)
		return -EINVAL;
	if (!device)
		return -ENXIO;
	return mb_faults(device, &request, arg);
}

static long mb_ioctl_evict(struct mb_file *mf, void __user *arg)
{
	struct mb_device *device = mb_file_device(mf);
	struct migbench_evict request;
	long ret;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (request.size != sizeof(request) || request.flags > MIGBENCH_EVICT_PFNS ||
	    request.reserved || !request.batch || request.batch > MIGBENCH_BATCH_MAX ||
	    !request.pages || !mb_has_memory(request.node))
		return -EINVAL;
	if (!device)
		return -ENXIO;
	ret = mb_evict(device, &request);
	if (put_user(request.done, &((struct migbench_evict __user *)arg)->done))
		return -EFAULT;
	return ret;
}

static long mb_ioctl_query(void __user *arg)
{
	struct migbench_query request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (request.size != sizeof(request) || request.flags ||
	    !mb_take_range(&request.addr, request.pages))
		return -EINVAL;
	return mb_query(&request);
}

static long mb_ioctl_count(struct mb_file *mf, void __user *arg)
{
	struct migbench_count request;
	long ret;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (request.size != sizeof(request) || request.flags || request.reserved ||
	    request.op > MIGBENCH_COUNT_STOP)
		return -EINVAL;
	if (mutex_lock_killable(&mf->lock))
		return -EINTR;
	ret = mb_count(&mf->counter, &request);
	mutex_unlock(&mf->lock);
	/* What has nothing to say can't fail to say it, once it is done. */
	if (ret || request.op == MIGBENCH_COUNT_START)
		return ret;
	return copy_to_user(arg, &request, sizeof(request)) ? -EFAULT : 0;
}

static long mb_ioctl_retention(struct mb_file *mf, void __user *arg)
{
	struct migbench_retention request;
	long ret;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (request.size != sizeof(request) || request.flags || request.reserved ||
	    request.op > MIGBENCH_RETENTION_RESTORE)
		return -EINVAL;
	if (mutex_lock_killable(&mf->lock))
		return -EINTR;
	ret = mb_retention(&mf->retention_off, &request);
	mutex_unlock(&mf->lock);
	if (ret)
		return ret;
	return copy_to_user(arg, &request, sizeof(request)) ? -EFAULT : 0;
}

static long mb_ioctl_collect(struct mb_file *mf, void __user *arg)
{
	struct mb_device *device = mb_file_device(mf);
	struct migbench_collect request;
	long ret;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (request.size != sizeof(request) || request.flags & ~MIGBENCH_COLLECT_WATCH ||
	    request.select & ~SELECTIONS || request.pages > MIGBENCH_BATCH_MAX ||
	    !mb_take_range(&request.addr, request.pages))
		return -EINVAL;
	if (!device)
		return -ENXIO;
	ret = mb_collect(device, &request);
	if (ret)
		return ret;
	return copy_to_user(arg, &request, sizeof(request)) ? -EFAULT : 0;
}

static long mb_ioctl_hold(struct mb_file *mf, void __user *arg)
{
	struct migbench_hold request;
	bool good;
	long ret;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (request.op == MIGBENCH_HOLD_RELEASE)
		good = !request.addr && !request.pages;
	else
		good = request.pages <= MIGBENCH_HOLD_MAX &&
		       mb_take_range(&request.addr, request.pages);
	if (!good || request.size != sizeof(request) || request.flags || request.reserved ||
	    request.op > MIGBENCH_HOLD_LOCK)
		return -EINVAL;
	if (mutex_lock_killable(&mf->lock))
		return -EINTR;
	ret = mb_hold(&mf->hold, &request);
	mutex_unlock(&mf->lock);
	return ret;
}

static long mb_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	void __user *uarg = (void __user *)arg;
	struct mb_file *mf = file->private_data;

	switch (cmd) {
	case MIGBENCH_IOC_INFO:
		return mb_ioctl_info(mf, uarg);
	case MIGBENCH_IOC_DEVICE:
		return mb_ioctl_device(mf, uarg);
	case MIGBENCH_IOC_MIGRATE:
		return mb_ioctl_migrate(mf, uarg);
	case MIGBENCH_IOC_FAULTS:
		return mb_ioctl_faults(mf, uarg);
	case MIGBENCH_IOC_EVICT:
		return mb_ioctl_evict(mf, uarg);
	case MIGBENCH_IOC_QUERY:
		return mb_ioctl_query(uarg);
	case MIGBENCH_IOC_COUNT:
		return mb_ioctl_count(mf, uarg);
	case MIGBENCH_IOC_RETENTION:
		return mb_ioctl_retention(mf, uarg);
	case MIGBENCH_IOC_COLLECT:
		return mb_ioctl_collect(mf, uarg);
	case MIGBENCH_IOC_HOLD:
		return mb_ioctl_hold(mf, uarg);
	case MIGBENCH_IOC_LISTEN:
		return mb_ioctl_listen(&mf->lock, &mf->listeners, uarg);
	default:
		return -ENOTTY;
	}
}

static const struct file_operations mb_fops = {
	.owner = THIS_MODULE,
	.open = mb_open,
	.release = mb_release,
	.unlocked_ioctl = mb_ioctl,
	.compat_ioctl = compat_ptr_ioctl, /* the structs are the same for 32-bit callers */
};

static ssize_t selftest_show(struct device *device, struct device_attribute *attr, char *text)
{
	return sysfs_emit(text, "%s\n", refusal ? "failed" : mb_passed);
}

static DEVICE_ATTR_RO(selftest);

static struct attribute *mb_attrs[] = { &dev_attr_selftest.attr, NULL };
ATTRIBUTE_GROUPS(mb);

static struct miscdevice mb_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "migbench",
	.fops = &mb_fops,
	.groups = mb_groups,
	.mode = 0600,
};

static int __init mb_init(void)
{
	int ret = mb_coherent_check();

	if (ret)
		return ret;
	if (mb_plant_lost || mb_plant_left || mb_inject_phase >= 0)
		pr_warn("migbench: loaded with test switches: pages are lost, left or delayed on purpose\n");
	ret = mb_selftest();
	/* Pages that can't be had back have a pagemap whose callbacks are ours: then it stays. */
	if (ret && !mb_device_retry_orphans()) {
		refusal = ret;
		ret = 0;
	}
	if (!ret)
		ret = misc_register(&mb_misc);
	if (ret && !mb_device_retry_orphans())
		ret = 0;
	if (ret) {
		mb_device_stop();
		mb_coherent_exit();
	}
	return ret;
}

static void __exit mb_exit(void)
{
	if (!IS_ERR_OR_NULL(mb_misc.this_device))
		misc_deregister(&mb_misc);
	mb_device_stop();
	mb_coherent_exit();
}

module_init(mb_init);
module_exit(mb_exit);
MODULE_LICENSE("GPL");
MODULE_AUTHOR("The migbench authors");
MODULE_DESCRIPTION("Page migration between a process and device memory, timed phase by phase");
MODULE_VERSION("0.1.0");
