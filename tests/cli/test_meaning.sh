#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: compare says what a change means: functions of a profile, and the commits that touch them.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
m=$MIGBENCH

# run_file KERNEL MORE: four batches, MORE instructions a page dearer, in the phase pages.
run_file() {
	local n
	echo '{"type":"run","format":1,"id":"'"$1"'","clock":"insns","label":"L","seed":42,"env":{"kernel":"'"$1"'"},"config":{}}'
	for n in 1 8 64 512; do
		echo '{"type":"point","id":'$n',"benchmark":"migrate","params":{"batch":'$n',"direction":"to-device"}}'
		echo '{"type":"block","point":'$n',"boot":0,"round":1,"pages":'$n',"metrics":{' \
			'"total":{"unit":"insns","values":['$((100 + n * (3000 + $2)))']},' \
			'"setup":{"unit":"insns","values":['$((n * 500))']},' \
			'"alloc":{"unit":"insns","values":['$((n * 500))']},' \
			'"copy":{"unit":"insns","values":['$((n * 500))']},' \
			'"pages":{"unit":"insns","values":['$((n * (500 + $2)))']},' \
			'"finalize":{"unit":"insns","values":['$((n * 500))']}}}'
	done
	echo '{"type":"end"}'
}
run_file 6.1.5-lab 0 >a.jsonl
run_file 6.3.0-lab 17 >b.jsonl
cat >profile.json <<'END'
{"name":"migrate/batch=512,direction=to-device","pages":512,"moved":null,"kernels":["6.1.5-lab","6.3.0-lab"],
"totals":{"a":1536100,"b":1544804},"functions":[
{"name":"dear","phase":"pages","a":51200,"b":56320},{"name":"dear","phase":"finalize","a":0,"b":2560},
{"name":"dearer_than_before","phase":"pages","a":0,"b":1024},{"name":"mb_x [migbench]","phase":"pages","a":0,"b":10}]}
END

# flat FILE: a paragraph as one line.
flat() {
	tr '\n' ' ' <"$1"
}

# said WHAT TEXT: TEXT stands in the paragraph on stdout, which comes first.
said() {
	check "$1" grep -qF "$2" <(sed '/^$/q' stdout | flat /dev/stdin)
}

expect 0 "" "$m" compare a.jsonl b.jsonl
said "which points" "What the change means: of migrate, B costs more at 4 of 4 points, most at 512 pages (+0.57%)."
said "a page or a batch" "It is +17.0 instructions a page and nothing a batch (least squares over 4 batch sizes"
said "which phase" "At 512 pages, 100% of it is in pages."
expect 0 "" "$m" compare a.jsonl a.jsonl
check "nothing changed, nothing is said" sh -c '! grep -q means stdout'
expect 0 "" "$m" compare a.jsonl a.jsonl --format json
check "nor in JSON" jq -e '.meaning == null' stdout
expect 0 "" "$m" compare a.jsonl b.jsonl a.jsonl
check "nor of several" sh -c '! grep -q means stdout'
expect 0 "" "$m" compare a.jsonl b.jsonl --format json
check "JSON" jq -e '.meaning | test("^What the change means: .*17.0 instructions a page")' stdout
for format in md lkml; do
	expect 0 "" "$m" compare a.jsonl b.jsonl --format $format --profile profile.json
	said "the functions, in $format" "By function, of +17.0 instructions a page: dear +15.0"
done
# A program of the user's has neither pages nor batches.
own_file() {
	run_file "$1" "$2" | sed -E '/"(point|id)":(8|64|512),/d; s/"migrate","params":.*/"own","params":{"program":"prog"}}/'
}
own_file 6.1.5-lab 0 >own-a.jsonl
own_file 6.3.0-lab 17 >own-b.jsonl
jq -c '.name = "own/program=prog" | .pages = 1' profile.json >own.json
expect 0 "" "$m" compare own-a.jsonl own-b.jsonl --profile own.json
said "a program" "What the change means: of program prog, B costs more (+0.55%). 100% of it is in pages. By function, of +8704.0 instructions: dear"
sed 's/"functions":\[/&{"name":"a","phase":"pages","a":0,"b":5120},{"name":"b","phase":"pages","a":5120,"b":0},/' profile.json >many.json
expect 0 "" "$m" compare a.jsonl b.jsonl --profile many.json
said "what those that are not named have together" "a page: dear +15.0, a +10.0, b -10.0, 2 others +2.0."
expect 0 "" "$m" compare a.jsonl b.jsonl --meaning "So it was."
check "another paragraph" test "$(head -n 1 stdout)" = "So it was."
# A profile of what did not change says nothing of what did.
sed 's/to-device/elsewhere/' profile.json >other.json
expect 0 "" "$m" compare a.jsonl b.jsonl --profile other.json
check "another point's profile" sh -c '! grep -q "By function" stdout'
expect 0 "" "$m" compare a.jsonl b.jsonl --profile other.json --profile profile.json
said "the one that fits" "dear +15.0"

