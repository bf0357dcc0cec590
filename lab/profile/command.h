/* SPDX-License-Identifier: GPL-2.0-or-later */
/* migbench lab profile. */
#ifndef MIGBENCH_LAB_PROFILE_COMMAND_H
#define MIGBENCH_LAB_PROFILE_COMMAND_H

int lab_profile_main(int argc, char **argv);

#endif
