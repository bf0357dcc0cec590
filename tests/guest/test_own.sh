#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: a program of one's own is counted to the instruction, marked or whole, and profiled.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"
cd "$scratch"

# MORE instructions between the marks, in a function of its own, beside a system call.
cat >marked.c <<'EOC'
#include <migbench/mark.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define SIZE (64 * 4096)

__attribute__((noinline)) static void spend(void)
{
	__asm__ volatile(".rept " MORE "\n\tnop\n\t.endr");
}

int main(int argc, char **argv)
{
	char *at = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	/* Once without marks: what is bound and faulted in at first is not counted. */
	spend();
	mprotect(at, SIZE, PROT_READ | PROT_WRITE);
	memset(at, 1, SIZE);
	MIGBENCH_BEGIN();
	mprotect(at, SIZE, PROT_READ);
	MIGBENCH_END();
	MIGBENCH_BEGIN();
	spend();
	MIGBENCH_END();
	if (argc > 1 && !strcmp(argv[1], "open"))
		MIGBENCH_BEGIN();
	if (argc > 1 && !strcmp(argv[1], "twice")) {
		MIGBENCH_BEGIN();
		MIGBENCH_BEGIN();
		MIGBENCH_END();
	}
	if (argc > 1 && !strcmp(argv[1], "abort"))
		abort();
	return argc > 1 && !strcmp(argv[1], "fail") ? 7 : 0;
}
EOC
cat >whole.c <<'EOC'
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	puts("a word");
	for (int i = 0; i < 3; i++) {
		pid_t child = fork();

		if (!child)
			_exit(0);
		waitpid(child, NULL, 0);
	}
	return 0;
}
EOC
# $CC is a compiler and its options.
# shellcheck disable=SC2206
cc=($CC -O2 -I "$MIGBENCH_SOURCE/include")
"${cc[@]}" -DMORE='"1000"' marked.c -o marked
mkdir more
"${cc[@]}" -DMORE='"1017"' marked.c -o more/marked
"${cc[@]}" whole.c -o whole

count() {
	local out=$1
	shift
	"$MIGBENCH" lab run --kernel "$KERNEL" --quiet --log log --out "$out" "$@"
	clean_log log
}
median() {
	jq -s '[.[] | select(.type == "block").metrics.total.values[]] | sort | .[length / 2 | floor]' "$1"
}

# Two boots, bit for bit: lab run says so, or ends with 1.
count a.jsonl --boots 2 --add ./marked -- ./marked
count b.jsonl --boots 1 --add more/marked -- ./marked
jq -es '.[-1].valid != false and .[-1].boots == 2 and ([.[] | select(.type == "point")] | length) == 1
	and .[1].benchmark == "own" and .[1].params.program == "marked"' a.jsonl >/dev/null || fail "no run of one program"
[ $(($(median b.jsonl) - $(median a.jsonl))) = 17 ] ||
	fail "17 instructions more count $(($(median b.jsonl) - $(median a.jsonl)))"
"$MIGBENCH" compare a.jsonl b.jsonl --margin 0 --format json |
	jq -e '.points | length == 1 and .[0].verdict == "slower"' >/dev/null || fail "compare does not see it"

# What is counted beside it is the program's, with its children; the runner faults a few pages only. Flushes are the
# runner's alone.
count e.jsonl --boots 1 --events page-faults --add ./whole -- ./whole
jq -es '[.[] | select(.type == "block").counters] | all(.[]; has("tlb_flushes") | not)
	and all(.[]; .["page-faults:u"] > 30 and .["page-faults:u"] < 1000)' e.jsonl >/dev/null ||
	fail "events of a program: $(jq -c 'select(.type == "block").counters' e.jsonl)"

# The profile has them in the function that spends them, and adds up to the value.
"$MIGBENCH" lab profile --kernel "$KERNEL" --add more/marked --format json --records records -- ./marked >p.json
jq -es '.[0] as $p | [.[1:][] | select(.type == "block").metrics.total.values[]] as $values
	| ($p.functions | map(.a) | add) == $p.totals.a
	and any($values[]; . == $p.totals.a)
	and $p.phases.user.a + $p.phases.kernel.a == $p.totals.a
	and any($p.functions[]; .name == "spend [marked]" and .phase == "user" and .a == 1018)
	and any($p.functions[]; .name == "change_pte_range" or .name == "change_protection" or .name == "change_protection_range")
	and $p.coverage >= 0.99' p.json records >/dev/null || fail "the profile does not add up: $(head -c 600 p.json)"

# Without marks: all of it, the loader's and the kernel's as well; on 5.10 a few instructions are those of its idle task.
"$MIGBENCH" lab profile --kernel "$KERNEL" --add ./whole --format json --records whole.records -- ./whole >w.json 2>said
grep -qx 'a word' said || fail "the program's words are lost: $(cat said)"
jq -es --argjson old "$OLD" '.[0] as $p | [.[1:][] | select(.type == "block").metrics.total.values[]] as $values
	| ($p.functions | map(.a) | add) == $p.totals.a
	and any($values[]; . == $p.totals.a)
	and ($p.phases.idle.a // 0) <= (if $old then 10 else 0 end)
	and $p.phases.user.a > 1000 and $p.phases.kernel.a > 100000
	and any($p.functions[]; .name == "main [whole]" and .phase == "user")
	and any($p.functions[]; .name == "copy_process") and any($p.functions[]; .name == "do_exit")
	and any($p.functions[]; .name | endswith("[libc.so.6]"))
	and $p.coverage >= 0.99' w.json whole.records >/dev/null || fail "the whole program does not add up: $(head -c 600 w.json)"

# A program that fails is no figure, and one line says why.
refused() {
	local pattern=$1 status=0
	shift
	"$MIGBENCH" lab run --kernel "$KERNEL" --boots 1 --quiet --force --out x.jsonl --add ./marked -- "$@" 2>error || status=$?
	[ "$status" = 3 ] || fail "$*: status $status"
	[ "$(wc -l <error)" = 1 ] && grep -qE "$pattern" error || fail "$*: $(cat error)"
}
refused './marked ended with status 7, on Linux' ./marked fail
refused 'without MIGBENCH_END' ./marked open
refused 'do not alternate' ./marked twice
refused 'killed by signal 6' ./marked abort
refused 'no such program' nothing-of-that-name

# A folder is added under its name, also as shells complete it, and also what a link leads to.
mkdir "$scratch/folder"
echo inside >"$scratch/folder/x"
ln -s folder "$scratch/link"
for add in folder/ link; do
	said=$("$MIGBENCH" lab exec --kernel "$KERNEL" --add "$scratch/$add" -- cat "${add%/}/x" 2>"$scratch/error") || :
	[ "$said" = inside ] || fail "--add $add: '$said' $(cat "$scratch/error")"
done
