/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The helper module, seen from user space: thin wrappers of its ioctls. */
#ifndef MIGBENCH_BENCH_MODULE_H
#define MIGBENCH_BENCH_MODULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <migbench/uapi.h>

#include "bench/case.h"

/*
 * Take this process's memory from KSM, which may have been given all of it by whoever started it (PR_SET_MEMORY_MERGE, as
 * systemd's MemoryKSM= sets): the module moves no system page that KSM may merge, also when it tries its kernel.
 */
void mb_module_unmerge(void);

/*
 * Open the module's device and check its version. Returns the file descriptor
 * and fills *@info, or -1 with the reason and the remedy in @why.
 * This process's memory is taken from KSM.
 */
int mb_module_open(struct migbench_info *info, char why[MB_WHY]);

/* What the module's self-test tried and found good, in words; false if none can be read. */
bool mb_module_selftest(char words[MB_WHY]);

/* Create device memory of @pages pages on @node for @fd; false with @why. */
bool mb_module_create(int fd, enum migbench_kind kind, unsigned long node, unsigned long pages,
		      char why[MB_WHY]);

/*
 * The same with struct migbench_device's @around and @spread, 0 for none; with @spread, @pages is
 * how many can be in use, and the frames are as many times more.
 */
bool mb_module_create_shaped(int fd, enum migbench_kind kind, unsigned long node,
			     unsigned long pages, unsigned long around, unsigned long spread,
			     char why[MB_WHY]);

/* One migration request; see uapi.h. Returns 0, or -1 with errno set. */
int mb_module_migrate(int fd, unsigned int direction, unsigned int flags, const void *addr,
		      unsigned long pages, unsigned int batch, unsigned long node,
		      struct migbench_record *records);

/*
 * Evict @pages frames (1…MIGBENCH_BATCH_MAX) from @first on as one batch, by the function that @flags names
 * (MIGBENCH_EVICT_…; 0: the module's choice). Returns 0, or -1 with errno set.
 */
int mb_module_evict(int fd, unsigned int flags, unsigned long first, unsigned long pages,
		    unsigned long node, struct migbench_record *record);

/*
 * Whether this kernel evicts by frame number, by the function that @flags names (0: any); @fd needs
 * a device memory.
 */
bool mb_module_can_evict(int fd, unsigned int flags);

/* The state bits (MIGBENCH_PTE_…) of @pages pages. Returns 0, or -1 with errno set. */
int mb_module_query(int fd, const void *addr, unsigned long pages, uint8_t *states);

/*
 * Hold @pages pages as @op says (MIGBENCH_HOLD_…), or give back what @fd holds: MIGBENCH_HOLD_RELEASE
 * with NULL and 0. Returns 0, or -1 with errno set.
 */
int mb_module_hold(int fd, unsigned int op, const void *addr, unsigned long pages);

/*
 * Register @count MMU notifiers on the caller's memory, or end them: 0; then *@calls (may be NULL)
 * is how many invalidations they heard of. Returns 0, or -1 with errno set.
 */
int mb_module_listen(int fd, unsigned int count, uint64_t *calls);

/*
 * One request to the switch of A/D bits in migration entries: MIGBENCH_RETENTION_ASK, …_OFF or
 * …_RESTORE. *@answer (may be NULL) is how it stands then. Returns 0, or -1 with errno set.
 */
int mb_module_retention(int fd, unsigned int op, struct migbench_retention *answer);

/* Take the fault records: returns how many, or -1 with errno set. *@lost may be NULL. */
int mb_module_faults(int fd, struct migbench_record *records, unsigned int room,
		     unsigned int *lost);

#endif
