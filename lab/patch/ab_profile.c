// SPDX-License-Identifier: GPL-2.0-or-later
/* lab ab: one point profiled on both kernels, or the program. */
#include <stdlib.h>
#include <string.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/base/self.h"
#include "lab/base/timings.h"
#include "lab/campaign/program.h"
#include "lab/patch/ab_plan.h"

int lab_ab_profile(const struct lab_ab *ab, const char *folder, const char *point, const char *name,
		   bool memory, char **text)
{
	struct mb_list words = { 0 };
	char *file = mb_format("%s/%s.txt", folder, name);
	double began = lab_timing_now();
	int status;

	lab_self_begin(&words, "lab", "profile");
	mb_list_add(&words, "--kernel=%s", ab->exactly[0]);
	mb_list_add(&words, "--kernel=%s", ab->exactly[1]);
	if (!ab->program)
		mb_list_add(&words, "--point=%s", point);
	mb_list_add(&words, "--json=%s/%s.json", folder, name);
	if (memory)
		mb_list_add(&words, "--memory");
	lab_self_words(&words, ab->suite, ab->topology, &ab->set, ab->quiet);
	lab_program_words(ab->program, &ab->adds, &words);
	status = lab_self_capture(&words, text);
	if (status <= MB_BAD) {
		if (!memory)
			lab_timing_note(LAB_TIMING_PROFILE, lab_timing_now() - began);
		if (mb_write_file(file, *text, strlen(*text)))
			status = mb_fail(MB_MACHINE, "%s: %m", file);
	}
	free(file);
	return status;
}
