// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs in the kernel: what migrate_pages() moved, by the reason why, and for whom. */
#include "observe/bpf/base.h"

struct ob_lost lost = {};

#define STARTS 16384

struct ordinary_start {
	__u64 at;
	__u32 reason, zero;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, STARTS);
	__type(key, __u32);
	__type(value, struct ordinary_start);
} ordinary_starts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, OB_KEYS);
	__type(key, struct ob_ordinary_key);
	__type(value, struct ob_ordinary);
} ordinary SEC(".maps");

/* Where the reason stands in the tracepoint depends on the version; here it is always the sixth. */
SEC("kprobe/migrate_pages")
int ordinary_entry(struct pt_regs *ctx)
{
	struct ordinary_start start = { .at = bpf_ktime_get_ns() };
	__u32 thread = tid();

	if (!asked_for())
		return 0;
#ifdef __TARGET_ARCH_x86
	start.reason = ctx->r9;
#else
	start.reason = ((const struct user_pt_regs *)ctx)->regs[5];
#endif
	bpf_map_update_elem(&ordinary_starts, &thread, &start, BPF_ANY);
	return 0;
}

SEC("raw_tracepoint/mm_migrate_pages")
int ordinary_end(struct bpf_raw_tracepoint_args *ctx)
{
	__u32 thread = tid();
	struct ordinary_start *start = bpf_map_lookup_elem(&ordinary_starts, &thread);
	struct ob_ordinary_key key = { .tgid = tgid() };
	struct ob_ordinary *sum, zero = {};

	if (!start)
		return 0;
	key.reason = start->reason;
	bpf_get_current_comm(zero.comm, sizeof(zero.comm));
	bpf_map_update_elem(&ordinary, &key, &zero, BPF_NOEXIST);
	sum = bpf_map_lookup_elem(&ordinary, &key);
	if (sum) {
		__sync_fetch_and_add(&sum->calls, 1);
		__sync_fetch_and_add(&sum->succeeded, ctx->args[0]);
		__sync_fetch_and_add(&sum->failed, ctx->args[1]);
		__sync_fetch_and_add(&sum->ns, bpf_ktime_get_ns() - start->at);
	} else {
		__sync_fetch_and_add(&lost.calls, 1);
	}
	bpf_map_delete_elem(&ordinary_starts, &thread);
	return 0;
}
