// SPDX-License-Identifier: GPL-2.0-or-later
/* An existing run file: refused, replaced, or gone on with. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/say.h"
#include "core/digest.h"
#include "core/record/read.h"
#include "core/status.h"
#include "lab/base/interrupted.h"
#include "lab/base/self.h"
#include "lab/base/spawn.h"
#include "lab/campaign/resume.h"

#define TAIL 4096 /* more than an end record has */

/* Whether the run is of what is asked of the suite; what a budget has bought, or a program is, is not asked. */
static bool is_asked(const struct lab_target *target, const json_t *run)
{
	const json_t *config = json_object_get(run, "config"),
		     *set = json_object_get(config, "set");
	const char *only = mb_record_string(config, "only");
	bool same = true;

	if (!target->set || !set || json_object_get(json_object_get(run, "lab"), "budget"))
		return true;
	for (size_t i = 0; same && i < target->set->count; i++) {
		const char *word = json_string_value(json_array_get(set, i));

		same = word && !strcmp(word, target->set->at[i]);
	}
	return same && json_array_size(set) == target->set->count &&
	       !strcmp(only ? only : "", target->only ? target->only : "");
}

/* The kernel's words and the CPU; of the words older files only say what all of them were. */
static bool has_words(const json_t *run, const char *append, const char *cpu)
{
	const json_t *lab = json_object_get(run, "lab");
	const char *line = mb_record_string(json_object_get(run, "env"), "cmdline");
	const char *words = mb_record_string(lab, "append"), *its = mb_record_string(lab, "cpu");

	if (strcmp(its ? its : "", cpu ? cpu : ""))
		return false;
	if (words)
		return !strcmp(words, append ? append : "");
	return !append || !line || strstr(line, append);
}

/* Whether the first line of the run file is of what @target would measure. */
static bool is_same(const struct lab_target *target)
{
	char *text = mb_read_file(target->path, NULL);
	json_t *run = text ? json_loads(text, JSON_DISABLE_EOF_CHECK, NULL) : NULL;
	bool same = lab_merge_is_of(&target->merge, run) && is_asked(target, run) &&
		    has_words(run, target->guest.append, target->guest.cpu_name);

	json_decref(run);
	free(text);
	return same;
}

bool lab_run_whole(const char *path, bool *valid)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char tail[TAIL + 1], *last;
	ssize_t got = -1;
	json_t *end;
	struct stat is;
	bool whole;

	if (fd < 0)
		return false;
	if (!fstat(fd, &is))
		got = pread(fd, tail, TAIL, is.st_size > TAIL ? is.st_size - TAIL : 0);
	close(fd);
	/* A line without its end may have lost more than that. */
	if (got < 1 || tail[got - 1] != '\n')
		return false;
	tail[got - 1] = '\0';
	last = strrchr(tail, '\n');
	end = last ? json_loads(last + 1, 0, NULL) : NULL;
	whole = end && mb_record_type(end) == MB_RECORD_END;
	if (whole && valid)
		*valid = !json_is_false(json_object_get(end, "valid"));
	json_decref(end);
	return whole;
}

static bool has_any(const char *path)
{
	struct stat is;

	return !stat(path, &is) && (is.st_size || !S_ISREG(is.st_mode));
}

static int find_existing(struct lab_target *target)
{
	char *journal = lab_journal_path(target->path);
	int status = MB_OK;
	bool valid;

	/* What was killed before its first boot has left it empty, and no journal. */
	if (has_any(target->path) && !mb_exists(journal)) {
		target->complete = lab_run_whole(target->path, &valid);
		if (!target->complete)
			status = mb_fail(MB_REQUEST,
					 "%s: nothing is left beside it to resume it with; --force "
					 "begins anew",
					 target->path);
		else if (!is_same(target))
			status = mb_fail(
				MB_REQUEST,
				"%s: is complete, and of another kernel or build of it, topology, clock, "
				"suite, --only, --set, --append, --cpu, seed, number of boots or "
				"calibration; choose another --out",
				target->path);
		else if (!valid)
			status = mb_fail(MB_REQUEST,
					 "%s: is complete, and no good, since its boots differ; "
					 "--force begins anew",
					 target->path);
		target->complete &= !status;
	}
	free(journal);
	return status;
}

