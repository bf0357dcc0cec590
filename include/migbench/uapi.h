/* SPDX-License-Identifier: GPL-2.0-or-later WITH Linux-syscall-note */
/*
 * The ioctl contract between migbench.ko and user space: /dev/migbench.
 *
 * Rules for every struct: fixed-width members; size must equal sizeof(struct);
 * unknown flags and non-zero reserved members are refused with EINVAL; members
 * marked "out" are ignored on entry. Calls work on the memory of the calling
 * process, but for EVICT (whoever has pages on the device memory), RETENTION
 * (the system's) and MIGBENCH_COPY_NONE (pages keep what they held): see
 * docs/security.md. No kernel address is ever returned. Any call may end with
 * EFAULT (members point to what can't be read or written), ENOMEM, or EINTR on a
 * fatal signal.
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
/* Pages that one fault brings back, and frames of which one is used, at most. */
#define MIGBENCH_AROUND_MAX 512
#define MIGBENCH_SPREAD_MAX 512
/* Faults kept between two MIGBENCH_IOC_FAULTS; later ones are counted only. */
#define MIGBENCH_FAULTS_MAX 4096

/* Kinds of device memory, and bits of migbench_info.kinds. */
enum migbench_kind {
	MIGBENCH_PRIVATE = 0, /* MEMORY_DEVICE_PRIVATE: the CPU faults on it */
	/* MEMORY_DEVICE_COHERENT: the CPU maps it; needs the module parameter coherent */
	MIGBENCH_COHERENT = 1,
	MIGBENCH_SYSTEM = 2, /* no device: "there" is ordinary memory of a node */
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
	__u64 pages; /* that this file's device memory has room for; 0 before DEVICE */
	__u64 free_pages; /* of these, free now */
	__u32 page_size; /* bytes */
	__u32 coherent_node; /* of the reserved range, if kinds has MIGBENCH_COHERENT */
};

/*
 * Create this file's device memory: once per open file. It goes away with the
 * last close; pages still on it are moved back to system memory first.
 *
 * @around: what a CPU fault brings back, the aligned block of so many pages that
 * has the touched one, as far as they are on this device and in one mapping: a
 * power of two. 0: that page alone, and the records of faults do not say who
 * took them. Private memory only. @spread: of so many frames in a row the first
 * alone is ever used, so that what is in use lies far apart. 0 is 1.
 *
 * EBUSY: created already. EOPNOTSUPP: kernel without this kind, or no coherent
 * range. EINVAL: bad node or size, or not the coherent range's node. ENOMEM: the
 * node (the range) has not that much free memory. EINTR: a fatal signal. ERANGE, or
 * another of memremap_pages(): the kernel has no addresses for it.
 */
struct migbench_device {
	__u32 size;
	__u32 flags; /* must be 0 */
	__u32 kind; /* enum migbench_kind */
	__u32 node; /* whose memory backs the device pages */
	__u64 pages; /* frames, 1…MIGBENCH_PAGES_MAX; MIGBENCH_SYSTEM: 0 */
	__u16 around; /* 0…MIGBENCH_AROUND_MAX */
	__u16 spread; /* 0…MIGBENCH_SPREAD_MAX */
	__u32 reserved;
};

/* On entry to the fault: references besides those of mappings, and the page's lock. */
#define MIGBENCH_ENTRY_REFERENCES 0xffff
#define MIGBENCH_ENTRY_LOCKED 0x10000
/* From this bit on: the CPU that took the fault, where the device memory has @around; up to 4,095. */
#define MIGBENCH_ENTRY_CPU_SHIFT 20

/* One batch, or one fault (requested is 1 then, or what its block or a huge page has). */
struct migbench_record {
	__u32 requested;
	__u32 collected; /* pages that setup marked for migration, holes included */
	__u32 migrated;
	__u32 entry; /* faults only: MIGBENCH_ENTRY_… of the page as the fault found it; else 0 */
	/* Of a batch from before mmap_lock to after its release; of faults and evictions the phases alone. */
	__u64 total;
	__u64 phase[MIGBENCH_PHASES];
	__u64 first; /* under MIGBENCH_FIRST: from the start until the first page was back */
};

