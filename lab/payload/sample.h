/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all of the plugin knows of the sample that it is recording, and of the guest. */
#ifndef MIGBENCH_LAB_PAYLOAD_SAMPLE_H
#define MIGBENCH_LAB_PAYLOAD_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether a sample is being taken. */
extern bool plugin_sampling;
/* Of several CPUs: who accesses what, and no instructions. */
extern bool plugin_sharing;
/* What the guest's CPU is; else x86-64. */
extern bool plugin_arm64;

/* One record (lab/payload/record.h), and memory or death. */
void plugin_record(uint64_t at, uint64_t count);
void *plugin_get(size_t size);

#endif
