// SPDX-License-Identifier: GPL-2.0-or-later
/* Files that are opened early and written late. */
#include <errno.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/status.h"
#include "lab/profile/output.h"

static int cannot_write(int status, const struct lab_output *output)
{
	return mb_fail(status, "%s: cannot write: %m", output->path ? output->path : "stdout");
}

static int open_one(struct lab_output *output, bool force)
{
	if (mb_is_folder(output->path))
		return mb_fail(MB_REQUEST, "%s: is a folder; give a file", output->path);
	output->replaces = force && mb_exists(output->path);
	output->file = fopen(output->path, force ? "ae" : "wxe");
	if (!output->file && errno == EEXIST)
		return mb_fail(MB_REQUEST, "%s: exists already; --force overwrites it",
			       output->path);
	if (!output->file)
		return cannot_write(MB_REQUEST, output);
	output->made = !output->replaces;
	return MB_OK;
}

int lab_outputs_open(struct lab_output outputs[LAB_OUTPUTS], bool force)
{
	int status = MB_OK;

	for (int i = 0; !status && i < LAB_OUTPUTS; i++)
		if (outputs[i].path)
			status = open_one(&outputs[i], force || i == LAB_JSON);
	if (!outputs[LAB_OUT].path)
		outputs[LAB_OUT].file = stdout;
	return status;
}

int lab_output_begin(const struct lab_output *output)
{
	/* Of what is no file there is nothing to cut off. */
	if (output->replaces && ftruncate(fileno(output->file), 0) && errno != EINVAL)
		return cannot_write(MB_MACHINE, output);
	return MB_OK;
}

int lab_output_end(struct lab_output *output)
{
	FILE *file = output->file;
	int status = fflush(file) || ferror(file) ? cannot_write(MB_MACHINE, output) : MB_OK;

	output->file = NULL;
	if (file != stdout && fclose(file) && !status)
		status = cannot_write(MB_MACHINE, output);
	output->whole = !status;
	return status;
}

void lab_outputs_close(struct lab_output outputs[LAB_OUTPUTS])
{
	for (int i = 0; i < LAB_OUTPUTS; i++) {
		if (outputs[i].file && outputs[i].file != stdout)
			fclose(outputs[i].file);
		outputs[i].file = NULL;
		if (outputs[i].made && !outputs[i].whole)
			remove(outputs[i].path);
	}
}
