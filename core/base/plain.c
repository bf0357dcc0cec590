// SPDX-License-Identifier: GPL-2.0-or-later
/* Control characters, and bytes that are no text. */
#include "core/base/plain.h"

size_t mb_control(const char *at)
{
	unsigned char first = (unsigned char)at[0], second;

	if (first && (first < ' ' || first == 0x7f))
		return 1;
	if (first != 0xc2)
		return 0;
	second = (unsigned char)at[1];
	return second >= 0x80 && second < 0xa0 ? 2 : 0;
}

/* The length of the UTF-8 character at @at; 0: there is none. */
static size_t character(const char *at)
{
	const unsigned char *byte = (const unsigned char *)at;
	/* The second byte's range keeps out what is too long, a surrogate, or beyond U+10FFFF. */
	unsigned char low = 0x80, high = 0xbf;
	size_t length;

	if (byte[0] < 0x80)
		return 1;
	if (byte[0] < 0xc2 || byte[0] > 0xf4)
		return 0;
	length = byte[0] < 0xe0 ? 2 : byte[0] < 0xf0 ? 3 : 4;
	low = byte[0] == 0xe0 ? 0xa0 : byte[0] == 0xf0 ? 0x90 : low;
	high = byte[0] == 0xed ? 0x9f : byte[0] == 0xf4 ? 0x8f : high;
	if (byte[1] < low || byte[1] > high)
		return 0;
	for (size_t i = 2; i < length; i++)
		if ((byte[i] & 0xc0) != 0x80)
			return 0;
	return length;
}

void mb_plain(char *text)
{
	char *to = text;

	while (*text) {
		size_t control = mb_control(text), length = control ? control : character(text);

		if (control || !length) {
			*to++ = '?';
			text += length ? length : 1;
			continue;
		}
		while (length--)
			*to++ = *text++;
	}
	*to = '\0';
}
