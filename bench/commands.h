/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands of bench/, for cli/. Each returns an exit status (core/status.h). */
#ifndef MIGBENCH_BENCH_COMMANDS_H
#define MIGBENCH_BENCH_COMMANDS_H

int bench_list(int argc, char **argv);
int bench_topo(int argc, char **argv);
int bench_run(int argc, char **argv);
int bench_probe(int argc, char **argv);
int bench_load(int argc, char **argv);
int bench_unload(int argc, char **argv);

#endif
