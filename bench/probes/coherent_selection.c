// SPDX-License-Identifier: GPL-2.0-or-later
/* Every kind of page under every combination of select flags: exactly the right ones. */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "bench/probe_kit.h"

enum kind { HOLE, ZERO, SYSTEM, PRIVATE, OWN, FOREIGN, KINDS };

static const char *const names[KINDS] = { "hole",    "zero page",    "system page",
					  "private", "own coherent", "foreign coherent" };

#define MOVES (MIGBENCH_SOURCE_MIGRATE | MIGBENCH_SOURCE_VALID | MIGBENCH_SOURCE_WRITE)

struct trial {
	int private, own, foreign; /* device memories; private may be -1 */
	struct mb_memory memory; /* one page of each kind */
	unsigned int combinations, wrong, wrong_without;
	char first[MB_WHY]; /* that is wrong */
};

/* What src must hold for a page of @kind, selected by the owner @by. */
static uint8_t expected(enum kind kind, unsigned int select, bool by_private)
{
	switch (kind) {
	case HOLE:
		return MIGBENCH_SOURCE_MIGRATE;
	case ZERO:
		return select & MIGBENCH_SELECT_SYSTEM ? MIGBENCH_SOURCE_MIGRATE : 0;
	case SYSTEM:
		return select & MIGBENCH_SELECT_SYSTEM ? MOVES : 0;
	case PRIVATE:
		return by_private && select & MIGBENCH_SELECT_PRIVATE ? MOVES : 0;
	case OWN:
		return !by_private && select & MIGBENCH_SELECT_COHERENT ? MOVES : 0;
	default:
		return 0;
	}
}

/* What it held when coherent pages were none of their own: like any page that is mapped. */
static uint8_t expected_without(enum kind kind, unsigned int select, bool by_private)
{
	return expected(kind == OWN || kind == FOREIGN ? SYSTEM : kind, select, by_private);
}

static bool place(int fd, const struct trial *trial, enum kind kind, char why[MB_WHY])
{
	struct mb_memory page = trial->memory;
	struct migbench_record record;

	page.at += kind * page.page_size;
	page.pages = 1;
	if (fd < 0)
		return true;
	if (!mb_kit_move(fd, MIGBENCH_TO_DEVICE, &page, &record, why))
		return false;
	if (record.migrated == 1)
		return true;
	mb_kit_say(MB_SKIPPED, why, "the page to be %s did not move", names[kind]);
	return false;
}

static bool prepare(struct trial *trial, char why[MB_WHY])
{
	unsigned char *at;

	if (!mb_kit_map(&trial->memory, KINDS, why))
		return false;
	at = trial->memory.at;
	if (madvise(at, ZERO * trial->memory.page_size, MADV_DONTNEED) ||
	    madvise(at + ZERO * trial->memory.page_size, trial->memory.page_size, MADV_DONTNEED)) {
		mb_kit_say(MB_SKIPPED, why, "pages can't be given back: %m");
		return false;
	}
	(void)*(volatile unsigned char *)(at + ZERO * trial->memory.page_size);
	return place(trial->private, trial, PRIVATE, why) && place(trial->own, trial, OWN, why) &&
	       place(trial->foreign, trial, FOREIGN, why);
}

static bool select_all(struct trial *trial, int fd, unsigned int select, char why[MB_WHY])
{
	struct migbench_collect selected;
	uint8_t bits[KINDS];

	if (!mb_kit_collect(fd, &trial->memory, select, 0, &selected, bits, why))
		return false;
	for (enum kind kind = HOLE; kind < KINDS; kind++) {
		uint8_t right = expected(kind, select, fd == trial->private);

		/* Without private memory its page is an ordinary one. */
		if (kind == PRIVATE && trial->private < 0)
			continue;
		trial->combinations++;
		trial->wrong_without +=
			bits[kind] != expected_without(kind, select, fd == trial->private);
		if (bits[kind] != right && !trial->wrong++)
			snprintf(trial->first, sizeof(trial->first),
				 "%s under select %#x has src flags %#x, not %#x", names[kind],
				 select, bits[kind], right);
	}
	return true;
}

static enum mb_answer ask(char why[MB_WHY])
{
	struct trial trial = { 0 };
	unsigned int compound = MIGBENCH_SELECT_COMPOUND, select;
	struct migbench_collect selected;
	uint8_t bits[KINDS];
	char none[MB_WHY];
	enum mb_answer answer = mb_kit_open_coherent(&trial.own, 1, why);

	if (answer != MB_PRESENT)
		return answer;
	trial.foreign = mb_kit_open(MIGBENCH_COHERENT, 1, why);
	trial.private = mb_kit_open(MIGBENCH_PRIVATE, 1, none);
	if (trial.foreign < 0 || !prepare(&trial, why))
		return MB_SKIPPED;
	/* Where huge pages can be selected, that must not change what base pages are. */
	if (!mb_kit_collect(trial.own, &trial.memory, compound, 0, &selected, bits, none))
		compound = 0;
	for (select = 0; select <= (7 | compound); select++)
		if (!select_all(&trial, trial.own, select, why) ||
		    (trial.private >= 0 && !select_all(&trial, trial.private, select, why)))
			return MB_SKIPPED;
	if (trial.wrong && !trial.wrong_without)
		return mb_kit_say(
			MB_ABSENT, why,
			"coherent pages are selected like system pages, whoever owns them");
	if (trial.wrong)
		return mb_kit_say(MB_CONTRADICTION, why, "%u of %u wrong, first: %.150s",
				  trial.wrong, trial.combinations, trial.first);
	return mb_kit_say(MB_PRESENT, why,
			  "all %u combinations of page and flags are as they should",
			  trial.combinations);
}

static const struct mb_probe coherent_selection = {
	.id = "coherent-selection",
	.commit = "dd19e6d8ffaa",
	.date = "2022-07-17",
	.release = "6.0",
	.title = "coherent pages are selected by their flag and owner, and nothing else is",
	.verified = true,
	.ask = ask,
};

MB_PROBE(coherent_selection)