#define MIGBENCH_TO_DEVICE 0
#define MIGBENCH_TO_SYSTEM 1
/* Pass every phase border without doing anything: what the measuring costs. */
#define MIGBENCH_NOTHING 2

/* Flags of migbench_migrate. */
/* Finalize the first page by itself and note when; costs one more timestamp. */
#define MIGBENCH_FIRST 1
/* Find no destination for any page: an aborted migration, every page stays. */
#define MIGBENCH_ABORT 2
/* Find none for every second page (huge page): half of the migration is aborted. */
#define MIGBENCH_HALF 4
/*
 * Copy what lies together on both sides at once, as a driver with a copy engine
 * does, in place of page after page; or copy nothing, which loses the content:
 * the pages have what was in their new place before. Not both. A kernel that is
 * locked down to confidentiality refuses the latter (EPERM).
 */
#define MIGBENCH_COPY_BULK 8
#define MIGBENCH_COPY_NONE 16
#define MIGBENCH_MIGRATE_FLAGS                                                                     \
	(MIGBENCH_FIRST | MIGBENCH_ABORT | MIGBENCH_HALF | MIGBENCH_COPY_BULK | MIGBENCH_COPY_NONE)

/*
 * Migrate [addr, addr + pages) in batches of @batch pages, the last one shorter.
 * Stops before the next batch on a fatal signal (EINTR). A page that can't move
 * stays where it is and shows in its record.
 * EINVAL: bad range, batch or direction, or memory that migrate_vma_setup()
 * refuses. ENXIO: no device memory created. EFAULT: a batch is not in one mapping.
 * EOPNOTSUPP: mapped with PROT_MTE, whose tags a copy of the content would lose,
 * or system pages that KSM may merge (MADV_MERGEABLE).
 */
struct migbench_migrate {
	__u32 size;
	__u32 flags; /* MIGBENCH_FIRST, … */
	__u32 direction; /* MIGBENCH_TO_DEVICE, … */
	__u32 batch; /* 1…MIGBENCH_BATCH_MAX */
	__u64 addr; /* page-aligned */
	__u64 pages; /* 1…MIGBENCH_PAGES_MAX */
	__u64 records; /* struct migbench_record[ceil(pages / batch)] */
	__u32 node; /* TO_SYSTEM: where the pages go */
	__u32 done; /* out: batches recorded, also on an error, but for EINVAL, ENXIO and EPERM */
};

/* Take the records of the CPU faults on this file's device memory, oldest first. */
struct migbench_faults {
	__u32 size;
	__u32 flags; /* must be 0 */
	__u64 records; /* struct migbench_record[count] */
	__u32 count; /* in: room for that many; out: written */
	__u32 lost; /* out: faults that found no room since the last call */
};

/* Flags of migbench_evict, one of them; without any, what the module has for this kernel. */
#define MIGBENCH_EVICT_RANGE 1 /* by migrate_device_range() */
#define MIGBENCH_EVICT_PFNS 2 /* by migrate_device_pfns() */

/*
 * Move what is on this file's device memory to @node by frame number, whoever
 * maps it, without an mm: frames first…first + pages, in batches of @batch
 * frames. A record's requested is the used frames of its batch; what nobody maps any
 * more stays until its last reference is gone. While a batch is under way nobody takes
 * pages of this device memory: MIGBENCH_TO_DEVICE waits for it. EOPNOTSUPP: this kernel has no such
 * function. EINVAL, ENXIO, EFAULT, EINTR as for MIGRATE.
 */
struct migbench_evict {
	__u32 size;
	__u32 flags; /* MIGBENCH_EVICT_RANGE, … or 0 */
	__u64 first; /* frame, from the start of the device memory */
	__u64 pages;
	__u64 records; /* struct migbench_record[ceil(pages / batch)] */
	__u32 batch; /* 1…MIGBENCH_BATCH_MAX */
	__u32 node;
	__u32 done; /* out: batches recorded, also on an error, but for EINVAL, ENXIO and EPERM */
	__u32 reserved;
};

