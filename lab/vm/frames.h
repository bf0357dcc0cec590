/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the guest's init sends over the second serial port (lab/payload/init.c), taken apart. */
#ifndef MIGBENCH_LAB_VM_FRAMES_H
#define MIGBENCH_LAB_VM_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lab_frames {
	unsigned char header[5];
	size_t have; /* bytes of the header */
	uint32_t left; /* bytes of the payload still to come */
	unsigned char exit[4];
	size_t exit_have;
	bool began; /* user space was reached */
	bool refused; /* the kernel did not load migbench.ko */
	char refusal[64]; /* why, in the words of strerror(3) */
	size_t refusal_have;
	char sections[16384]; /* "MODULE SECTION ADDRESS\n" of all code that was loaded */
	size_t sections_have;
	bool ended; /* the exit status has arrived */
	bool broken; /* this is no frame: the rest is not looked at */
	unsigned int status;
	/* A piece of stdout ('O') or stderr ('E'), as it came. */
	void (*output)(void *context, char kind, const char *data, size_t length);
	void *context;
};

/* Take the next @length bytes of the port, in pieces of any size. */
void lab_frames_feed(struct lab_frames *frames, const char *data, size_t length);

#endif
