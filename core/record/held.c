// SPDX-License-Identifier: GPL-2.0-or-later
/* Records that wait, so that an older run file stays until there is a block to replace it with. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/record/held.h"

void mb_held_begin(struct mb_held *held, FILE *out)
{
	struct stat st;

	*held = (struct mb_held){ 0 };
	/* An empty file has nothing to lose, and neither has a device. */
	if (!fstat(fileno(out), &st) && st.st_size)
		held->stream = mb_text_open(&held->text, &held->size);
}

int mb_held_end(struct mb_held *held, FILE *out)
{
	int fd = fileno(out), status = 0, error;

	mb_text_close(held->stream);
	held->stream = NULL;
	/* Where there is no room for it the older file stays; a filesystem that can't say so is believed to have it. */
	if (fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, (off_t)held->size))
		status = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
	status = status || ftruncate(fd, 0) ||
		 fwrite(held->text, 1, held->size, out) != held->size || fflush(out);
	error = errno;
	mb_held_free(held);
	errno = error;
	return status ? -1 : 0;
}

void mb_held_free(struct mb_held *held)
{
	if (held->stream)
		mb_text_close(held->stream);
	free(held->text);
	*held = (struct mb_held){ 0 };
}
