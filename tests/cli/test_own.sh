#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: a program of one's own is judged before anything boots, and marks do no harm elsewhere.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
m=$MIGBENCH
# A cache of its own: nothing is built there.
export MIGBENCH_CACHE=$scratch/cache

cat >marked.c <<'EOC'
#include <migbench/mark.h>
#include <stdio.h>

int main(void)
{
	for (int i = 0; i < 3; i++) {
		MIGBENCH_BEGIN();
		puts("work");
		MIGBENCH_END();
	}
	return 0;
}
EOC
include=$MIGBENCH_SOURCE/include
check "a program with marks builds as C99" gcc -std=c99 -Wall -Wextra -Werror -pedantic -I "$include" marked.c -o marked
check "and as C17 without optimisation" gcc -std=gnu17 -O0 -Wall -Wextra -Werror -Wshadow -I "$include" marked.c -o marked
if command -v g++ >/dev/null; then
	cp marked.c marked.cc
	check "and as C++" g++ -std=c++17 -Wall -Wextra -Werror -I "$include" marked.cc -o marked
fi
expect 0 "" ./marked
check "marks do nothing outside of the lab" test "$(cat stdout)" = $'work\nwork\nwork'
# A file that is none of ours is mapped and no more.
expect 0 "" env MIGBENCH_MARKS=/nowhere ./marked

for command in run profile ab bisect; do
	lab=("$m" lab $command --kernel 6.1)
	[ $command = ab ] && lab=("$m" lab ab --kernel 6.1,6.12)
	[ $command = bisect ] && lab=("$m" lab bisect --bad-above 5)
	expect 2 "lab $command: --add is for a program" "${lab[@]}" --add ./marked
	expect 2 "--add ./missing: No such file" "${lab[@]}" --add ./missing -- ./missing
	expect 2 "lab $command: ./other is not in the guest; give --add" "${lab[@]}" --add ./marked -- ./other
	expect 2 "lab $command: ./marked is not in the guest" "${lab[@]}" -- ./marked
done
expect 3 "lab kernel build 6\.1" "$m" lab run --kernel 6.1 --out run.jsonl --add ./marked -- ./marked --kernel none
expect 3 "lab kernel build 6\.1" "$m" lab profile --kernel 6.1 --add ./marked -- ./marked
# A folder's name is the first part of the path.
mkdir folder && cp marked folder
expect 3 "lab kernel build 6\.1" "$m" lab profile --kernel 6.1 --add ./folder -- folder/marked
expect 3 "lab kernel build 6\.1" "$m" lab profile --kernel 6.1 --add ./folder/ -- folder/marked
expect 3 "lab kernel build 6\.1" "$m" lab exec --kernel 6.1 --add ./folder -- folder/marked
mkfifo fifo
expect 2 "fifo: neither a file nor a folder" "$m" lab exec --kernel 6.1 --add fifo -- true
expect 2 "lab run: .*not in --clock time" "$m" lab run --kernel 6.1 --clock time --add ./marked -- ./marked
expect 2 "lab ab: .*not in --clock time" "$m" lab ab --kernel 6.1,6.12 --clock time --add ./marked -- ./marked
expect 2 "lab run: --budget is for suites" "$m" lab run --kernel 6.1 --budget 1m --add ./marked -- ./marked
expect 2 "lab profile: --point is for suites" "$m" lab profile --kernel 6.1 --point 'null/*' --add ./marked -- ./marked
expect 2 "lab bisect: --point is for suites" "$m" lab bisect --bad-above 5 --point 'null/*' --add ./marked -- ./marked
expect 2 "benchmark 'own' is not in suite quick; allowed: .*migrate" \
	"$m" lab run --kernel 6.1 --suite quick --out run.jsonl --add ./marked -- ./marked
# Outside of the lab nothing counts instructions.
expect 3 "'./marked': a program is counted in the lab's VM alone" "$m" run -- ./marked
expect 3 "no program is given|no point could be measured" "$m" run --suite own --out run.jsonl
check "the file says why" grep -q "no program is given" run.jsonl

# The point is called after the program and its arguments; what a name reserves is replaced.
points() {
	"$m" run --points --suite own --clock insns -- "$@"
}
check "a program alone" test "$(points ./folder/marked)" = own/program=marked
check "its arguments" test "$(points marked -n 5 'a,b=*')" = own/program=marked_-n_5_a_b__
long=$(printf 'x%.0s' {1..100})
check "a long name is cut" test "$(points marked "$long" | wc -c)" -le 90
check "and still its own" test "$(points marked "$long")" != "$(points marked "${long}y")"
finish
