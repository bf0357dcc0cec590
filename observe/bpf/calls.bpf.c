// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs in the kernel: follows every call of migrate_vma_*() and migrate_device_*(), and adds up. */
#include "observe/bpf/flight.h"

/*
 * Reads the entries of a call, a part in each run: a loop over all of them is more than the verifier
 * of 5.10 looks through in good time.
 */
int count(struct pt_regs *ctx);

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__array(values, int(struct pt_regs *));
} counting SEC(".maps") = { .values = { (void *)&count } };

SEC("kprobe")
int count(struct pt_regs *ctx)
{
	struct flight_key key;
	struct flight *flight = inside(&key);
	__u32 pages;
	__u64 at;

	if (!flight)
		return 0;
	at = flight->pass ? flight->dst : flight->src;
	pages = flight->key.pages < OB_READ_MOST ? flight->key.pages : OB_READ_MOST;
	for (int chunk = 0; chunk < CHUNKS; chunk++) {
		__u32 done = flight->read;

		if (done >= pages)
			break;
		count_chunk(flight, at + done * sizeof(__u64), pages - done);
		flight->read = done + CHUNK;
	}
	if (flight->read < pages)
		bpf_tail_call(ctx, &counting, 0);
	counted(flight);
	/* Why not all of them moved. */
	if (flight->stage == IN_FINALIZE && !flight->pass && !flight->unread &&
	    flight->migrated < flight->collected) {
		flight->read = flight->found = 0;
		flight->pass = 1;
		bpf_tail_call(ctx, &counting, 0);
	}
	return 0;
}

SEC("kprobe/migrate_vma_setup")
int setup_entry(struct pt_regs *ctx)
{
	__u64 args = PT_REGS_PARM1(ctx), *fault;
	struct flight flight = { .stage = IN_SETUP };
	__u32 thread = tid();

	if (!asked_for())
		return 0;
	flight.key.pages =
		(field(args, config.end) - field(args, config.start)) >> config.page_shift;
	fault = bpf_map_lookup_elem(&faults, &thread);
	if (field(args, config.flags) & SELECT_SYSTEM) {
		flight.key.kind = OB_TO_DEVICE;
	} else if (fault) {
		flight.key.kind = OB_FAULT;
		flight.fault = *fault;
	} else {
		flight.key.kind = OB_TO_SYSTEM;
	}
	begin(ctx, args, &flight);
	return 0;
}

SEC("kretprobe/migrate_vma_setup")
int setup_return(struct pt_regs *ctx)
{
	__u64 now = bpf_ktime_get_ns(), args;
	struct flight_key key;
	struct flight *flight = inside(&key);
	bool refused = (int)PT_REGS_RC(ctx), readable;

	if (!flight || flight->stage != IN_SETUP || flight->key.kind == OB_DEVICE)
		return 0;
	args = key.args;
	span(flight, OB_SETUP, flight->began, now);
	set_caller(flight, ctx);
	flight->src = field(args, config.src);
	flight->dst = field(args, config.dst);
	/* The proof that these are the fields. */
	readable = field(args, config.npages) == flight->key.pages;
	if (!refused && readable) {
		flight->collected = field(args, config.cpages);
		/* It counts entries, and one can be a huge page. */
		if (flight->collected && field(args, config.flags) & SELECT_COMPOUND)
			bpf_tail_call(ctx, &counting, 0);
	}
	flight->stage = AFTER_SETUP;
	began(flight, refused, readable);
	if (refused)
		bpf_map_delete_elem(&flights, &key);
	else
		flight->left = bpf_ktime_get_ns();
	return 0;
}

static __always_inline int device_begins(struct pt_regs *ctx, __u64 src, __u32 pages)
{
	struct flight flight = { .stage = IN_SETUP, .src = src };

	if (!asked_for())
		return 0;
	flight.key.kind = OB_DEVICE;
	flight.key.pages = pages;
	begin(ctx, src, &flight);
	return 0;
}

SEC("kprobe/migrate_device_range")
int range_entry(struct pt_regs *ctx)
{
	return device_begins(ctx, PT_REGS_PARM1(ctx), PT_REGS_PARM3(ctx));
}

SEC("kprobe/migrate_device_pfns")
int pfns_entry(struct pt_regs *ctx)
{
	return device_begins(ctx, PT_REGS_PARM1(ctx), PT_REGS_PARM2(ctx));
}

