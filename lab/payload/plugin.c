// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The plugin: every instruction that a guest of one CPU runs while a sample is taken, to a file
 * (lab/payload/record.h). It counts and never touches the guest.
 *
 * Each instruction adds one to a counter when it runs, so that a block which an exception cuts
 * short counts for what it did. Blocks are written with what the counter gained since the last.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <migbench/mark.h>

#include "core/mark.h"
#include "lab/payload/accesses.h"
#include "lab/payload/encodings.h"
#include "lab/payload/plugin_api.h"
#include "lab/payload/record.h"

#define EXPORT __attribute__((visibility("default")))
#define BUFFERED 65536

extern const int qemu_plugin_version;
EXPORT const int qemu_plugin_version = PLUGIN_API;

/* A translated block: where it begins, and how far from there each of its instructions. */
struct block {
	uint64_t at;
	uint16_t count;
	uint16_t offset[]; /* one more: the end */
};

/* Something to be told of: the instruction that tells it, and its block. */
struct site {
	uint64_t at, what;
	const struct block *block;
};

/* The counter, its value when the last record was written, and where what runs now began. */
#if PLUGIN_API < 3
static uint64_t counter[1];
#else
static qemu_plugin_u64 scored;
static uint64_t *counter;
#endif
static uint64_t last, here;
static const struct block *block; /* that runs */
static size_t done; /* instructions of it that are written already */
bool plugin_sampling, plugin_sharing, plugin_arm64;
static uint64_t kernel_text; /* of a guest of arm64: where its kernel begins */

static struct lab_trace_record buffer[BUFFERED];
static size_t buffered;
static int out = -1;

static void flush(void)
{
	const char *data = (const char *)buffer;
	size_t left = buffered * sizeof(buffer[0]);

	while (left) {
		ssize_t wrote = write(out, data, left);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote < 0) {
			perror("migbench's profile plugin");
			_exit(EXIT_FAILURE);
		}
		data += wrote;
		left -= (size_t)wrote;
	}
	buffered = 0;
}

void plugin_record(uint64_t at, uint64_t count)
{
	buffer[buffered++] = (struct lab_trace_record){ .at = at, .count = count };
	if (buffered == BUFFERED)
		flush();
}

/* Where the last instruction that ran begins, if the block knows, and whether it was its last. */
static uint64_t about_last(void)
{
	uint64_t about;

	if (!done || done > block->count)
		return 0;
	about = (block->at + block->offset[done - 1] - here) << LAB_TRACE_LAST_SHIFT |
		(uint64_t)(block->offset[done] - block->offset[done - 1]) << LAB_TRACE_LENGTH_SHIFT;
	return done == block->count ? about | LAB_TRACE_WHOLE : about;
}

/* Write what ran since the last record; from @at on it is counted anew. */
static void settle(uint64_t at)
{
	uint64_t ran = *counter - last;

	/* The counter is one CPU's. */
	if (plugin_sharing)
		return;
	done += ran;
	if (ran)
		plugin_record(here, ran | about_last());
	last = *counter;
	here = at;
}

static void on_block(unsigned int vcpu, void *user)
{
	const struct block *next = user;

	(void)vcpu;
	if (!plugin_sampling)
		return;
	settle(next->at);
	block = next;
	done = 0;
}

static void begin(const struct site *site)
{
#if PLUGIN_API >= 3
	counter = qemu_plugin_scoreboard_find(scored.score, 0);
#endif
	last = *counter;
	here = site->at;
	block = site->block;
	done = 0;
	while (block->at + block->offset[done] != here)
		done++;
	plugin_sampling = true;
}

static void on_site(unsigned int vcpu, void *user)
{
	const struct site *site = user;

	(void)vcpu;
	if (site->what == LAB_TRACE_BEGIN)
		begin(site);
	else if (plugin_sampling)
		settle(site->at);
	else
		return;
	plugin_record(site->at, site->what);
	if (site->what != LAB_TRACE_END)
		accesses_tables(site->at, site->what == LAB_TRACE_BEGIN);
	plugin_sampling = site->what != LAB_TRACE_END;
}

