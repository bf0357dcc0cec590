/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The topology that --topology means: a name, an INI file, or a machine's hwloc XML. */
#ifndef MIGBENCH_LAB_VM_TOPOLOGY_CHOOSE_H
#define MIGBENCH_LAB_VM_TOPOLOGY_CHOOSE_H

#include "lab/vm/topology.h"

/* Whether @name is the file of a recorded machine, NAME.xml, and no topology of configs/ or of a FILE.ini. */
bool lab_topology_is_recorded(const char *name);

/*
 * lab_topology_read(), or for NAME.xml the topology after a recorded machine, made smaller: to @cpus
 * CPUs (1 to LAB_MAX_CPUS) and to memory that two such virtual machines find here. Returns MB_OK, or
 * after one line MB_REQUEST, or MB_MACHINE when this machine has too little memory.
 */
int lab_topology_choose(const char *name, unsigned long cpus, struct lab_topology *topology);

/* One note for the user on what is not as in the machine that it is made after, once a command. */
void lab_topology_note(const struct lab_topology *topology);

#endif