static __always_inline int device_began(struct pt_regs *ctx)
{
	__u64 now = bpf_ktime_get_ns();
	struct flight_key key;
	struct flight *flight = inside(&key);

	if (!flight || flight->stage != IN_SETUP || flight->key.kind != OB_DEVICE)
		return 0;
	span(flight, OB_SETUP, flight->began, now);
	set_caller(flight, ctx);
	/* Always 0, so far. */
	if (!PT_REGS_RC(ctx))
		bpf_tail_call(ctx, &counting, 0);
	flight->stage = AFTER_SETUP;
	began(flight, true, true);
	return 0;
}

SEC("kretprobe/migrate_device_range")
int range_return(struct pt_regs *ctx)
{
	return device_began(ctx);
}

SEC("kretprobe/migrate_device_pfns")
int pfns_return(struct pt_regs *ctx)
{
	return device_began(ctx);
}

static __always_inline int pages_begins(__u64 args, __u64 dst, bool device)
{
	__u64 now = bpf_ktime_get_ns();
	struct flight *flight = enter(args);

	if (!flight || flight->stage != AFTER_SETUP || (flight->key.kind == OB_DEVICE) != device)
		return 0;
	span(flight, OB_DRIVER, flight->left, now);
	if (device)
		flight->dst = dst;
	flight->stage = IN_PAGES;
	flight->entered = bpf_ktime_get_ns();
	return 0;
}

static __always_inline int pages_ended(bool device)
{
	__u64 now = bpf_ktime_get_ns();
	struct flight_key key;
	struct flight *flight = inside(&key);

	if (!flight || flight->stage != IN_PAGES || (flight->key.kind == OB_DEVICE) != device)
		return 0;
	span(flight, OB_PAGES, flight->entered, now);
	flight->stage = AFTER_PAGES;
	flight->left = bpf_ktime_get_ns();
	return 0;
}

SEC("kprobe/migrate_vma_pages")
int pages_entry(struct pt_regs *ctx)
{
	return pages_begins(PT_REGS_PARM1(ctx), 0, false);
}

SEC("kretprobe/migrate_vma_pages")
int pages_return(struct pt_regs *ctx)
{
	return pages_ended(false);
}

SEC("kprobe/migrate_device_pages")
int device_pages_entry(struct pt_regs *ctx)
{
	return pages_begins(PT_REGS_PARM1(ctx), PT_REGS_PARM2(ctx), true);
}

SEC("kretprobe/migrate_device_pages")
int device_pages_return(struct pt_regs *ctx)
{
	return pages_ended(true);
}

static __always_inline int finalize_begins(struct pt_regs *ctx, __u64 args, bool device)
{
	__u64 now = bpf_ktime_get_ns();
	struct flight *flight = enter(args);
	bool offered;

	/* A driver may come here without a word to migrate_vma_pages(): nothing was moved then. */
	if (!flight || flight->stage == IN_SETUP || flight->stage == IN_FINALIZE ||
	    (flight->key.kind == OB_DEVICE) != device)
		return 0;
	/* More threads at once than the kernel follows returns of: its pages are there all the same. */
	if (flight->stage == IN_PAGES)
		__sync_fetch_and_add(&lost.returns, 1);
	offered = flight->stage == AFTER_PAGES || flight->stage == IN_PAGES;
	if (flight->stage == AFTER_PAGES)
		span(flight, OB_BETWEEN, flight->left, now);
	if (flight->key.pages > OB_READ_MOST)
		flight->unread = flight->key.pages - OB_READ_MOST;
	flight->read = flight->found = 0;
	if (flight->collected && offered) {
		flight->stage = IN_FINALIZE;
		bpf_tail_call(ctx, &counting, 0);
	}
	flight->stage = IN_FINALIZE;
	flight->entered = bpf_ktime_get_ns();
	return 0;
}

