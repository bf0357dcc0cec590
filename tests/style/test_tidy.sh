#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: clang-tidy, as .clang-tidy says, has nothing to say but what tidy.suppressed explains.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
cd "$MIGBENCH_SOURCE" || exit 1

# Versions find different things; the one of Debian 12 decides.
version=$(clang-tidy --version 2>/dev/null | sed -n 's/.*LLVM version \([0-9]*\)\..*/\1/p')
if [ "$version" != 14 ]; then
	echo "skipped: clang-tidy of version 14 decides, and this is ${version:-none}"
	exit 77
fi
# The program's own sources; what runs in a kernel or in QEMU is compiled in other ways. Who dies has nothing to say of
# his sources: that is said in the same form.
tidied() {
	printf '%s\0' "$@" | xargs -0 -P "$(nproc)" -n 4 sh -c 'clang-tidy --quiet --config-file=.clang-tidy "$@" -- \
		-std=gnu11 -D_GNU_SOURCE "-DMB_VERSION=\"\"" -I . -I include 2>/dev/null
		status=$?
		[ $status -lt 128 ] || echo "$*:0: error: status $status [clang-tidy-died]"' sh |
		sed -n "s,^$MIGBENCH_SOURCE/,,; s/^\([^:]*\):[0-9:]* \(warning\|error\): .*\[\([^]]*\)\]\$/\3:\1/p" | sort -u
}
mapfile -t sources < <(find core cli bench observe analysis lab -name '*.c' \
	! -path 'lab/payload/*' ! -path 'observe/bpf/*' ! -path observe/embedded.c)
check "clang-tidy" test -z "$(tidied "${sources[@]}" | grep -vxFf tests/style/tidy.suppressed | tee -a /dev/stderr)"
# It can fail.
printf '#include <stdlib.h>\nint g(void) { int *p = malloc(4); if (!p) return 0; *p = 1; free(p); return *p; }\n' >"$scratch/freed.c"
check "clang-tidy finds it" test "$(tidied "$scratch/freed.c")" = "clang-analyzer-unix.Malloc:$scratch/freed.c"
mkdir "$scratch/bin"
printf '#!/bin/sh\nkill -SEGV $$\n' >"$scratch/bin/clang-tidy"
chmod +x "$scratch/bin/clang-tidy"
check "so does a clang-tidy that dies" test "$(PATH=$scratch/bin:$PATH tidied "$scratch/freed.c")" = "clang-tidy-died:$scratch/freed.c"
finish
