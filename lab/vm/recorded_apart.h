/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A machine's XML, read where it can do no harm. */
#ifndef MIGBENCH_LAB_VM_RECORDED_APART_H
#define MIGBENCH_LAB_VM_RECORDED_APART_H

#include "lab/vm/recorded_take.h"

/*
 * hwloc trusts its XML: a file that was cut or edited can crash it, and it complains in several
 * lines. So another process reads, and this one lives. *@machine is zero, in memory that both
 * share. Returns whether it was read.
 */
bool lab_recorded_apart(const char *path, struct lab_recorded *machine);

#endif
