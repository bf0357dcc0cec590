// SPDX-License-Identifier: GPL-2.0-or-later
/* Frames of the guest's init, out of a stream that may stop anywhere. */
#include <string.h>

#include "lab/vm/frames.h"

static uint32_t little_endian(const unsigned char *bytes)
{
	return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
	       (uint32_t)bytes[3] << 24;
}

static void begin_frame(struct lab_frames *frames)
{
	frames->left = little_endian(frames->header + 1);
	switch (frames->header[0]) {
	case 'B':
		frames->began = true;
		frames->broken = frames->left != 0;
		break;
	case 'M':
		frames->refused = true;
		frames->broken = frames->left >= sizeof(frames->refusal) - frames->refusal_have;
		break;
	case 'X':
		frames->broken = frames->left != sizeof(frames->exit);
		break;
	case 'S':
		frames->broken = frames->left >= sizeof(frames->sections) - frames->sections_have;
		break;
	case 'O':
	case 'E':
		break;
	default:
		frames->broken = true;
	}
}

static void take_payload(struct lab_frames *frames, const char *data, size_t length)
{
	frames->left -= (uint32_t)length;
	if (frames->header[0] == 'M') {
		memcpy(frames->refusal + frames->refusal_have, data, length);
		frames->refusal_have += length;
		return;
	}
	if (frames->header[0] == 'S') {
		memcpy(frames->sections + frames->sections_have, data, length);
		frames->sections_have += length;
		return;
	}
	if (frames->header[0] != 'X') {
		frames->output(frames->context, (char)frames->header[0], data, length);
		return;
	}
	memcpy(frames->exit + frames->exit_have, data, length);
	frames->exit_have += length;
	if (frames->exit_have == sizeof(frames->exit)) {
		frames->status = little_endian(frames->exit);
		frames->ended = true;
	}
}

void lab_frames_feed(struct lab_frames *frames, const char *data, size_t length)
{
	while (length && !frames->broken && !frames->ended) {
		size_t piece;

		if (frames->have < sizeof(frames->header)) {
			frames->header[frames->have++] = (unsigned char)*data++;
			length--;
			if (frames->have == sizeof(frames->header))
				begin_frame(frames);
		} else {
			piece = length < frames->left ? length : frames->left;
			take_payload(frames, data, piece);
			data += piece;
			length -= piece;
		}
		if (frames->have == sizeof(frames->header) && !frames->left)
			frames->have = 0;
	}
}