static __always_inline void finish(struct flight *flight)
{
	struct ob_sums *sum = sums_of(&flight->key);
	struct ob_call *call;

	if (!sum)
		return;
	__sync_fetch_and_add(&sum->finished, 1);
	__sync_fetch_and_add(&sum->migrated, flight->migrated);
	__sync_fetch_and_add(&sum->not_offered, flight->not_offered);
	__sync_fetch_and_add(&sum->unread, flight->unread);
	__sync_fetch_and_add(&sum->flushes, flight->flushes);
	__sync_fetch_and_add(&sum->full_flushes, flight->full_flushes);
	__sync_fetch_and_add(&sum->flush_pages, flight->flush_pages);
	__sync_fetch_and_add(&sum->ipis, flight->ipis);
	for (int i = 0; i < OB_SPANS; i++) {
		__u32 bucket = bucket_of(flight->ns[i]);

		if (!flight->ns[i])
			continue;
		__sync_fetch_and_add(&sum->ns[i], flight->ns[i]);
		__sync_fetch_and_add(&sum->histogram[i][bucket], 1);
	}
	call = bpf_ringbuf_reserve(&ring, sizeof(*call), 0);
	if (!call) {
		__sync_fetch_and_add(&lost.samples, 1);
		return;
	}
	call->key = flight->key;
	call->collected = flight->collected;
	call->migrated = flight->migrated;
	call->unread = flight->unread;
	call->zero = 0;
	for (int i = 0; i < OB_SPANS; i++)
		call->ns[i] = flight->ns[i];
	/* The command looks of its own accord, a few times a second. */
	bpf_ringbuf_submit(call, BPF_RB_NO_WAKEUP);
}

static __always_inline int finalize_ended(bool device)
{
	__u64 now = bpf_ktime_get_ns();
	struct flight_key key;
	struct flight *flight = inside(&key);
	__u32 thread = tid();

	if (!flight || flight->stage != IN_FINALIZE || (flight->key.kind == OB_DEVICE) != device)
		return 0;
	span(flight, OB_FINALIZE, flight->entered, now);
	span(flight, OB_TOTAL, flight->began, now);
	if (flight->fault)
		span(flight, OB_FROM_FAULT, flight->fault, now);
	finish(flight);
	bpf_map_delete_elem(&flights, &key);
	bpf_map_delete_elem(&current, &thread);
	return 0;
}

SEC("kprobe/migrate_vma_finalize")
int finalize_entry(struct pt_regs *ctx)
{
	return finalize_begins(ctx, PT_REGS_PARM1(ctx), false);
}

SEC("kretprobe/migrate_vma_finalize")
int finalize_return(struct pt_regs *ctx)
{
	return finalize_ended(false);
}

SEC("kprobe/migrate_device_finalize")
int device_finalize_entry(struct pt_regs *ctx)
{
	return finalize_begins(ctx, PT_REGS_PARM1(ctx), true);
}

SEC("kretprobe/migrate_device_finalize")
int device_finalize_return(struct pt_regs *ctx)
{
	return finalize_ended(true);
}

/* Entries that are no page, device memory's among them. */
static __always_inline int fault_begins(void)
{
	__u64 now = bpf_ktime_get_ns();
	__u32 thread = tid();

	if (asked_for())
		bpf_map_update_elem(&faults, &thread, &now, BPF_ANY);
	return 0;
}

static __always_inline int fault_ended(void)
{
	__u32 thread = tid();

	bpf_map_delete_elem(&faults, &thread);
	return 0;
}

SEC("kprobe/do_swap_page")
int fault_entry(struct pt_regs *ctx)
{
	return fault_begins();
}

SEC("kretprobe/do_swap_page")
int fault_return(struct pt_regs *ctx)
{
	return fault_ended();
}

SEC("kprobe/do_huge_pmd_device_private")
int huge_fault_entry(struct pt_regs *ctx)
{
	return fault_begins();
}

SEC("kretprobe/do_huge_pmd_device_private")
int huge_fault_return(struct pt_regs *ctx)
{
	return fault_ended();
}

/* The reasons that the module counts, too (kmod/count.c). */
SEC("raw_tracepoint/tlb_flush")
int tlb_flush(struct bpf_raw_tracepoint_args *ctx)
{
	__u64 reason = ctx->args[0], pages = ctx->args[1];
	struct flight_key key;
	struct flight *flight = inside(&key);

	if (!flight)
		return 0;
	switch ((__u32)reason) {
	case 2: /* TLB_LOCAL_SHOOTDOWN */
	case 3: /* TLB_LOCAL_MM_SHOOTDOWN */
		flight->flushes++;
		if (pages == ~0ULL)
			flight->full_flushes++;
		else
			flight->flush_pages += pages;
		break;
	case 4: /* TLB_REMOTE_SEND_IPI */
		flight->ipis++;
		break;
	}
	return 0;
}
