/* SPDX-License-Identifier: GPL-2.0-or-later WITH Linux-syscall-note */
/*
 * The ioctl contract between migbench.ko and user space: /dev/migbench.
 *
 * Rules for every struct: fixed-width members; size must equal sizeof(struct);
 * unknown flags and non-zero reserved members are refused with EINVAL; members
 * marked "out" are ignored on entry. Every operation works on the memory of the
 * calling process only. No kernel address is ever returned.
 *
 * Durations are in ticks of the module's clock (see migbench_info.tick_khz).
 */
#ifndef MIGBENCH_UAPI_H
#define MIGBENCH_UAPI_H

#include <linux/ioctl.h>
#include <linux/types.h>

/* Raised by every incompatible change of this file. */
#define MIGBENCH_ABI 1

#define MIGBENCH_DEVICE "/dev/migbench"

/* Pages in one batch, at most: 64 MiB of 4 KiB pages. */
#define MIGBENCH_BATCH_MAX 16384
/* Pages in one device memory, at most. */
#define MIGBENCH_PAGES_MAX (1U << 20)
/* Faults kept between two MIGBENCH_IOC_FAULTS; later ones are counted only. */
#define MIGBENCH_FAULTS_MAX 4096

/* Kinds of device memory, and bits of migbench_info.kinds. */
enum migbench_kind {
	MIGBENCH_PRIVATE = 0, /* MEMORY_DEVICE_PRIVATE: the CPU faults on it */
};

enum migbench_phase {
	MIGBENCH_SETUP, /* migrate_vma_setup(): collect and unmap */
	MIGBENCH_ALLOC, /* destination pages */
	MIGBENCH_COPY, /* content */
	MIGBENCH_PAGES, /* migrate_vma_pages(): struct page state */
	MIGBENCH_FINALIZE, /* migrate_vma_finalize(): new PTEs */
	MIGBENCH_PHASES
};

/* What this module and kernel offer; all members but size and flags are out. */
struct migbench_info {
	__u32 size;
	__u32 flags; /* must be 0 */
	__u32 abi; /* MIGBENCH_ABI of the module */
	__u32 kinds; /* bit k set: kind k can be created on this kernel */
	__u64 tick_khz;
	__u64 pages; /* capacity of this file's device memory; 0 before DEVICE */
	__u64 free_pages; /* of these, free now */
	__u32 page_size; /* bytes */
	__u32 reserved;
};

/*
 * Create this file's device memory: once per open file. It goes away with the
 * last close; pages still on it are moved back to system memory first.
 * EBUSY: created already. EOPNOTSUPP: kernel without this kind. EINVAL: bad
 * node or size. ENOMEM: the node has not that much free memory.
 */
struct migbench_device {
	__u32 size;
	__u32 flags; /* must be 0 */
	__u32 kind; /* enum migbench_kind */
	__u32 node; /* whose memory backs the device pages */
	__u64 pages; /* 1…MIGBENCH_PAGES_MAX */
	__u64 reserved;
};

/* One batch, or one fault (requested is 1 then). */
struct migbench_record {
	__u32 requested;
	__u32 collected; /* pages that setup marked for migration, holes included */
	__u32 migrated;
	__u32 reserved;
	__u64 total; /* from before mmap_lock to after its release */
	__u64 phase[MIGBENCH_PHASES];
};

#define MIGBENCH_TO_DEVICE 0
#define MIGBENCH_TO_SYSTEM 1
/* Pass every phase border without doing anything: what the measuring costs. */
#define MIGBENCH_NOTHING 2

/*
 * Migrate [addr, addr + pages) in batches of @batch pages, the last one shorter.
 * Stops before the next batch on a fatal signal (EINTR). A page that can't move
 * stays where it is and shows in its record.
 * EINVAL: bad range, batch or direction, or memory that migrate_vma_setup()
 * refuses. ENXIO: no device memory created. EFAULT: nothing mapped there.
 */
struct migbench_migrate {
	__u32 size;
	__u32 flags; /* must be 0 */
	__u32 direction; /* MIGBENCH_TO_DEVICE, … */
	__u32 batch; /* 1…MIGBENCH_BATCH_MAX */
	__u64 addr; /* page-aligned */
	__u64 pages; /* 1…MIGBENCH_PAGES_MAX */
	__u64 records; /* struct migbench_record[ceil(pages / batch)] */
	__u32 node; /* TO_SYSTEM: where the pages go */
	__u32 done; /* out: batches recorded, also on an error */
};

/* Take the records of the CPU faults on this file's device memory, oldest first. */
struct migbench_faults {
	__u32 size;
	__u32 flags; /* must be 0 */
	__u64 records; /* struct migbench_record[count] */
	__u32 count; /* in: room for that many; out: written */
	__u32 lost; /* out: faults that found no room since the last call */
};

#define MIGBENCH_IOC_INFO _IOWR('m', 0x10, struct migbench_info)
#define MIGBENCH_IOC_DEVICE _IOW('m', 0x11, struct migbench_device)
#define MIGBENCH_IOC_MIGRATE _IOWR('m', 0x12, struct migbench_migrate)
#define MIGBENCH_IOC_FAULTS _IOWR('m', 0x13, struct migbench_faults)

#endif
