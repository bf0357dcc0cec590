/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls on their way, and what is added up of them; for one program alone, which has the maps. */
#ifndef MIGBENCH_OBSERVE_BPF_FLIGHT_H
#define MIGBENCH_OBSERVE_BPF_FLIGHT_H

#include "observe/bpf/base.h"

struct ob_lost lost = {};

#define FLIGHTS 16384
#define CHUNK 32
#define CHUNKS 32 /* that one run of count() reads */
#define SELECT_SYSTEM 1 /* MIGRATE_VMA_SELECT_SYSTEM */
#define SELECT_COMPOUND 8
#define VALID_BIT 0 /* MIGRATE_PFN_VALID, MIGRATE_PFN_MIGRATE: the same from 5.10 on */
#define MIGRATE_BIT 1
#define COMPOUND_BIT 4 /* never set before 6.19 */

/* A call on its way. @args tells apart those of one thread, where one lies within another. */
struct flight_key {
	__u64 args;
	__u32 tid, zero;
};

enum stage { IN_SETUP, AFTER_SETUP, IN_PAGES, AFTER_PAGES, IN_FINALIZE };

struct flight {
	struct ob_key key;
	__u64 src, dst;
	__u64 fault, began, entered, left; /* ns; the last two of the newest part */
	__u64 ns[OB_SPANS];
	__u32 collected, migrated, not_offered, unread;
	__u32 flushes, full_flushes, ipis;
	__u32 stage;
	__u64 flush_pages;
	/* Where the entries of @src (pass 0) or @dst (pass 1) are read: so many, of which so many are set. */
	__u32 read, found, pass, zero;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, FLIGHTS);
	__type(key, struct flight_key);
	__type(value, struct flight);
} flights SEC(".maps");

/* Which of them a thread is in: tid to args. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, FLIGHTS);
	__type(key, __u32);
	__type(value, __u64);
} current SEC(".maps");

/* When a thread began to handle a fault on an entry that is no page. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, FLIGHTS);
	__type(key, __u32);
	__type(value, __u64);
} faults SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, OB_KEYS);
	__type(key, struct ob_key);
	__type(value, struct ob_sums);
} sums SEC(".maps");

/* Too large for the stack; always zero. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ob_sums);
} nothing SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 22);
} ring SEC(".maps");

static __always_inline __u64 field(__u64 args, __u32 offset)
{
	__u64 value = 0;

	bpf_probe_read_kernel(&value, sizeof(value), (void *)(args + offset));
	return value;
}

/* Of a huge page there is one entry, and those after it are 0. */
static __always_inline void count_chunk(struct flight *flight, __u64 at, __u64 left)
{
	__u64 entry[CHUNK] = {};
	__u32 found = 0, huge = 0;

	/* The verifier has to see the comparison, not one that follows from it. */
	asm volatile("" : "+r"(left));
	if (left > CHUNK)
		left = CHUNK;
	bpf_probe_read_kernel(entry, left * sizeof(entry[0]), (void *)at);
	for (int i = 0; i < CHUNK; i++) {
		__u64 is = flight->pass ? entry[i] >> VALID_BIT : entry[i] >> MIGRATE_BIT;

		found += is & 1;
		huge += is & entry[i] >> COMPOUND_BIT & 1;
	}
	flight->found += found + huge * (config.huge_pages - 1);
}

static __always_inline void span(struct flight *flight, enum ob_span which, __u64 from, __u64 to)
{
	flight->ns[which] = to - from;
}

static __always_inline struct ob_sums *sums_of(const struct ob_key *key)
{
	struct ob_sums *found = bpf_map_lookup_elem(&sums, key), *zero;
	struct ob_key other = *key;
	__u32 first = 0;

	if (found)
		return found;
	zero = bpf_map_lookup_elem(&nothing, &first);
	if (!zero)
		return NULL;
	bpf_map_update_elem(&sums, key, zero, BPF_NOEXIST);
	found = bpf_map_lookup_elem(&sums, key);
	if (!found) {
		other.pages = OB_SIZE_OTHER;
		bpf_map_update_elem(&sums, &other, zero, BPF_NOEXIST);
		found = bpf_map_lookup_elem(&sums, &other);
	}
	if (!found)
		__sync_fetch_and_add(&lost.calls, 1);
	else
		bpf_get_current_comm(found->comm, sizeof(found->comm));
	return found;
}

