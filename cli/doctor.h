/* SPDX-License-Identifier: GPL-2.0-or-later */
/* migbench doctor: the one command that asks several rooms. Returns an exit status. */
#ifndef MIGBENCH_CLI_DOCTOR_H
#define MIGBENCH_CLI_DOCTOR_H

int cli_doctor(int argc, char **argv);

#endif
