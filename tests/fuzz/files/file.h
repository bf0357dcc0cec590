/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the fuzzers of files share: bytes as a file, and an ear for what is said of it. */
#ifndef MIGBENCH_TESTS_FUZZ_FILES_FILE_H
#define MIGBENCH_TESTS_FUZZ_FILES_FILE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define FUZZ_FILES 4

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The path of a file with these bytes, valid until the next call with the same @which. */
const char *fuzz_file(unsigned int which, const uint8_t *data, size_t size);

/* Where what a command prints goes; the same stream each time. */
FILE *fuzz_out(void);

/*
 * The input is judged: a @status that is no success came with one line, a success with none; notes
 * count as neither. Nothing that was said or printed moves a terminal. Ends the
 * program where that is not so.
 */
void fuzz_heard(int status);

/* The piece of @data up to the line "%%", which is skipped; what is left in *@data and *@size. */
const uint8_t *fuzz_piece(const uint8_t **data, size_t *size, size_t *length);

#endif
