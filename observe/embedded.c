// SPDX-License-Identifier: GPL-2.0-or-later
/* The programs for the kernel, compiled when this one was, and part of it. */
#include "observe/embedded.h"

/* CMakeLists.txt knows OB_OBJECTS, the folder that they are in. */
#define EMBED(name)                                                                                \
	__asm__(".section .rodata\n.balign 16\nob_" #name "_at:\n.incbin \"" OB_OBJECTS "/" #name  \
		".bpf.o\"\nob_" #name "_end:\n.previous\n");                                       \
	extern const char ob_##name##_at[] __attribute__((visibility("hidden")));                  \
	extern const char ob_##name##_end[] __attribute__((visibility("hidden")));                 \
	const struct ob_embedded ob_##name##_object = { ob_##name##_at, ob_##name##_end }

EMBED(calls);
EMBED(ordinary);
