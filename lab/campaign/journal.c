// SPDX-License-Identifier: GPL-2.0-or-later
/* A file beside the run file that keeps the boots which ended well, for --resume. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/campaign/journal.h"

/* No record of a guest is such a line. */
#define BOOT_END "end of boot"

char *lab_journal_path(const char *run)
{
	const char *base = mb_base_name(run);

	return mb_format("%.*s.%s.boots", (int)(base - run), run, base);
}

/* The complete boots in @text; *@used is where the last of them ends. */
static void read_boots(struct lab_journal *journal, const char *text, size_t *used)
{
	struct mb_list lines = { 0 };
	const char *line = text + *used, *end;

	for (; (end = strchr(line, '\n')); line = end + 1) {
		if (strncmp(line, BOOT_END "\n", strlen(BOOT_END) + 1)) {
			mb_list_add(&lines, "%.*s", (int)(end - line), line);
			continue;
		}
		journal->boots = mb_resize(journal->boots, journal->count + 1, sizeof(lines));
		journal->boots[journal->count++] = lines;
		lines = (struct mb_list){ 0 };
		*used = (size_t)(end + 1 - text);
	}
	mb_list_free(&lines);
}

/* Go on behind the first @used bytes; where these are none, with the key. */
static bool begin(struct lab_journal *journal, size_t used)
{
	journal->older = false;
	if (ftruncate(fileno(journal->out), (off_t)used) || fseek(journal->out, 0, SEEK_END))
		return false;
	if (!used) {
		fprintf(journal->out, "%s\n", journal->key);
		fflush(journal->out);
	}
	return true;
}

int lab_journal_open(struct lab_journal *journal, const char *run, const char *key, bool resume)
{
	char *text = NULL, *head = mb_format("%s\n", key);
	size_t used = strlen(head);
	int fd, status = MB_OK;

	*journal =
		(struct lab_journal){ .path = lab_journal_path(run), .key = mb_format("%s", key) };
	fd = open(journal->path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK)
		status = mb_fail(MB_REQUEST, "%s: another migbench is writing it", run);
	else if (resume)
		text = mb_read_file(journal->path, NULL);
	if (text && *text && strncmp(text, head, used))
		status = mb_fail(MB_REQUEST,
				 "%s: was begun with other settings or another build, so it can't "
				 "be resumed; --force begins anew",
				 run);
	else if (text && *text)
		read_boots(journal, text, &used);
	else
		used = 0;
	journal->older = !resume && fd >= 0 && lseek(fd, 0, SEEK_END) > 0;
	if (!status && (fd < 0 || !(journal->out = fdopen(fd, "w")) ||
			(!journal->older && !begin(journal, used)))) {
		status = mb_fail(MB_MACHINE, "%s: cannot write: %m", journal->path);
		if (journal->out) {
			lab_journal_stop(journal);
			fd = -1;
		}
	}
	if (status && fd >= 0)
		close(fd);
	/* Not ours to remove. */
	if (status) {
		free(journal->path);
		journal->path = NULL;
	}
	free(text);
	free(head);
	return status;
}

void lab_journal_line(struct lab_journal *journal, const char *line)
{
	if (journal->out && journal->older && !begin(journal, 0))
		lab_journal_stop(journal);
	if (journal->out)
		fprintf(journal->out, "%s\n", line);
}

/* A journal that can't be written is no reason to stop: it only makes going on impossible. */
void lab_journal_boot_end(struct lab_journal *journal)
{
	if (!journal->out)
		return;
	fputs(BOOT_END "\n", journal->out);
	fflush(journal->out);
}

void lab_journal_stop(struct lab_journal *journal)
{
	if (journal->out)
		fclose(journal->out);
	journal->out = NULL;
}

void lab_journal_close(struct lab_journal *journal, bool complete)
{
	lab_journal_stop(journal);
	if (journal->path && complete && !journal->older)
		unlink(journal->path);
	for (size_t i = 0; i < journal->count; i++)
		mb_list_free(&journal->boots[i]);
	free(journal->boots);
	free(journal->path);
	free(journal->key);
	*journal = (struct lab_journal){ 0 };
}