int lab_resume_apart(const struct lab_target *targets, size_t count, const char *log)
{
	int status = MB_OK;

	for (size_t i = 0; !status && i < count; i++) {
		for (size_t j = 0; !status && j < i; j++)
			if (!strcmp(targets[i].path, targets[j].path))
				status = mb_fail(MB_REQUEST,
						 "lab run: %s would be written twice; is a kernel "
						 "or topology named twice?",
						 targets[i].path);
		if (!status && log && mb_same_place(targets[i].path, log))
			status = mb_fail(MB_REQUEST, "lab run: --out and --log would both write %s",
					 log);
	}
	return status;
}

int lab_resume_open(struct lab_target *target, enum lab_existing existing)
{
	int flags = O_WRONLY | O_CREAT | O_CLOEXEC | (existing == LAB_REFUSE ? O_EXCL : 0);
	int fd, status = existing == LAB_RESUME ? find_existing(target) : MB_OK;
	char *journal;

	if (status || target->complete)
		return status;
	/* Whose name we chose, too. */
	if (target->merge.targets == 1)
		lab_interrupted_folder(target->path);
	target->replaces = existing != LAB_REFUSE && has_any(target->path);
	if (mb_is_folder(target->path))
		return mb_fail(MB_REQUEST, "%s: is a folder; give a file", target->path);
	fd = open(target->path, flags, 0666);
	if (fd < 0 && errno == EEXIST) {
		journal = lab_journal_path(target->path);
		status = mb_fail(MB_REQUEST, "%s: exists already; --force overwrites it%s",
				 target->path,
				 mb_exists(journal) ? ", --resume goes on with it" : "");
		free(journal);
		return status;
	}
	if (fd < 0)
		return mb_fail(MB_REQUEST, "%s: cannot write: %m", target->path);
	/* From the pilot on, not only while the journal is open. */
	if (!mb_lock_file(fd)) {
		close(fd);
		return mb_fail(MB_REQUEST, "%s: another migbench is writing it", target->path);
	}
	target->out = fdopen(fd, "w");
	return target->out ? MB_OK : mb_fail(MB_MACHINE, "%s: %m", target->path);
}

int lab_resume_journal(struct lab_target *target, enum lab_existing existing)
{
	const struct lab_guest *guest = &target->guest;
	struct mb_list words = { 0 };
	char initrd[MB_DIGEST_HEX], key[MB_DIGEST_HEX], *all;
	int status;

	if (mb_digest_file(target->spec.initrd, initrd))
		return mb_fail(MB_MACHINE, "%s: %m", target->spec.initrd);
	lab_topology_arguments(&guest->topology, &words);
	mb_list_add(&words, "%s", initrd);
	mb_list_add(&words, "%s", guest->kernel.key);
	mb_list_add(&words, "%s", guest->qemu.is.version);
	mb_list_add(&words, "%s", lab_accel_name(guest->accel));
	mb_list_add(&words, "%s", target->spec.cpu);
	mb_list_add(&words, "%s", mb_clock_name(guest->clock));
	mb_list_add(&words, "%s", guest->append ? guest->append : "");
	/* What comes after them calibrates, under other seeds. */
	mb_list_add(&words, "%lu", target->merge.boots);
	all = mb_list_join(&words);
	mb_digest(all, strlen(all), key);
	status = lab_journal_open(&target->journal, target->path, key, existing == LAB_RESUME);
	free(all);
	mb_list_free(&words);
	return status;
}

int lab_resume_close(struct lab_target *target, int status, bool quiet)
{
	bool empty = target->out && ftell(target->out) == 0;
	bool complete = target->complete || target->finished;

	if (target->out && fclose(target->out) && !status)
		status = mb_fail(MB_MACHINE, "%s: cannot write: %m", target->path);
	/* A file with nothing in it would only stand in the way of the next try. */
	if (empty && !target->replaces)
		unlink(target->path);
	else if (complete && !quiet)
		mb_put_name(target->path);
	else if (target->out && !complete && !empty && !quiet && !getenv(LAB_CHILD))
		mb_note("%s: incomplete; the same command with --resume goes on with it",
			target->path);
	/* Beside an older file that stays as it is, what has no boot in it is of no use, but to who interrupted it. */
	lab_journal_close(&target->journal,
			  complete || (empty && (!target->replaces ||
						 (!lab_interrupted && !target->journal.count))));
	return status;
}
