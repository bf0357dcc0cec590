/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guest's ports: frames go over the second, which on arm64 is the only one on a bus. */
#ifndef MIGBENCH_LAB_PAYLOAD_PORTS_H
#define MIGBENCH_LAB_PAYLOAD_PORTS_H

#if defined(__aarch64__)
#define PORT "/dev/ttyS0"
#define CONSOLE "/dev/ttyAMA0"
#else
#define PORT "/dev/ttyS1"
#define CONSOLE "/dev/ttyS0"
#endif

#endif