/* State of one base page of the caller, as its page table has it. */
#define MIGBENCH_PTE_PRESENT 0x01
#define MIGBENCH_PTE_YOUNG 0x02
#define MIGBENCH_PTE_DIRTY 0x04
#define MIGBENCH_PTE_WRITE 0x08
#define MIGBENCH_PTE_EXCLUSIVE 0x10 /* PG_anon_exclusive of its page */
#define MIGBENCH_PTE_DEVICE 0x20 /* device-private entry, or present and coherent */
#define MIGBENCH_PTE_HUGE 0x40 /* mapped by a PMD */
#define MIGBENCH_PAGE_DIRTY 0x80 /* PG_dirty of its folio */

/*
 * Read the states of [addr, addr + pages). EINVAL: bad range.
 * EOPNOTSUPP: not on this architecture.
 */
struct migbench_query {
	__u32 size;
	__u32 flags; /* must be 0 */
	__u64 addr; /* page-aligned */
	__u64 pages; /* 1…MIGBENCH_PAGES_MAX */
	__u64 states; /* __u8[pages] */
};

/*
 * Count the TLB flushes of the calling thread between START and STOP, from the
 * kernel's tlb:tlb_flush tracepoint. A pass of its own: the probe costs time. Where the
 * CPU or the hypervisor flushes for other CPUs (INVLPGB), the tracepoint does not fire.
 * EBUSY: START twice. EINVAL: STOP without START. EOPNOTSUPP: kernel without
 * that tracepoint.
 */
#define MIGBENCH_COUNT_START 0
#define MIGBENCH_COUNT_STOP 1
struct migbench_count {
	__u32 size;
	__u32 flags; /* must be 0 */
	__u32 op; /* MIGBENCH_COUNT_START, … */
	__u32 reserved;
	__u64 flushes; /* out: of this CPU's TLB, by this thread */
	__u64 full; /* out: of these, of the whole TLB */
	__u64 pages; /* out: pages that the others flushed one by one */
	__u64 ipis; /* out: rounds of IPIs to other CPUs */
};

/*
 * Accessed/dirty bits in migration entries (swap_migration_ad_supported), for
 * the whole system. OFF drops them until every file that asked for it said
 * RESTORE or was closed; there is no way to force them on.
 * EOPNOTSUPP: this kernel does not keep them, or does not say where it decides.
 * EPERM: OFF under lockdown, as it writes into the kernel.
 */
#define MIGBENCH_RETENTION_ASK 0
#define MIGBENCH_RETENTION_OFF 1
#define MIGBENCH_RETENTION_RESTORE 2
struct migbench_retention {
	__u32 size;
	__u32 flags; /* must be 0 */
	__u32 op; /* MIGBENCH_RETENTION_ASK, … */
	__u32 supported; /* out: the kernel chose to keep them */
	__u32 now; /* out: it does so now */
	__u32 reserved;
};

/*
 * What migrate_vma_setup() selects in [addr, addr + pages), one batch; nothing
 * moves. EOPNOTSUPP: a kind of page that this kernel can't select, system pages
 * that KSM may merge, or under WATCH nothing that tells of flushes or no
 * page-table lock to look at. ENXIO: no device memory created, whose owner the
 * selection goes by. EINVAL, EFAULT as for MIGRATE. EINTR under WATCH: a signal
 * came, fatal or not.
 */
#define MIGBENCH_SELECT_SYSTEM 1
#define MIGBENCH_SELECT_PRIVATE 2
#define MIGBENCH_SELECT_COHERENT 4
#define MIGBENCH_SELECT_COMPOUND 8

/* A page's bits as setup left them. */
#define MIGBENCH_SOURCE_VALID 1
#define MIGBENCH_SOURCE_MIGRATE 2
#define MIGBENCH_SOURCE_WRITE 4
#define MIGBENCH_SOURCE_COMPOUND 8

