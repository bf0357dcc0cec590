// SPDX-License-Identifier: GPL-2.0-or-later
/* Boots in turn, several at a time, their output merged in the order of the plan. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/say.h"
#include "core/base/text.h"
#include "core/progress.h"
#include "core/status.h"
#include "lab/base/spawn.h"
#include "lab/base/timings.h"
#include "lab/campaign/boots.h"
#include "lab/campaign/turns.h"
#include "lab/vm/klog.h"

/* A guest that measures says something with every block; one that says nothing is stuck. */
#define SILENCE_S 600

/* One boot of one target. */
struct job {
	struct lab_target *target;
	unsigned long boot;
	struct lab_vm vm;
	char *folder;
	bool started, merging;
	bool complained; /* the kernel did */
	bool replayed; /* from the journal: there is no machine */
	/* What came and is not yet dealt with: complete lines, and the last, incomplete ones. */
	struct mb_list records, messages;
	char *partial[2];
	size_t partial_length[2];
};

struct running {
	struct lab_boots *boots;
	struct job *jobs;
	size_t count, current, next;
	struct mb_list told; /* messages already passed on */
	struct mb_progress progress;
	int worst;
};

static void take_output(void *context, char kind, const char *data, size_t length)
{
	struct job *job = context;
	int which = kind != 'O';
	struct mb_list *lines = which ? &job->messages : &job->records;
	char *text = mb_resize(job->partial[which], job->partial_length[which] + length + 1, 1);
	char *line, *end;

	memcpy(text + job->partial_length[which], data, length);
	text[job->partial_length[which] + length] = '\0';
	for (line = text; (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		mb_list_add(lines, "%s", line);
	}
	job->partial_length[which] = strlen(line);
	memmove(text, line, job->partial_length[which] + 1);
	job->partial[which] = text;
}

/* Calibration comes last. */
static void plan_jobs(struct running *running)
{
	struct lab_boots *boots = running->boots;
	unsigned long rounds = boots->boots + boots->calibrate;
	size_t *order = mb_alloc(rounds * boots->count, sizeof(*order));

	lab_turns(rounds, boots->count, boots->seed, order);
	for (size_t i = 0; i < rounds * boots->count; i++) {
		struct job *job = &running->jobs[running->count];

		*job = (struct job){ .target = &boots->targets[order[i]],
				     .boot = i / boots->count };
		if (job->target->complete)
			continue;
		if (job->boot < boots->boots)
			json_array_append_new(job->target->merge.turns,
					      json_integer((json_int_t)i));
		running->count++;
	}
	free(order);
}

/* A boot that is not the run's but tells its noise floor. */
static bool calibrates(const struct running *running, const struct job *job)
{
	return job->boot >= running->boots->boots;
}

static int start(struct running *running, struct job *job)
{
	struct lab_target *target = job->target;
	const struct lab_vm_spec *spec =
		calibrates(running, job) ? &target->calibration[job->boot - running->boots->boots]
					 : &target->spec;

	if (job->boot < target->journal.count) {
		job->replayed = true;
		job->vm.state = LAB_VM_DONE;
		job->records = target->journal.boots[job->boot];
		target->journal.boots[job->boot] = (struct mb_list){ 0 };
		return MB_OK;
	}
	job->folder =
		mb_format("%s/boot-%zu", running->boots->folder, (size_t)(job - running->jobs));
	if (mkdir(job->folder, 0700))
		return mb_fail(MB_MACHINE, "%s: %m", job->folder);
	job->vm = (struct lab_vm){
		.output = take_output,
		.context = job,
		.silence = SILENCE_S,
		.port = -1,
		.needs_module = true,
	};
	job->started = true;
	return lab_vm_start(&job->vm, spec, job->folder);
}

static void show_progress(struct running *running, const struct job *job)
{
	unsigned long planned = job->target->merge.planned * running->count, done = 0;
	unsigned long boots = running->boots->boots + running->boots->calibrate;

	for (size_t i = 0; i < running->boots->count; i++)
		done += running->boots->calibrate ? running->boots->targets[i].noise.blocks
						  : running->boots->targets[i].merge.blocks;
	for (size_t i = running->current + 1; i < running->next; i++)
		done += running->jobs[i].records.count;
	if (!planned || !done || done > planned)
		mb_tick(&running->progress, 0, 0, "kernel %s: boot %lu of %lu, %lu blocks",
			job->target->guest.kernel_name, job->boot + 1, boots, done);
	else
		mb_tick(&running->progress, (double)done, (double)planned,
			"kernel %s: boot %lu of %lu, %lu of %lu blocks",
			job->target->guest.kernel_name, job->boot + 1, boots, done, planned);
}

/* Pass a guest's message on, once. None is about the suite, which was judged before any boot. */
static void tell(struct running *running, const char *message)
{
	if (mb_list_has(&running->told, message))
		return;
	mb_list_add(&running->told, "%s", message);
	mb_progress_clear(&running->progress);
	mb_say(stderr, "%s", message);
}

static int take_record(struct running *running, struct job *job, const char *line)
{
	if (!job->replayed)
		lab_journal_line(&job->target->journal, line);
	if (running->boots->calibrate)
		mb_floor_line(&job->target->noise, line);
	return calibrates(running, job) ? MB_OK : lab_merge_line(&job->target->merge, line);
}

/* Deal with what the current job has sent so far. */
static int drain(struct running *running, struct job *job)
{
	bool calibration = calibrates(running, job);
	int status = MB_OK;

	if (!job->merging) {
		if (!calibration)
			lab_merge_begin(&job->target->merge, job->boot);
		if (running->boots->calibrate)
			mb_floor_begin(&job->target->noise);
		job->merging = true;
	}
	for (size_t i = 0; i < job->messages.count; i++)
		tell(running, job->messages.at[i]);
	mb_list_free(&job->messages);
	/* The last line may lack its end: words are passed on, half a record is none. */
	if (job->vm.state != LAB_VM_RUNS && job->partial_length[1]) {
		tell(running, job->partial[1]);
		job->partial_length[1] = 0;
	}
	for (size_t i = 0; !status && i < job->records.count; i++)
		status = take_record(running, job, job->records.at[i]);
	mb_list_free(&job->records);
	return status;
}

static void worsen(struct running *running, int status)
{
	if (status > running->worst)
		running->worst = status;
}

/* The kernel itself may have complained of what the benchmark did not notice. */
static int check_log(struct running *running, struct job *job)
{
	char *complaint = lab_klog_complaint(job->vm.log);

	job->complained = complaint;
	if (complaint) {
		mb_progress_clear(&running->progress);
		worsen(running, mb_fail(MB_BAD, "boot %lu of kernel %s: the kernel complained: %s",
					job->boot, job->target->guest.kernel_name, complaint));
	}
	free(complaint);
	return lab_kept_log_add(running->boots->log, job->vm.log);
}

/* No boot of its target is of use any more; those of the others are. */
static int give_up(struct running *running, struct job *job, const char *why)
{
	job->target->failed = true;
	worsen(running, MB_MACHINE);
	return calibrates(running, job) ? MB_OK : lab_merge_failed(&job->target->merge, why);
}

static int explain_failure(struct running *running, struct job *job)
{
	char *what = mb_format("boot %lu of kernel %s", job->boot, job->target->guest.kernel_name);
	char *why = lab_vm_reason(&job->vm);
	int status;

	if (job->vm.frames.refused)
		lab_vm_explain_refusal(&job->vm, what);
	else
		lab_vm_explain(&job->vm, what);
	status = give_up(running, job, why);
	/* Of a first boot there is no run to say it in. */
	if (!status && !job->vm.frames.refused)
		status = lab_kept_log_say(running->boots->log, what, why);
	free(what);
	free(why);
	return status;
}

/* All that a boot had to say has been taken. */
static int end_boot(struct running *running, struct job *job)
{
	struct lab_target *target = job->target;
	int status = MB_OK;

	if (running->boots->calibrate)
		mb_floor_boot_end(&target->noise);
	if (!calibrates(running, job))
		status = lab_merge_boot_end(&target->merge);
	if (!status && !job->replayed) {
		/* Bad news must be heard again: such a boot, and what follows it, is repeated. */
		if (job->vm.frames.status || job->complained)
			lab_journal_stop(&target->journal);
		else
			lab_journal_boot_end(&target->journal);
	}
	if (!status && ++target->done == running->boots->boots + running->boots->calibrate) {
		if (running->boots->calibrate)
			status = lab_merge_floors(&target->merge, &target->noise);
		if (!status)
			status = lab_merge_finish(&target->merge);
		target->finished = status <= MB_BAD;
		worsen(running, status);
		if (status == MB_BAD)
			status = MB_OK;
	}
	return status;
}

/* The current job's machine has stopped by itself. */
static int finish(struct running *running, struct job *job)
{
	struct lab_target *target = job->target;
	unsigned int said = job->vm.frames.status;
	int status;

	if (job->replayed)
		return end_boot(running, job);
	status = check_log(running, job);
	mb_progress_clear(&running->progress);
	if (job->vm.state == LAB_VM_FAILED)
		return explain_failure(running, job);
	if (said == MB_REQUEST || said == MB_MACHINE)
		return (int)said;
	if (said > MB_BAD)
		return mb_fail(MB_MACHINE,
			       "boot %lu of kernel %s: migbench run ended with status %u "
			       "in the guest",
			       job->boot, target->guest.kernel_name, said);
	/* The guest has told what the bad news is; the other boots may still be of use. */
	worsen(running, (int)said);
	if (!status && job->partial_length[0])
		status = mb_fail(MB_MACHINE,
				 "boot %lu of kernel %s: the guest's last record is cut "
				 "off",
				 job->boot, target->guest.kernel_name);
	return status ? status : end_boot(running, job);
}

static void end_job(struct job *job)
{
	mb_list_free(&job->records);
	if (!job->started)
		return;
	lab_vm_end(&job->vm);
	mb_remove_tree(job->folder);
	free(job->folder);
	for (int i = 0; i < 2; i++)
		free(job->partial[i]);
	mb_list_free(&job->messages);
	job->started = false;
}

static void poll_all(struct running *running)
{
	struct lab_vm *machines[running->next - running->current];
	size_t count = 0;

	for (size_t i = running->current; i < running->next; i++)
		machines[count++] = &running->jobs[i].vm;
	lab_vm_poll(machines, count);
}

static int run_jobs(struct running *running)
{
	int status = MB_OK;

	while (!status && !lab_interrupted && running->current < running->count) {
		struct job *job = &running->jobs[running->current];
		bool stopped;

		while (!status && running->next < running->count &&
		       running->next < running->current + running->boots->parallel)
			status = start(running, &running->jobs[running->next++]);
		if (status)
			break;
		if (job->target->failed) {
			end_job(job);
			running->current++;
			continue;
		}
		if (!job->replayed)
			poll_all(running);
		/* Looked at before its output, so that none of that is missed. */
		stopped = job->vm.state != LAB_VM_RUNS;
		status = drain(running, job);
		show_progress(running, job);
		if (!status && stopped) {
			status = finish(running, job);
			end_job(job);
			running->current++;
		}
	}
	return status;
}

/* So that others can say how long the suite will take. */
static void note_timing(const struct lab_boots *boots, double seconds)
{
	const struct lab_merge *merge = &boots->targets[0].merge;
	unsigned long each = boots->boots + boots->calibrate;
	char *key;

	/* What was there before took no time now. */
	for (size_t i = 0; i < boots->count; i++)
		if (boots->targets[i].complete || boots->targets[i].journal.count)
			return;
	key = lab_timing_boot(merge->suite, merge->clock);
	lab_timing_note(key, seconds / (double)(boots->count * each));
	free(key);
}

int lab_boots_run(struct lab_boots *boots)
{
	struct running running = { .boots = boots };
	double began = lab_timing_now();
	int status;

	running.progress =
		mb_progress(stderr, boots->progress ? MB_PROGRESS_LINE : MB_PROGRESS_NONE);
	running.jobs =
		mb_alloc(boots->count * (boots->boots + boots->calibrate), sizeof(*running.jobs));
	plan_jobs(&running);
	status = run_jobs(&running);
	mb_progress_clear(&running.progress);
	for (size_t i = 0; i < running.count; i++)
		end_job(&running.jobs[i]);
	mb_list_free(&running.told);
	free(running.jobs);
	if (lab_interrupted)
		return MB_MACHINE;
	status = status ? status : running.worst;
	if (!status && boots->whole)
		note_timing(boots, lab_timing_now() - began);
	return status;
}
