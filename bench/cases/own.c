// SPDX-License-Identifier: GPL-2.0-or-later
/* own: a program of the user's, in instructions. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bench/counting.h"
#include "bench/program.h"
#include "bench/session.h"

static const struct mb_param params[] = {
	{ .name = "program",
	  .help = "the name of the program with its arguments; migbench lab run … -- PROGRAM sets it",
	  .kind = MB_TEXT,
	  .defaults = "none" },
	{ 0 },
};

struct state {
	struct mb_session *session;
	struct mb_program *program;
};

static bool can(struct mb_session *session, const struct mb_point *point, char why[MB_WHY])
{
	(void)point;
	if (session->program && session->clock == MB_INSNS)
		return true;
	snprintf(why, MB_WHY, "%s",
		 session->program ? "a program of one's own is counted in instructions"
				  : "no program is given; see migbench lab run --help");
	return false;
}

/* The first execution of all is the one that is seen. */
static bool show_once(struct state *state, char why[MB_WHY])
{
	if (state->session->program_shown)
		return true;
	state->session->program_shown = true;
	return mb_program_show(state->program, why);
}

static bool prepare(void *user, struct mb_session *session, const struct mb_point *point,
		    char why[MB_WHY])
{
	struct state *state = user;

	(void)point;
	state->session = session;
	if (!mb_topology_bind(session->topology, mb_topology_home(session->topology))) {
		snprintf(why, MB_WHY, "cannot bind to a CPU: %s", strerror(errno));
		return false;
	}
	state->program = mb_program_open(session->program, why);
	return state->program && show_once(state, why);
}

static bool sample(void *user, struct mb_block *block, char why[MB_WHY])
{
	struct state *state = user;
	double total;
	bool good;

	mb_counting_begin_program(state->session);
	good = mb_program_count(state->program, &total, why);
	mb_counting_end(state->session, 1);
	if (good)
		mb_block_add(block, &total, NULL);
	return good;
}

static void finish(void *user)
{
	struct state *state = user;

	if (state->program)
		mb_program_close(state->program);
}

static const struct mb_case own_case = {
	.name = "own",
	.summary = "a program of one's own, from exec to exit or between its marks",
	.params = params,
	.metrics = mb_total,
	.state = sizeof(struct state),
	.elsewhere = true,
	.can = can,
	.prepare = prepare,
	.sample = sample,
	.finish = finish,
};

MB_CASE(own_case)
