/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A real machine as hwloc's lstopo recorded it in XML. */
#ifndef MIGBENCH_LAB_VM_RECORDED_H
#define MIGBENCH_LAB_VM_RECORDED_H

#include "lab/vm/recorded_take.h"

/*
 * Read the file at @path. Returns MB_OK, or MB_REQUEST after one line: it can't be read, is too
 * large, or hwloc does not take it for a topology.
 */
int lab_recorded_read(const char *path, struct lab_recorded *machine);

#endif
