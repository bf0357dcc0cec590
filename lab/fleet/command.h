/* SPDX-License-Identifier: GPL-2.0-or-later */
/* migbench lab campaign: many kernels, topologies and suites, here or on other machines. */
#ifndef MIGBENCH_LAB_FLEET_COMMAND_H
#define MIGBENCH_LAB_FLEET_COMMAND_H

int lab_campaign_main(int argc, char **argv);

#endif
