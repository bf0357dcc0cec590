/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What QEMU is told of a machine's XML file. */
#ifndef MIGBENCH_TESTS_LAB_TOPOLOGY_H
#define MIGBENCH_TESTS_LAB_TOPOLOGY_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/files.h"
#include "core/base/list.h"
#include "core/base/text.h"
#include "core/status.h"
#include "lab/vm/topology_choose.h"

/* What QEMU's options say. */
struct qemu {
	unsigned long cpus, memory, nodes, node_cpus[LAB_MAX_NODES], size[LAB_MAX_NODES], next_cpu;
	unsigned long distances, distance[LAB_MAX_NODES][LAB_MAX_NODES];
};

static void read_word(struct qemu *qemu, const char *word)
{
	unsigned long a, b, c;

	if (sscanf(word, "memory-backend-ram,id=m%lu,size=%luM", &a, &b) == 2) {
		qemu->size[a] = b;
	} else if (sscanf(word, "node,nodeid=%lu,cpus=%lu-%lu,", &a, &b, &c) == 3) {
		assert_int_equal(b, qemu->next_cpu);
		qemu->next_cpu = c + 1;
		qemu->node_cpus[a] = c - b + 1;
		assert_int_equal(a, qemu->nodes++);
	} else if (sscanf(word, "node,nodeid=%lu", &a) == 1) {
		assert_int_equal(a, qemu->nodes++);
	} else if (sscanf(word, "dist,src=%lu,dst=%lu,val=%lu", &a, &b, &c) == 3) {
		qemu->distance[a][b] = c;
		qemu->distances++;
	}
}

/* Read @file as --topology does and check that QEMU's options fit to each other. */
static int read_file(const char *file, unsigned long cpus, struct qemu *qemu, char **after)
{
	struct lab_topology *topology = calloc(1, sizeof(*topology));
	struct mb_list words = { 0 };
	unsigned long sum = 0;
	int status;

	assert_non_null(topology);
	*qemu = (struct qemu){ 0 };
	*after = NULL;
	status = lab_topology_choose(file, cpus, topology);
	if (status) {
		free(topology);
		return status;
	}
	*after = mb_strdup(topology->after);
	lab_topology_arguments(topology, &words);
	for (size_t i = 0; i < words.count; i++) {
		if (!strcmp(words.at[i], "-smp"))
			qemu->cpus = strtoul(words.at[i + 1], NULL, 10);
		if (!strcmp(words.at[i], "-m"))
			qemu->memory = strtoul(words.at[i + 1], NULL, 10);
		read_word(qemu, words.at[i]);
	}
	for (size_t i = 0; i < qemu->nodes; i++) {
		assert_true(qemu->size[i] >= LAB_MIN_MEMORY);
		sum += qemu->size[i];
	}
	assert_int_equal(sum, qemu->memory);
	assert_int_equal(qemu->next_cpu, qemu->cpus);
	assert_in_range(qemu->cpus, 1, cpus);
	assert_true(qemu->memory <= 3072);
	mb_list_free(&words);
	lab_topology_free(topology);
	free(topology);
	return MB_OK;
}

#endif
