/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What lab profile --format json wrote, read for a command's --profile. */
#ifndef MIGBENCH_ANALYSIS_BASE_PROFILE_H
#define MIGBENCH_ANALYSIS_BASE_PROFILE_H

#include <jansson.h>

/* The document at @path, for the caller to give back; NULL after one line that names @command. */
json_t *an_profile_load(const char *command, const char *path);

#endif
