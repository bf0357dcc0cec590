// SPDX-License-Identifier: GPL-2.0-or-later
/* What "lab gate" was asked for, judged before anything is built. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/base/config.h"
#include "lab/base/spawn.h"
#include "lab/campaign/suite_check.h"
#include "lab/kernel/ini.h"
#include "lab/patch/bisect.h"
#include "lab/patch/gate.h"
#include "lab/patch/machine.h"

/* The words of one --fail-on. */
static int read_fail_on(struct lab_gate *gate, const char *text)
{
	const struct {
		const char *word;
		bool *fail;
	} known[] = { { "slower", &gate->fail_slower },
		      { "faster", &gate->fail_faster },
		      { "inconclusive", &gate->fail_inconclusive },
		      { "missing", &gate->fail_missing },
		      { "probe", &gate->fail_probe } };
	struct mb_list words = { 0 };
	int status = MB_OK;

	mb_list_split(&words, text);
	for (size_t i = 0; !status && i < words.count; i++) {
		size_t at = 0, count = sizeof(known) / sizeof(known[0]);

		while (at < count && strcmp(words.at[i], known[at].word))
			at++;
		if (at < count)
			*known[at].fail = true;
		else
			status = mb_fail(MB_REQUEST,
					 "lab gate: --fail-on takes slower, faster, inconclusive, "
					 "missing or probe, not '%s'",
					 words.at[i]);
	}
	mb_list_free(&words);
	return status;
}

static int check_kernel(struct lab_gate *gate)
{
	char *kconfig;
	int status = MB_OK;

	if (!gate->source && !gate->image)
		return mb_fail(MB_REQUEST, "lab gate: give the kernel: --source TREE, or --image "
					   "FILE and --modules DIR");
	if (gate->source && (gate->modules || gate->build))
		return mb_fail(MB_REQUEST, "lab gate: --modules and --build go with --image");
	if (!gate->source)
		return gate->baseline ? MB_OK
				      : mb_fail(MB_REQUEST,
						"lab gate: --image needs --baseline RUN, or the "
						"--source TREE in which the base commit is");
	gate->tree = realpath(gate->source, NULL);
	kconfig = mb_format("%s/Kconfig", gate->tree ? gate->tree : "");
	if (!gate->tree || !mb_exists(kconfig))
		status = mb_fail(MB_REQUEST, "--source %s: is no kernel tree", gate->source);
	free(kconfig);
	return status;
}

/* A gate that removes or writes what it compares with would compare the tree with itself. */
static int check_apart(const struct lab_gate *gate)
{
	static const char *const written[] = { "run.jsonl", "run-" LAB_GATE_KERNEL ".jsonl",
					       "run.log", "gate.ktap" };
	int status = MB_OK;

	for (size_t i = 0; gate->out && !status && i < sizeof(written) / sizeof(written[0]); i++) {
		char *path = mb_format("%s/%s", gate->out, written[i]);

		if (mb_same_file(gate->baseline, path))
			status = mb_fail(MB_REQUEST,
					 "lab gate: --baseline %s: --out %s would write over it; "
					 "choose another --out",
					 gate->baseline, gate->out);
		free(path);
	}
	return status;
}

static int check_base(struct lab_gate *gate)
{
	const char *revision = gate->base ? gate->base : "HEAD^";
	char *full;
	int status = MB_OK;

	if (gate->memories && gate->baseline)
		return mb_fail(MB_REQUEST, "lab gate: --memory needs the base's kernel: --base REV "
					   "in place of --baseline");

	if (gate->baseline && gate->base)
		return mb_fail(MB_REQUEST, "lab gate: give --baseline RUN or --base REV, not both");
	if (gate->baseline)
		return access(gate->baseline, R_OK)
			       ? mb_fail(MB_REQUEST, "--baseline %s: %m", gate->baseline)
			       : check_apart(gate);
	if (!lab_have_program("git"))
		return mb_fail(MB_MACHINE, "git is not installed; on Debian: apt-get install git");
	full = mb_format("%s^{commit}", revision);
	gate->commit = lab_git((const char *const[]){ "-C", gate->tree, "rev-parse", "--verify",
						      "--quiet", full, NULL });
	if (!gate->commit)
		status = mb_fail(MB_REQUEST,
				 "lab gate: %s has no commit %s to compare with: name one with "
				 "--base, fetch it (git fetch --deepen 1), or give --baseline RUN",
				 gate->source, revision);
	free(full);
	return status;
}

/* The run file and the words for compare are compare's to judge: it is asked to, with itself. */
static int check_baseline(const struct lab_gate *gate)
{
	return gate->baseline ? lab_gate_comparable(gate, gate->baseline) : MB_OK;
}

int lab_gate_plan(struct lab_gate *gate)
{
	struct lab_kernel_config config = { 0 };
	int status = check_kernel(gate);

	for (size_t i = 0; !status && i < gate->fail_on.count; i++)
		status = read_fail_on(gate, gate->fail_on.at[i]);
	if (!gate->fail_on.count)
		gate->fail_slower = gate->fail_missing = true;
	if (!status)
		status = check_base(gate);
	if (!status)
		status =
			lab_suite_check(gate->suite, "insns", NULL, &gate->set, NULL, gate->config);
	if (!status)
		status = lab_kernel_config(gate->config, &config);
	lab_kernel_config_free(&config);
	if (!status)
		status = lab_patch_machine(gate->topology, gate->config);
	if (!status)
		status = check_baseline(gate);
	return status;
}

void lab_gate_free(struct lab_gate *gate)
{
	free(gate->tree);
	free(gate->commit);
	free(gate->folder);
}
