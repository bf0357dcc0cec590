/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What trial boots under KVM came to: lab/ tries each kernel once per start of this machine and
 * keeps the answer in the cache, doctor tells it.
 */
#ifndef MIGBENCH_LAB_VM_KVM_H
#define MIGBENCH_LAB_VM_KVM_H

#include <stdbool.h>

struct lab_kvm_trial {
	char kernel[64]; /* its name */
	bool works;
	char why[256]; /* not, for people */
};

/* Whether /dev/kvm can be opened; else false with the reason in @why. */
bool lab_kvm_opens(char why[256]);

/* The answer for the kernel of this cache key; false: it was not tried since this machine started. */
bool lab_kvm_recall(const char *key, struct lab_kvm_trial *trial);

/* Keep an answer. A cache that can't be written only costs another trial. */
void lab_kvm_remember(const char *key, const struct lab_kvm_trial *trial);

/* Call @visit for every answer of this start of the machine, in the order of the keys. */
void lab_kvm_each(void (*visit)(const struct lab_kvm_trial *trial));

#endif
