/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands of lab/, for cli/. Each returns an exit status (core/status.h). */
#ifndef MIGBENCH_LAB_COMMANDS_H
#define MIGBENCH_LAB_COMMANDS_H

int lab_main(int argc, char **argv);

#endif
