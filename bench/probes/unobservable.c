// SPDX-License-Identifier: GPL-2.0-or-later
/* Commits of the series that nothing can be seen of from outside; each says why. */
#include "bench/probe_kit.h"

#define UNOBSERVABLE(symbol, _id, _commit, _date, _release, _title, _why)                          \
	static enum mb_answer symbol##_ask(char why[MB_WHY])                                       \
	{                                                                                          \
		return mb_kit_say(MB_UNOBSERVABLE, why, _why);                                     \
	}                                                                                          \
	static const struct mb_probe symbol = { .id = _id,                                         \
						.commit = _commit,                                 \
						.date = _date,                                     \
						.release = _release,                               \
						.title = _title,                                   \
						.ask = symbol##_ask };                             \
	MB_PROBE(symbol)

UNOBSERVABLE(refactor, "device-refactor", "241f68859656", "2022-10-12", "6.1",
	     "migrate_vma and the migration of coherent pages share their code",
	     "a rearrangement; its one slip, in cpages, is what holes-counted asks for")
UNOBSERVABLE(hotfixes, "merge-hotfixes", "3800a713b607", "2022-09-26", "6.0",
	     "merge of mm-hotfixes-stable-2022-09-26",
	     "a merge: dirty-copied, flush-cache and flush-locked are its content")
UNOBSERVABLE(comment, "comment", "0742e4902612", "2022-09-11", "6.1",
	     "a comment on locking is brought up to date", "a comment")
UNOBSERVABLE(mm_stable, "merge-mm-stable", "6614a3c3164a", "2022-08-05", "6.0",
	     "merge of mm-stable-2022-08-03",
	     "a merge: the coherent-* probes and longterm-pin ask for its content")
UNOBSERVABLE(migrate_folio, "migrate-folio", "541846502f4f", "2022-08-02", "6.0",
	     "migrate_page() becomes migrate_folio()", "a conversion to folios")
UNOBSERVABLE(compound, "rmap-compound", "40f2bbf71161", "2022-05-09", "5.19",
	     "page_add_new_anon_rmap() loses its parameter compound", "a change of a signature")
UNOBSERVABLE(remove_ptes, "remove-ptes-folio", "4eecb8b9163d", "2022-03-21", "5.18",
	     "remove_migration_ptes() takes folios", "a conversion to folios")
UNOBSERVABLE(try_to_migrate, "try-to-migrate-folio", "4b8554c527f3", "2022-03-21", "5.18",
	     "try_to_migrate() takes folios", "a conversion to folios")

#if defined(__x86_64__) || defined(__aarch64__)
#define FLUSH_CACHE "flush_cache_page() does nothing on this architecture"
#else
#define FLUSH_CACHE "whether a cache was flushed can't be seen from outside"
#endif
UNOBSERVABLE(flush_cache, "flush-cache", "a3589e1d5fe3", "2022-09-11", "6.0",
	     "the cache is flushed before a PTE is cleared", FLUSH_CACHE)
