/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands that boot one virtual machine for the user. */
#ifndef MIGBENCH_LAB_VM_EXEC_H
#define MIGBENCH_LAB_VM_EXEC_H

int lab_exec_main(int argc, char **argv);
int lab_shell_main(int argc, char **argv);

#endif
