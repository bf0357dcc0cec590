/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What several commands of the lab take where the user says nothing, and agree on. */
#ifndef MIGBENCH_LAB_BASE_DEFAULTS_H
#define MIGBENCH_LAB_BASE_DEFAULTS_H

/* The configuration of configs/kernels for a tree of the user's own. */
#define LAB_CONFIG "6.1"

/* The topologies for each clock; under insns a second CPU needs a newer QEMU than most have. */
#define LAB_TOPOLOGY_INSNS "2-node-1-cpu"
#define LAB_TOPOLOGY_TIME "2-node"

/* Two boots show that counts repeat, and a third shows it again; under time the boot is the unit. */
#define LAB_BOOTS_INSNS 2
#define LAB_BOOTS_TIME 5

/* Of a key's digits, those that stand in the name of a folder or file of the cache. */
#define LAB_KEY_DIGITS 12

#endif
