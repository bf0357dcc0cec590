/* SPDX-License-Identifier: GPL-2.0-or-later */
/* migbench observe, with what the runner knows of this machine. */
#ifndef MIGBENCH_CLI_OBSERVE_H
#define MIGBENCH_CLI_OBSERVE_H

int cli_observe(int argc, char **argv);

#endif
