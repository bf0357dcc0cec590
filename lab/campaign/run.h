/* SPDX-License-Identifier: GPL-2.0-or-later */
/* migbench lab run. */
#ifndef MIGBENCH_LAB_CAMPAIGN_RUN_H
#define MIGBENCH_LAB_CAMPAIGN_RUN_H

int lab_run_main(int argc, char **argv);

#endif