/* Flags of migbench_collect. */
/* Count setup's TLB flushes, and those under the lock of the page table of addr. */
#define MIGBENCH_COLLECT_WATCH 1

struct migbench_collect {
	__u32 size;
	__u32 flags; /* MIGBENCH_COLLECT_WATCH */
	__u32 select; /* MIGBENCH_SELECT_SYSTEM | … */
	__u32 collected; /* out: cpages, as the kernel counts it */
	__u64 addr; /* page-aligned */
	__u64 pages; /* 1…MIGBENCH_BATCH_MAX */
	__u64 sources; /* __u8[pages] */
	__u32 flushes; /* out, under WATCH: TLB flushes of the calling thread */
	__u32 locked; /* out, under WATCH: of these, while the lock was held */
};

/*
 * Hold the pages of [addr, addr + pages) for writing until RELEASE or close, one
 * hold a file. EBUSY: holding already, or LOCK of a page that somebody else has
 * locked. EINVAL: bad range or op, or RELEASE without a hold. EFAULT, or what the
 * kernel says: not all could be had, and none is held. ETIMEDOUT: RELEASE of locks
 * that were given back before; nothing is held any more.
 */
#define MIGBENCH_HOLD_RELEASE 0
#define MIGBENCH_HOLD_REFERENCE 1 /* plain references, as get_user_pages() takes them */
#define MIGBENCH_HOLD_PIN 2 /* pins, as direct I/O takes them */
#define MIGBENCH_HOLD_LONGTERM 3 /* long-term pins, as RDMA takes them */
/* References and the pages' locks, as a read under way has them: for MIGBENCH_LOCK_MS at most. */
#define MIGBENCH_HOLD_LOCK 4
#define MIGBENCH_LOCK_MS 2000
/* Pages in one hold, at most. */
#define MIGBENCH_HOLD_MAX 512
struct migbench_hold {
	__u32 size;
	__u32 flags; /* must be 0 */
	__u32 op; /* MIGBENCH_HOLD_RELEASE, … */
	__u32 reserved;
	__u64 addr; /* page-aligned; RELEASE: 0, and so pages */
	__u64 pages; /* 1…MIGBENCH_HOLD_MAX */
};

/*
 * Register @count MMU notifiers on the caller's memory, which do nothing but
 * count, until LISTEN with count 0 or close; one set a file. EBUSY: there is one
 * already. EINVAL: too many, or count 0 without a set. EINTR: a signal came, fatal or
 * not; there is no set then.
 */
#define MIGBENCH_LISTEN_MAX 64
struct migbench_listen {
	__u32 size;
	__u32 flags; /* must be 0 */
	__u32 count; /* 0…MIGBENCH_LISTEN_MAX */
	__u32 reserved;
	__u64 calls; /* out, with count 0: invalidations that they heard of, all together */
};

#define MIGBENCH_IOC_INFO _IOWR('m', 0x10, struct migbench_info)
#define MIGBENCH_IOC_DEVICE _IOW('m', 0x11, struct migbench_device)
#define MIGBENCH_IOC_MIGRATE _IOWR('m', 0x12, struct migbench_migrate)
#define MIGBENCH_IOC_FAULTS _IOWR('m', 0x13, struct migbench_faults)
#define MIGBENCH_IOC_EVICT _IOWR('m', 0x14, struct migbench_evict)
#define MIGBENCH_IOC_QUERY _IOW('m', 0x15, struct migbench_query)
#define MIGBENCH_IOC_COUNT _IOWR('m', 0x16, struct migbench_count)
#define MIGBENCH_IOC_RETENTION _IOWR('m', 0x17, struct migbench_retention)
#define MIGBENCH_IOC_COLLECT _IOWR('m', 0x18, struct migbench_collect)
#define MIGBENCH_IOC_HOLD _IOW('m', 0x19, struct migbench_hold)
#define MIGBENCH_IOC_LISTEN _IOWR('m', 0x1a, struct migbench_listen)

#endif
