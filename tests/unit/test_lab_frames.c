// SPDX-License-Identifier: GPL-2.0-or-later
/* Frames that a guest sends: in any pieces, and whatever lengths it claims. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "lab/vm/frames.h"

#define NAMED(kind, length) kind, length, 0, 0, 0

static size_t bytes_out;

static void count_output(void *context, char kind, const char *data, size_t length)
{
	(void)context;
	(void)data;
	assert_true(kind == 'O' || kind == 'E');
	bytes_out += length;
}

/* A byte at a time: a header, a line of output, and the exit status. */
static void in_pieces(void **state)
{
	static const char stream[] = {
		NAMED('B', 0), NAMED('O', 3), 'a', 'b', '\n', NAMED('X', 4), 7, 0, 0, 0
	};
	struct lab_frames frames = { .output = count_output };

	(void)state;
	bytes_out = 0;
	for (size_t i = 0; i < sizeof(stream); i++)
		lab_frames_feed(&frames, stream + i, 1);
	assert_true(frames.began && frames.ended && !frames.broken);
	assert_int_equal(frames.status, 7);
	assert_int_equal(bytes_out, 3);
}

/* Many that are each short enough, but not all of them: nothing is written behind the room for them. */
static void many(char kind, unsigned char length, size_t count, size_t room)
{
	unsigned char frame[5 + 255] = { NAMED((unsigned char)kind, length) };
	struct lab_frames frames = { .output = count_output };

	memset(frame + 5, 'x', length);
	for (size_t i = 0; i < count; i++)
		lab_frames_feed(&frames, (const char *)frame, 5U + length);
	assert_true(frames.broken);
	assert_true(frames.refusal_have < sizeof(frames.refusal));
	assert_true(frames.sections_have < sizeof(frames.sections));
	assert_true((kind == 'M' ? frames.refusal_have : frames.sections_have) > room - length - 1);
	assert_true(frames.output == count_output);
}

static void too_many(void **state)
{
	(void)state;
	many('M', 63, 400, sizeof(((struct lab_frames *)0)->refusal));
	many('M', 1, 400, sizeof(((struct lab_frames *)0)->refusal));
	many('S', 255, 400, sizeof(((struct lab_frames *)0)->sections));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_pieces),
		cmocka_unit_test(too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
