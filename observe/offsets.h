/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the fields of the kernel's struct migrate_vma are. */
#ifndef MIGBENCH_OBSERVE_OFFSETS_H
#define MIGBENCH_OBSERVE_OFFSETS_H

#include <stdbool.h>

#include "observe/bpf/shared.h"

/*
 * The offsets, into @config: from the kernel's BTF, or, where it has none, as they are from 5.10 to
 * 7.2; each call proves them. Returns whether the kernel told.
 */
bool ob_offsets(struct ob_config *config);

/* Fill in the sizes of pages: of base pages as a shift, of huge ones in base pages. */
void ob_page_sizes(struct ob_config *config);

#endif