/*
 * The module's and the program's own: the kernel proper and the vDSO read the clock for others. On
 * arm64 modules lie in the 128 MiB before the kernel, and where that begins goes by the version and the
 * size of addresses (Documentation/arch/arm64/memory.rst).
 */
static bool may_take_timestamps(uint64_t at)
{
	if (plugin_arm64)
		return at < 0xffff00000000 || (at < kernel_text && kernel_text - at <= 128 << 20);
	return at >= 0xffffffffa0000000 || at < 0x7f0000000000;
}

static uint64_t told_by_mark(uint32_t mark)
{
	switch (mark) {
	case MB_MARK_BEGIN:
		return LAB_TRACE_BEGIN;
	case MB_MARK_END:
		return LAB_TRACE_END;
	case MB_MARK_EXEC:
		return LAB_TRACE_EXEC;
	case MB_MARK_EXIT:
		return LAB_TRACE_EXIT;
	case MIGBENCH_MARK_BEGIN:
		return LAB_TRACE_OPEN;
	case MIGBENCH_MARK_END:
		return LAB_TRACE_CLOSE;
	default:
		return 0;
	}
}

/* Bits 0 to 2 of CRm: 6 and 7 are of this CPU alone. */
static uint64_t told_by_tlbi(uint32_t word)
{
	uint32_t crm = word >> 8 & 7;

	if (!encoding_arm64(word).flush)
		return 0;
	return crm == 6 || crm == 7 ? LAB_TRACE_TLBI_LOCAL : LAB_TRACE_TLBI;
}

/* The same for an instruction of arm64: one word. */
static uint64_t what_word_tells(uint64_t at, uint32_t word)
{
	const uint32_t cntvct = 0xd53be040, cntvctss = 0xd53be0c0, movz_xzr = 0xd280001f;
	uint32_t immediate = word >> 5 & 0xffff;

	if ((word & ~0x1fU) == cntvct || (word & ~0x1fU) == cntvctss)
		return may_take_timestamps(at) ? LAB_TRACE_BORDER : 0;
	/* As core/mark.h and include/migbench/mark.h have them: the last byte is that of the mark. */
	if ((word & 0xffe0001f) != movz_xzr || immediate >> 8 != 0x6d)
		return told_by_tlbi(word);
	return told_by_mark((MB_MARK_BEGIN & ~0xffU) | (immediate & 0xff));
}

/* One of LAB_TRACE_…, or 0: nothing. */
static uint64_t what_it_tells(const struct qemu_plugin_insn *insn)
{
	static const unsigned char rdtsc[] = { 0x0f, 0x31 }, rdtscp[] = { 0x0f, 0x01, 0xf9 };
	static const unsigned char nopl[] = { 0x0f, 0x1f, 0x80 };
	size_t length = qemu_plugin_insn_size(insn);
	unsigned char bytes[7];
	uint32_t mark;

	if (length > sizeof(bytes))
		return 0;
#if PLUGIN_API < 3
	memcpy(bytes, qemu_plugin_insn_data(insn), length);
#else
	qemu_plugin_insn_data(insn, bytes, length);
#endif
	if (plugin_arm64) {
		memcpy(&mark, bytes, sizeof(mark));
		return what_word_tells(qemu_plugin_insn_vaddr(insn), mark);
	}
	if ((length == sizeof(rdtsc) && !memcmp(bytes, rdtsc, length)) ||
	    (length == sizeof(rdtscp) && !memcmp(bytes, rdtscp, length)))
		return may_take_timestamps(qemu_plugin_insn_vaddr(insn)) ? LAB_TRACE_BORDER : 0;
	if (length != sizeof(bytes) || memcmp(bytes, nopl, sizeof(nopl)))
		return 0;
	memcpy(&mark, bytes + sizeof(nopl), sizeof(mark));
	return told_by_mark(mark);
}

void *plugin_get(size_t size)
{
	void *memory = malloc(size);

	if (memory)
		return memory;
	perror("migbench's profile plugin");
	_exit(EXIT_FAILURE);
}

