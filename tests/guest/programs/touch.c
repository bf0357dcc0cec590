// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Touches memory in a way whose lines are known: touch WHAT SIZE ROUNDS. The last round is the one
 * between the marks.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <migbench/mark.h>

#define LINE 64
#define HUGE (2UL << 20)

static uint64_t seed = 42;

/* Numerical Recipes' linear congruential generator: the same everywhere. */
static uint64_t next(void)
{
	seed = seed * 6364136223846793005 + 1442695040888963407;
	return seed >> 33;
}

static unsigned char *memory(size_t size, int huge)
{
	size_t whole = (size + HUGE - 1) / HUGE * HUGE;
	unsigned char *at = mmap(NULL, whole + HUGE, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		exit(1);
	at += HUGE - (uintptr_t)at % HUGE;
	madvise(at, whole, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
	memset(at, 1, size);
	return at;
}

/* Each line has the number of the next one, in a circle through all of them. */
static void chain(unsigned char *at, size_t lines)
{
	uint32_t *order = malloc(lines * sizeof(*order));

	for (size_t i = 0; i < lines; i++)
		order[i] = (uint32_t)i;
	for (size_t i = lines - 1; i; i--) {
		size_t other = next() % (i + 1);
		uint32_t one = order[i];

		order[i] = order[other];
		order[other] = one;
	}
	for (size_t i = 0; i < lines; i++)
		*(volatile uint32_t *)(at + order[i] * LINE) = order[(i + 1) % lines];
	free(order);
}

static void nothing(volatile unsigned char *at, size_t lines)
{
	(void)at;
	(void)lines;
}

static void in_order(volatile unsigned char *at, size_t lines)
{
	for (size_t i = 0; i < lines; i++)
		(void)at[i * LINE];
}

static void at_random(volatile unsigned char *at, size_t lines)
{
	for (size_t i = 0; i < lines; i++)
		(void)at[next() % lines * LINE];
}

static void written_twice(volatile unsigned char *at, size_t lines)
{
	for (size_t i = 0; i < lines; i++)
		at[i * LINE] = 1;
	for (size_t i = 0; i < lines; i++)
		at[i * LINE] = 1;
}

static void along_the_chain(volatile unsigned char *at, size_t lines)
{
	uint32_t line = 0;

	for (size_t i = 0; i < lines; i++)
		line = *(volatile uint32_t *)(at + (size_t)line * LINE);
}

static const struct {
	const char *what;
	void (*touch)(volatile unsigned char *at, size_t lines);
} ways[] = {
	/* Names of one length: the stack of each begins where that of the others does. */
	{ "none", nothing },   { "line", in_order },	  { "huge", in_order },
	{ "rand", at_random }, { "dual", written_twice }, { "hops", along_the_chain },
};

int main(int argc, char **argv)
{
	size_t lines = argc > 2 ? strtoul(argv[2], NULL, 0) / LINE : 0;
	int rounds = argc > 3 ? atoi(argv[3]) : 1;
	void (*volatile touch)(volatile unsigned char *at, size_t lines) = NULL;
	unsigned char *at;

	for (size_t i = 0; argc > 1 && i < sizeof(ways) / sizeof(ways[0]); i++)
		if (!strcmp(argv[1], ways[i].what))
			touch = ways[i].touch;
	if (!lines || !touch)
		return 2;
	at = memory(lines * LINE, touch == in_order && *argv[1] == 'h');
	if (touch == along_the_chain)
		chain(at, lines);
	for (int i = 1; i < rounds; i++)
		touch(at, lines);
	MIGBENCH_BEGIN();
	touch(at, lines);
	MIGBENCH_END();
	return 0;
}
