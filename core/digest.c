// SPDX-License-Identifier: GPL-2.0-or-later
/* SHA-256 by nettle. */
#include <errno.h>
#include <stdio.h>
#include <nettle/base16.h>
#include <nettle/sha2.h>

#include "core/digest.h"

static void finish(struct sha256_ctx *ctx, char hex[MB_DIGEST_HEX])
{
	uint8_t digest[SHA256_DIGEST_SIZE];

	sha256_digest(ctx, sizeof(digest), digest);
	base16_encode_update(hex, sizeof(digest), digest);
	hex[MB_DIGEST_HEX - 1] = '\0';
}

void mb_digest(const void *data, size_t length, char hex[MB_DIGEST_HEX])
{
	struct sha256_ctx ctx;

	sha256_init(&ctx);
	sha256_update(&ctx, length, data);
	finish(&ctx, hex);
}

int mb_digest_file(const char *path, char hex[MB_DIGEST_HEX])
{
	FILE *in = fopen(path, "re");
	struct sha256_ctx ctx;
	uint8_t buffer[65536];
	size_t got;

	if (!in)
		return -1;
	sha256_init(&ctx);
	while ((got = fread(buffer, 1, sizeof(buffer), in)) > 0)
		sha256_update(&ctx, got, buffer);
	if (ferror(in)) {
		fclose(in);
		errno = EIO;
		return -1;
	}
	fclose(in);
	finish(&ctx, hex);
	return 0;
}
