#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: no file needs one of a room that comes after its own, and none needs itself.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"

rooms() {
	perl "$MIGBENCH_SOURCE/tests/style/rooms.pl" "$@"
}

said=$(rooms "$MIGBENCH_SOURCE" "$(dirname "$MIGBENCH")" 2>&1) || said+=", status $?"
check "the rooms are in order: $said" test -z "$said"

check "docs/rooms.svg is of today's include lines; docs/rooms.sh draws it" \
	diff <("$MIGBENCH_SOURCE/docs/rooms.sh" --arrows) <(sed -n '/^<!-- docs/,/^-->/p' "$MIGBENCH_SOURCE/docs/rooms.svg" | sed '1d;$d')

# The judge himself: each kind of fault, planted.
plant() {
	mkdir -p "$(dirname "planted/$1")"
	printf '#include "%s"\n' "${@:2}" >"planted/$1"
}

finds() {
	local what=$1 pattern=$2

	check "it finds $what" test 1 = "$(rooms planted | grep -cE -- "$pattern")"
	rm -rf planted
}

plant lab/base/files.c lab/kernel/apt.h
plant lab/kernel/apt.h core/status.h
plant core/status.h
finds "an arrow that runs back" '^lab/base/files: lab/base may not use lab/kernel/apt '
plant lab/profile/boot.c lab/patch/git.h
plant lab/patch/git.h
finds "an arrow between neighbours" '^lab/profile/boot: '
plant lab/fleet/jobs.c lab/patch/git.h
plant lab/patch/git.h
finds "one between a campaign's jobs and a patch's" '^lab/fleet/jobs: '
plant bench/run.c bench/cases/null.h
plant bench/cases/null.h
finds "one into a case" '^bench/run: bench may not use bench/cases/null '
plant lab/attic/old.c string.h
finds "a room that nobody placed" '^lab/attic: no row'
plant lab/patch/git.c lab/base/files.h
plant lab/base/files.h lab/base/spawn.h
plant lab/base/spawn.c lab/base/self.h
plant lab/base/spawn.h
plant lab/base/self.h lab/base/files.h
finds "a circle through a header" '^circle: lab/base/files > lab/base/spawn > lab/base/self > lab/base/files$'
for i in $(seq 31); do plant "core/file$i.c" string.h; done
finds "a folder too large" '^core: 31 sources'
plant core/a.c string.h
plant core/b.c string.h
mkdir -p objects/core.dir/core
echo 'int a(void); int b(void); int a(void) { return b(); }' | gcc -x c -c - -o objects/core.dir/core/a.c.o
echo 'int a(void); int b(void); int b(void) { return a(); }' | gcc -x c -c - -o objects/core.dir/core/b.c.o
said=$(rooms planted objects)
check "it finds a circle that no line shows" test "$said" = 'circle: core/a > core/b > core/a'
finish