/* QEMU does not tell when it forgets a translation: what is made for one stays. */
static struct block *make_block(const struct qemu_plugin_tb *tb)
{
	size_t count = qemu_plugin_tb_n_insns(tb);
	struct block *made = plugin_get(sizeof(*made) + (count + 1) * sizeof(made->offset[0]));
	const struct qemu_plugin_insn *insn = NULL;

	made->at = qemu_plugin_tb_vaddr(tb);
	made->count = (uint16_t)count;
	for (size_t i = 0; i < count; i++) {
		insn = qemu_plugin_tb_get_insn(tb, i);
		made->offset[i] = (uint16_t)(qemu_plugin_insn_vaddr(insn) - made->at);
	}
	made->offset[count] =
		insn ? (uint16_t)(made->offset[count - 1] + qemu_plugin_insn_size(insn)) : 0;
	return made;
}

static void count(struct qemu_plugin_insn *insn)
{
#if PLUGIN_API < 3
	qemu_plugin_register_vcpu_insn_exec_inline(insn, QEMU_PLUGIN_INLINE_ADD_U64, counter, 1);
#else
	qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(insn, QEMU_PLUGIN_INLINE_ADD_U64,
							    scored, 1);
#endif
}

static void translated(struct qemu_plugin_tb *tb)
{
	struct block *made = make_block(tb);

	if (plugin_sharing)
		qemu_plugin_register_vcpu_tb_exec_cb(tb, accesses_block, QEMU_PLUGIN_CB_R_REGS,
						     NULL);
	else
		qemu_plugin_register_vcpu_tb_exec_cb(tb, on_block, QEMU_PLUGIN_CB_NO_REGS, made);
	for (size_t i = 0; i < made->count; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		uint64_t what = what_it_tells(insn);

		if (what) {
			struct site *site = plugin_get(sizeof(*site));

			*site = (struct site){ qemu_plugin_insn_vaddr(insn), what, made };
			qemu_plugin_register_vcpu_insn_exec_cb(insn, on_site, QEMU_PLUGIN_CB_R_REGS,
							       site);
		}
		accesses_watch(insn);
		/* QEMU 10.0 dies of it when a second CPU starts, and of several nothing is counted. */
		if (!plugin_sharing)
			count(insn);
	}
}

#if PLUGIN_API < 7
static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	(void)id;
	translated(tb);
}

static void on_exit_of_qemu(qemu_plugin_id_t id, void *user)
{
	(void)id;
	(void)user;
	flush();
}
#else
static void on_translation(struct qemu_plugin_tb *tb, void *user)
{
	(void)user;
	translated(tb);
}

static void on_exit_of_qemu(void *user)
{
	(void)user;
	flush();
}
#endif

EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info_t *info, int argc,
			       char **argv)
{
	/* "out=FILE", and "text=ADDRESS", then "memory=on" or "sharing=on", if at all. */
	plugin_arm64 = !strcmp(info->target_name, "aarch64");
	for (int i = 0; i < argc; i++) {
		if (!strncmp(argv[i], "out=", 4))
			out = open(argv[i] + 4, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
		if (!strncmp(argv[i], "text=", 5))
			kernel_text = strtoull(argv[i] + 5, NULL, 16);
#if PLUGIN_API >= 4
		if (!strcmp(argv[i], "sharing=on"))
			plugin_sharing = true;
		else if (strcmp(argv[i], "memory=on"))
			continue;
		accesses_wanted(id);
#endif
	}
	if (out < 0) {
		qemu_plugin_outs("migbench's profile plugin: out=FILE: cannot write\n");
		return -1;
	}
#if PLUGIN_API >= 3
	scored.score = qemu_plugin_scoreboard_new(sizeof(uint64_t));
#endif
#if PLUGIN_API < 7
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
#else
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation, NULL);
#endif
	qemu_plugin_register_atexit_cb(id, on_exit_of_qemu, NULL);
	return 0;
}
