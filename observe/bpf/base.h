/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every program in the kernel begins with: the helpers, what it was told, and who runs. */
#ifndef MIGBENCH_OBSERVE_BPF_BASE_H
#define MIGBENCH_OBSERVE_BPF_BASE_H

#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "observe/bpf/shared.h"

char LICENSE[] SEC("license") = "GPL";

const volatile struct ob_config config = {};

static __always_inline __u32 tid(void)
{
	return (__u32)bpf_get_current_pid_tgid();
}

static __always_inline __u32 tgid(void)
{
	return bpf_get_current_pid_tgid() >> 32;
}

static __always_inline bool asked_for(void)
{
	return !config.tgid || tgid() == config.tgid;
}

#endif
