#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: cppcheck and gcc -fanalyzer have nothing to say but what *.suppressed explains.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
cd "$MIGBENCH_SOURCE" || exit 1

# Versions find different things; the one of Debian 12 decides.
version=$(cppcheck --version 2>/dev/null) || {
	echo "skipped: no cppcheck"
	exit 77
}
if [ "$version" != "Cppcheck 2.10" ]; then
	echo "skipped: this is $version, and 2.10 decides"
	exit 77
fi
looked() {
	cppcheck --quiet --enable=warning,performance,portability --std=c11 --language=c -D__linux__ -D__x86_64__ \
		-I . -I include --library=gnu,posix,tests/style/cppcheck.cfg --error-exitcode=1 \
		--template='{file}:{line}: {id}: {message}' "$@"
}
check "cppcheck" looked --suppressions-list=tests/style/cppcheck.suppressed core cli bench observe analysis lab kmod tests
# It can fail.
printf '#include <stdlib.h>\nint *f(void) { int *p = malloc(4); free(p); return p; }\n' >"$scratch/freed.c"
printf 'int g(void) { int *p = malloc(4); if (!p) return 0; *p = 1; free(p); return *p; }\n' >>"$scratch/freed.c"
check "cppcheck finds what is returned after free()" test -n "$(looked "$scratch/freed.c" 2>&1 | grep deallocret)"

# The program's own sources; what runs in a kernel or in QEMU is compiled in other ways.
analyzed() {
	printf '%s\0' "$@" | xargs -0 -P "$(nproc)" -n 1 gcc -fanalyzer -O1 -std=gnu11 -D_GNU_SOURCE -DMB_VERSION='""' \
		-I . -I include -c -fdiagnostics-plain-output -o /dev/null 2>&1 |
		sed -n 's/^\([^:]*\):.*warning: .*\[\(-Wanalyzer[^]]*\)\]$/\2:\1/p; s/^\(.*\): \(fatal \)\{0,1\}error: /error: \1: /p' | sort -u
}
if [ "$(gcc -dumpversion)" != 12 ]; then
	[ $failures -eq 0 ] || finish
	echo "skipped: gcc -fanalyzer of version 12 decides; cppcheck was run"
	exit 77
fi
mapfile -t sources < <(find core cli bench observe analysis lab -name '*.c' \
	! -path 'lab/payload/*' ! -path 'observe/bpf/*' ! -path observe/embedded.c)
check "gcc -fanalyzer" test -z "$(analyzed "${sources[@]}" | grep -vxFf tests/style/analyzer.suppressed | tee -a /dev/stderr)"
check "gcc -fanalyzer finds it" test -n "$(analyzed "$scratch/freed.c")"
finish
