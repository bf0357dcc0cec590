// SPDX-License-Identifier: GPL-2.0-or-later
/* Files in memory, stderr as a list of lines, and an ear for what is printed. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/base/text.h"
#include "tests/fuzz/files/file.h"

static const char separator[] = "\n%%\n";
static char said[1 << 16];
static size_t said_length;
/* The last bytes that were printed, up to one that a terminal obeys, if there is one. */
static char printed[256];
static size_t printed_length;
static bool moves;

static ssize_t listen(void *cookie, const char *text, size_t length)
{
	size_t room = sizeof(said) - 1 - said_length, taken = length < room ? length : room;

	(void)cookie;
	memcpy(said + said_length, text, taken);
	said_length += taken;
	return (ssize_t)length;
}

/* Whether a terminal obeys @byte after @before: a control of ASCII but \n and \t, or of U+0080 to U+009F. */
static bool obeyed(unsigned char before, unsigned char byte)
{
	return (byte < ' ' && byte != '\n' && byte != '\t') || byte == 0x7f ||
	       (before == 0xc2 && byte >= 0x80 && byte < 0xa0);
}

static ssize_t watch(void *cookie, const char *text, size_t length)
{
	static unsigned char before;

	(void)cookie;
	for (size_t i = 0; i < length && !moves; i++) {
		moves = obeyed(before, (unsigned char)text[i]);
		before = (unsigned char)text[i];
		printed[printed_length++ % sizeof(printed)] = text[i];
	}
	return (ssize_t)length;
}

FILE *fuzz_out(void)
{
	static FILE *out;

	if (!out)
		out = fopencookie(NULL, "w", (cookie_io_functions_t){ .write = watch });
	return out;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	/* The fuzzer itself took hold of the real one before; so did the sanitizers. */
	stderr = fopencookie(NULL, "w", (cookie_io_functions_t){ .write = listen });
	stdout = fuzz_out();
	setvbuf(stderr, NULL, _IOFBF, 1 << 12);
	return 0;
}

const char *fuzz_file(unsigned int which, const uint8_t *data, size_t size)
{
	static struct {
		int fd;
		char path[32];
	} files[FUZZ_FILES];

	if (!*files[which].path) {
		files[which].fd = memfd_create("input", MFD_CLOEXEC);
		snprintf(files[which].path, sizeof(files[which].path), "/proc/self/fd/%d",
			 files[which].fd);
	}
	if (pwrite(files[which].fd, data, size, 0) != (ssize_t)size ||
	    ftruncate(files[which].fd, (off_t)size))
		abort();
	return files[which].path;
}

void fuzz_heard(int status)
{
	size_t lines = 0;

	fflush(stderr);
	said[said_length] = '\0';
	for (char *line = said, *end; (end = strchr(line, '\n')); line = end + 1)
		lines += strncmp(line, "migbench: note: ", 16) != 0;
	for (size_t i = 0; i < said_length; i++) {
		if (said[i] == '\t' ||
		    obeyed(i ? (unsigned char)said[i - 1] : 0, (unsigned char)said[i]))
			lines = SIZE_MAX;
	}
	if (lines != (status != 0)) {
		dprintf(STDERR_FILENO, "status %d, and on stderr:\n%s", status, said);
		abort();
	}
	said_length = 0;
	fflush(fuzz_out());
	if (moves) {
		size_t from =
			printed_length > sizeof(printed) ? printed_length - sizeof(printed) : 0;

		dprintf(STDERR_FILENO, "printed, and its last byte moves a terminal:\n");
		for (; from < printed_length; from++)
			dprintf(STDERR_FILENO, "%c", printed[from % sizeof(printed)]);
		abort();
	}
}

const uint8_t *fuzz_piece(const uint8_t **data, size_t *size, size_t *length)
{
	const uint8_t *piece = *data;
	const uint8_t *end = memmem(piece, *size, separator, strlen(separator));

	*length = end ? (size_t)(end - piece) + 1 : *size;
	*data += end ? *length + strlen(separator) - 1 : *size;
	*size -= end ? *length + strlen(separator) - 1 : *size;
	return piece;
}
