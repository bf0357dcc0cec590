// SPDX-License-Identifier: GPL-2.0-or-later
/* What a kernel's image says of itself: the headers of x86's bzImage and of arm64's Image. */
#include <stdlib.h>
#include <string.h>

#include "core/base/files.h"
#include "core/base/text.h"
#include "lab/kernel/image.h"

/*
 * Documentation/arch/x86/boot.rst: the header's magic, and "kernel_version", where the version's text is,
 * counted from 0x200.
 */
#define X86_MAGIC_AT 0x202
#define X86_VERSION_AT 0x20e
#define X86_SETUP_END 0x200UL

/* Documentation/arch/arm64/booting.rst. Its header has no version. */
#define ARM64_MAGIC_AT 0x38

/* Where the text of the version begins, or NULL. */
static const char *find_version(const char *image, size_t length, const struct lab_arch **arch)
{
	static const char banner[] = "Linux version ";

	if (length >= X86_VERSION_AT + 2 && !memcmp(image + X86_MAGIC_AT, "HdrS", 4)) {
		size_t at = (unsigned char)image[X86_VERSION_AT] |
			    (size_t)(unsigned char)image[X86_VERSION_AT + 1] << 8;

		*arch = lab_arch_find("x86_64");
		return at && X86_SETUP_END + at < length ? image + X86_SETUP_END + at : NULL;
	}
	if (length < ARM64_MAGIC_AT + 4 || memcmp(image + ARM64_MAGIC_AT, "ARM\x64", 4))
		return NULL;
	*arch = lab_arch_find("arm64");
	/* linux_banner, what /proc/version says; the text is in formats, too. */
	for (const char *at = image;
	     (at = memmem(at, length - (size_t)(at - image), banner, strlen(banner)));) {
		at += strlen(banner);
		if (*at >= '0' && *at <= '9')
			return at;
	}
	return NULL;
}

char *lab_image_release(const char *path, const struct lab_arch **arch)
{
	size_t length;
	/* A NUL stands behind it. */
	char *image = mb_read_file(path, &length), *release;
	const char *version = image ? find_version(image, length, arch) : NULL;

	release = version ? mb_format("%.*s", (int)strcspn(version, " "), version) : NULL;
	free(image);
	return release;
}
