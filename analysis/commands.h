/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands of analysis/, for cli/. Each returns an exit status (core/status.h). */
#ifndef MIGBENCH_ANALYSIS_COMMANDS_H
#define MIGBENCH_ANALYSIS_COMMANDS_H

int analysis_advise(int argc, char **argv);
int analysis_check_run(int argc, char **argv);
int analysis_compare(int argc, char **argv);
int analysis_export(int argc, char **argv);
int analysis_report(int argc, char **argv);
int analysis_selftest(int argc, char **argv);

#endif
