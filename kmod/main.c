// SPDX-License-Identifier: GPL-2.0-or-later
/* The misc device /dev/migbench: one file, one device memory, four ioctls. */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "clock.h"
#include "migbench.h"

unsigned int mb_plant_lost;
module_param_named(plant_lost, mb_plant_lost, uint, 0600);
MODULE_PARM_DESC(plant_lost, "test only: lose the content of every Nth page of a batch (0: off)");

unsigned int mb_plant_left;
module_param_named(plant_left, mb_plant_left, uint, 0600);
MODULE_PARM_DESC(plant_left, "test only: leave every Nth page of a batch where it is (0: off)");

struct mb_file {
	struct mutex lock; /* creation of device */
	struct mb_device *device; /* set once, lives as long as the file */
};

static int mb_open(struct inode *inode, struct file *file)
{
	struct mb_file *mf = kzalloc(sizeof(*mf), GFP_KERNEL);

	if (!mf)
		return -ENOMEM;
	mutex_init(&mf->lock);
	file->private_data = mf;
	return nonseekable_open(inode, file);
}

static int mb_release(struct inode *inode, struct file *file)
{
	struct mb_file *mf = file->private_data;

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

static long mb_ioctl_info(struct mb_file *mf, void __user *arg)
{
	struct mb_device *device = mb_file_device(mf);
	struct migbench_info info;

	if (copy_from_user(&info, arg, sizeof(info)))
		return -EFAULT;
	if (info.size != sizeof(info) || info.flags || info.reserved)
		return -EINVAL;
	info = (struct migbench_info){
		.size = sizeof(info),
		.abi = MIGBENCH_ABI,
		.kinds = IS_ENABLED(CONFIG_DEVICE_PRIVATE) ? BIT(MIGBENCH_PRIVATE) : 0,
		.tick_khz = mb_clock_khz(),
		.page_size = PAGE_SIZE,
	};
	if (device) {
		info.pages = device->pages;
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
	    request.kind != MIGBENCH_PRIVATE || !request.pages ||
	    request.pages > MIGBENCH_PAGES_MAX || request.node >= nr_node_ids ||
	    !node_state(request.node, N_MEMORY))
		return -EINVAL;

	mutex_lock(&mf->lock);
	if (mf->device) {
		ret = -EBUSY;
	} else {
		device = mb_device_create(request.kind, request.node, request.pages);
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
	if (request.size != sizeof(request) || request.flags ||
	    request.direction > MIGBENCH_NOTHING || !request.batch ||
	    request.batch > MIGBENCH_BATCH_MAX || !request.pages ||
	    request.pages > MIGBENCH_PAGES_MAX || !PAGE_ALIGNED(request.addr) ||
	    request.addr >= TASK_SIZE || request.pages > (TASK_SIZE - request.addr) >> PAGE_SHIFT)
		return -EINVAL;
	if (request.direction == MIGBENCH_TO_SYSTEM &&
	    (request.node >= nr_node_ids || !node_state(request.node, N_MEMORY)))
		return -EINVAL;
	if (!device && request.direction != MIGBENCH_NOTHING)
		return -ENXIO;

	ret = mb_migrate(device, &request);
	if (put_user(request.done, &((struct migbench_migrate __user *)arg)->done))
		return -EFAULT;
	return ret;
}

static long mb_ioctl_faults(struct mb_file *mf, void __user *arg)
{
	struct mb_device *device = mb_file_device(mf);
	struct migbench_faults request;
	long ret;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (request.size != sizeof(request) || request.flags)
		return -EINVAL;
	if (!device)
		return -ENXIO;
	ret = mb_faults(device, &request);
	if (ret)
		return ret;
	return copy_to_user(arg, &request, sizeof(request)) ? -EFAULT : 0;
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

static struct miscdevice mb_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "migbench",
	.fops = &mb_fops,
	.mode = 0600,
};

static int __init mb_init(void)
{
	return misc_register(&mb_misc);
}

static void __exit mb_exit(void)
{
	misc_deregister(&mb_misc);
	mb_device_drain_orphans();
}

module_init(mb_init);
module_exit(mb_exit);
MODULE_LICENSE("GPL");
MODULE_AUTHOR("The migbench authors");
MODULE_DESCRIPTION("Page migration between a process and device memory, timed phase by phase");
MODULE_VERSION("0.1.0");
