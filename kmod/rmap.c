// SPDX-License-Identifier: GPL-2.0-or-later
/* What leads from an evicted page to its mappings, kept until the kernel needs it no more. */
#include "transfer.h"

#if MB_HAVE_EVICT
#include <linux/mm.h>
#include <linux/rmap.h>
#include <linux/slab.h>

/*
 * As put_anon_vma() in mm/rmap.c, which no module can call. The memory is a slab's of anon_vmas, which
 * kfree() finds out (SLOB's does not: compat.h).
 */
static void mb_anon_vma_free(struct anon_vma *anon_vma)
{
	might_sleep();
	/* Who holds its lock may have looked at it under RCU only. */
	if (rwsem_is_locked(&anon_vma->root->rwsem)) {
		down_write(&anon_vma->root->rwsem);
		up_write(&anon_vma->root->rwsem);
	}
	kfree(anon_vma);
}

static void mb_anon_vma_put(struct anon_vma *anon_vma)
{
	struct anon_vma *root;

	if (!atomic_dec_and_test(&anon_vma->refcount))
		return;
	/* Not before: what the reference was taken of may be another by now, and have another root soon. */
	root = anon_vma->root;
	mb_anon_vma_free(anon_vma);
	if (root != anon_vma && atomic_dec_and_test(&root->refcount))
		mb_anon_vma_free(root);
}

/*
 * As folio_get_anon_vma(), but for @last, which is kept already. What is mapped has been so all the time, or
 * was in a migration entry: no frame gets another page while an eviction has the device's @taking.
 */
static struct anon_vma *mb_anon_vma_get(struct folio *folio, struct anon_vma *last)
{
	struct anon_vma *anon_vma = NULL;
	unsigned long mapping;

	rcu_read_lock();
	mapping = (unsigned long)READ_ONCE(folio->mapping);
	if ((mapping & FOLIO_MAPPING_FLAGS) == FOLIO_MAPPING_ANON && folio_mapped(folio))
		anon_vma = (struct anon_vma *)(mapping - FOLIO_MAPPING_ANON);
	if (anon_vma && anon_vma != last && !atomic_inc_not_zero(&anon_vma->refcount))
		anon_vma = NULL;
	rcu_read_unlock();
	/* If the page has been unmapped, its memory may be another anon_vma's by now. */
	if (anon_vma && anon_vma != last && !folio_mapped(folio)) {
		mb_anon_vma_put(anon_vma);
		anon_vma = NULL;
	}
	return anon_vma;
}

void mb_rmap_keep(struct anon_vma **kept, unsigned long first, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++) {
		kept[i] = NULL;
		if (mb_frame_is_used(first + i))
			kept[i] = mb_anon_vma_get(page_folio(pfn_to_page(first + i)),
						  i ? kept[i - 1] : NULL);
	}
}

void mb_rmap_release(struct anon_vma **kept, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (kept[i] && (!i || kept[i] != kept[i - 1]))
			mb_anon_vma_put(kept[i]);
}
#endif
