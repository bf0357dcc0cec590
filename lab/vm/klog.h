/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading a guest's kernel log for complaints. */
#ifndef MIGBENCH_LAB_VM_KLOG_H
#define MIGBENCH_LAB_VM_KLOG_H

/* The first line that tells of a bug (oops, warning, lockdep, KASAN, …), malloc'd; else NULL. */
char *lab_klog_complaint(const char *path);

/* Why the kernel did not load migbench.ko: its last word about that, malloc'd; else NULL. */
char *lab_klog_refusal(const char *path);

#endif