expect 2 "--profile x.json: " "$m" compare a.jsonl b.jsonl --profile x.json
expect 2 "a.jsonl: (not what|end of file)" "$m" compare a.jsonl b.jsonl --profile a.jsonl
expect 2 "two runs" "$m" compare a.jsonl b.jsonl a.jsonl --profile profile.json
expect 2 "--git needs --profile" "$m" compare a.jsonl b.jsonl --git .
expect 2 "--range is for --git" "$m" compare a.jsonl b.jsonl --range a..b
expect 2 "--git .: git knows no commit" "$m" compare a.jsonl b.jsonl --profile profile.json --git .
command -v git >/dev/null || finish

# A tree: what touched dear() between the kernels, what touched something else, and what came before.
export GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@localhost GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@localhost
mkdir -p tree/mm
cd tree || exit 1
git init -q -b main .
commit() { # SUBJECT VALUE-OF-DEAR VALUE-OF-OTHER
	printf '%s\n' "void dear(int x);" "int other(int x)" "{" "	dear(x);" "	return x + $3;" "}" "" \
		"static int dearer_than(void)" "{" "	return 1;" "}" "" \
		"static void" "dear(int x)" "{" "	/* one */" "	x += $2;" "}" >mm/a.c
	git add mm && git commit -qm "$1"
}
commit "mm: before the range" 0 0
git tag v6.1
commit "mm: dear costs more" 1 0
commit "mm: the other one" 1 1
git checkout -q -b side
commit "mm: dear, on a side branch" 2 1
git checkout -q main
git merge -q --no-ff -m "Merge side" side
git tag v6.3
commit "mm: after the range" 3 1
cd ..
expect 0 "" "$m" compare a.jsonl b.jsonl --profile profile.json --git tree
said "the range is of the kernels' tags" "Commits of v6.1..v6.3 that touch them: dear: "
said "one of the commits" '("mm: dear costs more")'
said "one that was merged" '("mm: dear, on a side branch")'
check "by their ids" grep -q "$(git -C tree log --format=%h -1 v6.1~0..side --grep 'side branch')" stdout
for other in 'before the range' 'the other one' 'Merge side' 'after the range'; do
	check "not: $other" sh -c '! tr "\n" " " <stdout | grep -q "$0"' "$other"
done
git -C tree tag v6.1.5 v6.3
expect 0 "" "$m" compare a.jsonl b.jsonl --profile profile.json --git tree
said "the tag of the very version" "There is no commit in v6.1.5..v6.3."
expect 0 "" "$m" compare a.jsonl b.jsonl --profile profile.json --git tree --range v6.3..main
said "a range that was given" '("mm: after the range");'
check "and no other" sh -c '! grep -q "dear costs more" stdout'
expect 2 "no commit 'v9' there" "$m" compare a.jsonl b.jsonl --profile profile.json --git tree --range v6.1..v9
expect 2 "takes A..B" "$m" compare a.jsonl b.jsonl --profile profile.json --git tree --range v6.1
expect 2 "no commit '--help' there" "$m" compare a.jsonl b.jsonl --profile profile.json --git tree --range=--help..v6.3
git -C tree tag -d v6.3 >/dev/null
expect 2 "no commit 'v6.3' there; give --range" "$m" compare a.jsonl b.jsonl --profile profile.json --git tree
sed 's/"dear"/"gone"/' profile.json >gone.json
expect 0 "" "$m" compare a.jsonl b.jsonl --profile gone.json --git tree --range v6.1..main
said "a function that is not there" "gone: not found there;"
expect 0 "" "$m" compare a.jsonl b.jsonl --format lkml --profile profile.json --git tree --range v6.1..main
check "75 columns" test "$(awk '{ if (length($0) > n) n = length($0) } END { print n }' stdout)" -le 75

# lab ab refuses before it builds.
export MIGBENCH_CACHE=$scratch/cache
ab=("$m" lab ab --kernel 6.1 --patch "$MIGBENCH_SOURCE/tests/guest/patches/page-20.patch")
expect 2 "--range is for --git" "${ab[@]}" --range a..b
expect 2 "needs --clock insns" "${ab[@]}" --git tree --clock time
expect 2 "needs --clock insns" "${ab[@]}" --git tree --profile 0
expect 2 "no commit 'v9' there" "${ab[@]}" --git tree --range v6.1..v9
expect 2 "no commit 'HEAD' there" "${ab[@]}" --git /
finish
