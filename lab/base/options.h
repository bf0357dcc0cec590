/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Options that several commands of the lab take; @value is where one is stored. */
#ifndef MIGBENCH_LAB_BASE_OPTIONS_H
#define MIGBENCH_LAB_BASE_OPTIONS_H

#include "core/options.h"
#include "lab/base/defaults.h"

#define LAB_OPT_KERNEL(value)                                                                      \
	{                                                                                          \
		"kernel", "NAME", "the kernel, see: migbench lab kernel list", MB_OPT_STRING,      \
			value, 0, 0                                                                \
	}

#define LAB_TOPOLOGY_HELP                                                                          \
	"the nodes and CPUs: a name of configs/topologies, a file like those, or what lstopo "     \
	"machine.xml wrote on a machine"

/* @fallback says which topology it is without the option. */
#define LAB_OPT_TOPOLOGY(value, fallback)                                                          \
	{                                                                                          \
		"topology", "NAME|FILE", LAB_TOPOLOGY_HELP " (default: " fallback ")",             \
			MB_OPT_STRING, value, 0, 0                                                 \
	}
#define LAB_OPT_TOPOLOGIES(value, fallback)                                                        \
	{                                                                                          \
		"topology", "NAME|FILE[,…]", LAB_TOPOLOGY_HELP " (default: " fallback ")",         \
			MB_OPT_STRING, value, 0, 0                                                 \
	}

#define LAB_OPT_ACCEL(value)                                                                       \
	{                                                                                          \
		"accel", "tcg|kvm",                                                                \
			"what runs the virtual machine (default: kvm with the clock "              \
			"time where it works, else "                                               \
			"tcg)",                                                                    \
			MB_OPT_STRING, value, 0, 0                                                 \
	}

#define LAB_OPT_CPU(value)                                                                         \
	{                                                                                          \
		"cpu", "MODEL",                                                                    \
			"the emulated CPU: qemu64, or qemu64-fsrm, which has ERMS and "            \
			"FSRM (default: qemu64); of arm64 neoverse-n1 or cortex-a76, which "       \
			"update accessed and dirty bits themselves, or cortex-a35 or "             \
			"cortex-a57, which fault for it (default: neoverse-n1)",                   \
			MB_OPT_STRING, value, 0, 0                                                 \
	}

#define LAB_OPT_QEMU(value)                                                                        \
	{                                                                                          \
		"qemu", "NAME|PATH",                                                               \
			"another QEMU than the lab would choose, see: migbench lab qemu list",     \
			MB_OPT_STRING, value, 0, 0                                                 \
	}

#define LAB_OPT_MODULE_PARAM(value)                                                                \
	{                                                                                          \
		"module-param", "NAME=VALUE", "a parameter of migbench.ko; can be repeated",       \
			MB_OPT_STRINGS, value, 0, 0                                                \
	}

#define LAB_OPT_APPEND(value)                                                                      \
	{                                                                                          \
		"append", "WORDS", "more words for the kernel's command line", MB_OPT_STRING,      \
			value, 0, 0                                                                \
	}

#define LAB_OPT_LOG(value)                                                                         \
	{                                                                                          \
		"log", "FILE", "write the kernel's log there", MB_OPT_OUTPUT, value, 0, 0          \
	}

#define LAB_OPT_ONLY(value)                                                                        \
	{                                                                                          \
		"only", "PATTERN", "only the points whose name matches, e.g. 'migrate/*'",         \
			MB_OPT_STRING, value, 0, 0                                                 \
	}

#define LAB_OPT_SET(value)                                                                         \
	{                                                                                          \
		"set", "KEY=VALUE",                                                                \
			"override a key of the suite, or BENCHMARK.KEY=VALUE; can be repeated",    \
			MB_OPT_STRINGS, value, 0, 0                                                \
	}

/* @fallback is the suite without the option. */
#define LAB_OPT_SUITE(value, fallback)                                                             \
	{                                                                                          \
		"suite", "NAME|FILE", "the suite (default: " fallback ")", MB_OPT_STRING, value,   \
			0, 0                                                                       \
	}

#define LAB_MAX_SEED 1000000000
#define LAB_MAX_CALIBRATE 20 /* boots */
#define LAB_OPT_SEED(value)                                                                        \
	{                                                                                          \
		"seed", "N", "the seed for the order of the points", MB_OPT_NUMBER, value, 0,      \
			1000000000                                                                 \
	}

#define LAB_OPT_BOOTS(value)                                                                       \
	{                                                                                          \
		"boots", "N", "boots of each kernel (default: 2 with insns, 5 with time)",         \
			MB_OPT_NUMBER, value, 1, 1000                                              \
	}

#define LAB_OPT_CONFIG(value)                                                                      \
	{                                                                                          \
		"config", "NAME|FILE.ini",                                                         \
			"what configures the kernel: a name of configs/kernels, of "               \
			"another architecture as in 6.1-arm64-64k, or a file like those",          \
			MB_OPT_STRING, value, 0, 0                                                 \
	}

#define LAB_OPT_JOBS(value)                                                                        \
	{                                                                                          \
		"jobs", "N", "compilers that run at a time (default: one for each CPU)",           \
			MB_OPT_NUMBER, value, 1, 1024                                              \
	}

/* The program of lab run, ab, bisect and profile, which stands behind "--". */
#define LAB_OPERANDS_PROGRAM "[-- PROGRAM…]"
#define LAB_OPT_ADD(value)                                                                         \
	{                                                                                          \
		"add", "PATH",                                                                     \
			"a file or folder for PROGRAM, put into its folder; can be repeated",      \
			MB_OPT_STRINGS, value, 0, 0                                                \
	}

#endif
