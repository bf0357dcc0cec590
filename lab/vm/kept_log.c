// SPDX-License-Identifier: GPL-2.0-or-later
/* --log FILE: the logs of one command's kernels, one behind the other. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/vm/kept_log.h"

int lab_kept_log_open(struct lab_kept_log *log, const char *name, bool append)
{
	*log = (struct lab_kept_log){ .name = name, .older = !append };
	if (!name)
		return MB_OK;
	log->fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC | (append ? O_APPEND : 0), 0666);
	if (log->fd >= 0)
		return MB_OK;
	mb_fail(MB_REQUEST, "--log %s: %m", name);
	log->name = NULL;
	return MB_REQUEST;
}

/* EINVAL: a device or a pipe, which has nothing to be rid of. */
static bool start_over(struct lab_kept_log *log)
{
	bool done = !log->older || !ftruncate(log->fd, 0) || errno == EINVAL;

	log->older = false;
	return done;
}

int lab_kept_log_add(struct lab_kept_log *log, const char *path)
{
	size_t length;
	char *text = log->name ? mb_read_file(path, &length) : NULL;
	int status = MB_OK;

	if (text && (!start_over(log) || mb_write_all(log->fd, text, length)))
		status = mb_fail(MB_MACHINE, "--log %s: cannot write: %m", log->name);
	free(text);
	return status;
}

int lab_kept_log_say(struct lab_kept_log *log, const char *what, const char *why)
{
	char *line = mb_format("\n" LAB_KEPT_LOG_SAID "%s: %s\n", what, why);
	int status = MB_OK;

	if (log->name && (!start_over(log) || mb_write_all(log->fd, line, strlen(line))))
		status = mb_fail(MB_MACHINE, "--log %s: cannot write: %m", log->name);
	free(line);
	return status;
}

char *lab_kept_log_said(const char *path)
{
	char *text = mb_read_file(path, NULL), *last = NULL, *said = NULL;

	for (char *at = text; at && (at = strstr(at, "\n" LAB_KEPT_LOG_SAID)); at++)
		last = at + 1;
	if (last && strstr(text, "Linux version "))
		said = mb_format("%.*s", (int)strcspn(last, "\n") - (int)strlen(LAB_KEPT_LOG_SAID),
				 last + strlen(LAB_KEPT_LOG_SAID));
	free(text);
	return said;
}

void lab_kept_log_close(struct lab_kept_log *log)
{
	if (log->name)
		close(log->fd);
	log->name = NULL;
}