static __always_inline __u32 bucket_of(__u64 value)
{
	__u32 bucket = 0, small = value >> 32 ? ~0U : (__u32)value;

	if (small >> 16) {
		small >>= 16;
		bucket += 16;
	}
	if (small >> 8) {
		small >>= 8;
		bucket += 8;
	}
	if (small >> 4) {
		small >>= 4;
		bucket += 4;
	}
	if (small >> 2) {
		small >>= 2;
		bucket += 2;
	}
	bucket += small >> 1 & 1;
	/* For the verifier, which does not add up the above. */
	asm volatile("" : "+r"(bucket));
	return bucket & (OB_BUCKETS - 1);
}

/* The flight of @args in this thread, which is in it from now on. */
static __always_inline struct flight *enter(__u64 args)
{
	struct flight_key key = { .args = args, .tid = tid() };
	struct flight *flight = bpf_map_lookup_elem(&flights, &key);
	__u32 thread = key.tid;

	if (flight)
		bpf_map_update_elem(&current, &thread, &args, BPF_ANY);
	return flight;
}

/* The flight that this thread is in. */
static __always_inline struct flight *inside(struct flight_key *key)
{
	__u32 thread = tid();
	__u64 *args = bpf_map_lookup_elem(&current, &thread);

	if (!args)
		return NULL;
	*key = (struct flight_key){ .args = *args, .tid = thread };
	return bpf_map_lookup_elem(&flights, key);
}

static __always_inline void begin(void *ctx, __u64 args, struct flight *flight)
{
	struct flight_key key = { .args = args, .tid = tid() };
	struct flight *before = bpf_map_lookup_elem(&flights, &key);
	__u32 thread = key.tid;
	__u64 caller = 0;

	if (before && (before->stage == IN_SETUP || before->stage == IN_FINALIZE))
		__sync_fetch_and_add(&lost.returns, 1);
#ifdef __TARGET_ARCH_arm64
	caller = PT_REGS_RET((struct pt_regs *)ctx); /* a register; libbpf's macro reads a stack */
#else
	BPF_KPROBE_READ_RET_IP(caller, (struct pt_regs *)ctx);
#endif
	flight->key.caller = caller;
	flight->key.tgid = tgid();
	bpf_map_update_elem(&current, &thread, &args, BPF_ANY);
	flight->began = bpf_ktime_get_ns();
	bpf_map_update_elem(&flights, &key, flight, BPF_ANY);
}

/* Where the place of the return address was taken already, it is known only now. */
static __always_inline void set_caller(struct flight *flight, struct pt_regs *ctx)
{
	if (config.trampoline && flight->key.caller == config.trampoline)
		flight->key.caller = PT_REGS_IP(ctx);
}

static __always_inline void began(struct flight *flight, bool refused, bool readable)
{
	struct ob_sums *sum = sums_of(&flight->key);

	if (!sum)
		return;
	__sync_fetch_and_add(&sum->calls, 1);
	__sync_fetch_and_add(&sum->requested, flight->key.pages);
	if (refused)
		__sync_fetch_and_add(&sum->refused, 1);
	else if (!readable)
		__sync_fetch_and_add(&sum->unreadable, 1);
	else if (!flight->collected)
		__sync_fetch_and_add(&sum->empty, 1);
	__sync_fetch_and_add(&sum->collected, flight->collected);
}

static __always_inline void counted(struct flight *flight)
{
	if (flight->stage == IN_SETUP) {
		flight->collected = flight->found;
		flight->stage = AFTER_SETUP;
		began(flight, false, true);
		flight->left = bpf_ktime_get_ns();
		return;
	}
	if (flight->pass)
		flight->not_offered =
			flight->found < flight->collected ? flight->collected - flight->found : 0;
	else
		flight->migrated = flight->found;
	flight->entered = bpf_ktime_get_ns();
}

#endif
