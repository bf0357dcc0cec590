/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a kernel's image says of itself. */
#ifndef MIGBENCH_LAB_KERNEL_IMAGE_H
#define MIGBENCH_LAB_KERNEL_IMAGE_H

#include "lab/base/arch.h"

/*
 * The release of the image at @path, malloc'd, and its architecture in *@arch; NULL where it is
 * neither a bzImage of x86 nor an Image of arm64.
 */
char *lab_image_release(const char *path, const struct lab_arch **arch);

#endif
