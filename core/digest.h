/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SHA-256 as lower-case hex, for cache keys and for env's *_sha256 fields. */
#ifndef MIGBENCH_CORE_DIGEST_H
#define MIGBENCH_CORE_DIGEST_H

#include <stddef.h>

#define MB_DIGEST_HEX 65

/* Digest of @length bytes. */
void mb_digest(const void *data, size_t length, char hex[MB_DIGEST_HEX]);

/* Digest of a file's content. Returns 0, or -1 with errno set. */
int mb_digest_file(const char *path, char hex[MB_DIGEST_HEX]);

#endif
