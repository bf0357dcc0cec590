/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The programs for the kernel, compiled when this one was, and part of it. */
#ifndef MIGBENCH_OBSERVE_EMBEDDED_H
#define MIGBENCH_OBSERVE_EMBEDDED_H

struct ob_embedded {
	const char *at, *end;
};

extern const struct ob_embedded ob_calls_object, ob_ordinary_object;

#endif
