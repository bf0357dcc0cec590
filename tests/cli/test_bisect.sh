#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: lab bisect with several commits a step names the same one as git bisect run, and leaves nothing behind.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
command -v git >/dev/null || {
	echo "skipped: git is not installed"
	exit 77
}
m=$MIGBENCH
export MIGBENCH_CACHE=$scratch/cache MIGBENCH_HOST_ARCH=x86_64
export GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@localhost GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@localhost
mkdir linux
cd linux || exit 1
git init -q -b main
touch Kconfig
printf 'VERSION = 6\nPATCHLEVEL = 1\n' >Makefile
git add .
# commits COUNT NAME: one after the other
commits() {
	local i
	# What a subject has for a terminal is shown, and not obeyed.
	for ((i = 1; i <= $1; i++)); do git commit -q --allow-empty -m "$2 $i"$'\033[31m'; done
}
bisect() {
	"$m" lab bisect --point null/part=ioctl --bad-above 150 --quiet "$@"
}

commits 21 row
first=$(git rev-list --max-parents=0 HEAD)
expect 2 "width goes with --good and --bad" bisect --width 2
expect 2 "on slurm goes with --good and --bad" bisect --on slurm
expect 2 "dry-run goes with --good and --bad" bisect --dry-run
expect 2 "local or slurm, not 'pbs'" bisect --good "$first" --bad main --on pbs
expect 2 "1 to 64" bisect --good "$first" --bad main --width 65
expect 0 "" bisect --good "$first" --bad main --width 4 --dry-run
check "equal pieces, and no colour of a subject" test "$(sed -n 's/^  [0-9a-f]* *row //p' stdout | paste -sd ' ')" = "5?[31m 9?[31m 13?[31m 17?[31m"
check "so many" grep -qx '20 commits, of which the first step tests 4:' stdout
check "nothing has begun" bash -c '! git bisect log 2>/dev/null'
notes=$(sed -n 's/^values are remembered in //p' stdout)
sed '1,/^== /d' stdout >../script
expect 0 "" bisect --goo "$first" --bad=main --wid 4 --dry-run
check "options may be cut short" test "$(sed '1,/^== /d' stdout)" = "$(cat ../script)"
bash -n ../script
check "the script is shell" test $? -eq 0
check "a step is the command without the search" grep -qE "lab bisect --jobs=[0-9]+ --point null/part=ioctl --bad-above 150 --quiet$" ../script
check "where values are remembered" test -n "$notes"
mkdir -p "$(dirname "$notes")"
# They are of one machine, by what its description says.
places=
for memory in 512M 640M 512M; do
	sed "0,/^memory = .*/s//memory = $memory/" "$MIGBENCH_SOURCE/configs/topologies/2-node-1-cpu.ini" >../machine.ini
	expect 0 "" bisect --good "$first" --bad main --topology ../machine.ini --dry-run
	places+="$(sed -n 's/^values are remembered in //p' stdout) "
done
cp "$MIGBENCH_SOURCE/tests/machines/kinds.xml" .
"$m" lab bisect --point null/part=ioctl --bad-above 150 --good "$first" --bad main --topology kinds.xml --dry-run >stdout 2>stderr
check "a recorded machine is one, too: $(cat stderr)" grep -q '^values are remembered in ' stdout
rm kinds.xml
check "another machine has others: $places" awk '{ exit !($1 != "" && $1 != $2 && $1 == $3) }' <<<"$places"

# What has a value in there is not built: 100 instructions before the guilty commit, 200 from it on.
measured() { # GUILTY
	{
		git rev-list --ancestry-path --all "^$1"
		git rev-parse "$1"
	} | sed 's/$/ 200.0/' >bad
	git rev-list --all | sed 's/$/ 100.0/' | cat bad - | sort -u -k1,1 -s >"$notes"
	rm bad
}
named() { sed -n 's/^First bad commit: \([0-9a-f]*\) .*/\1/p' stdout; }
# A value that a full disk cut off is none: 100 of 1000 would be good.
head=$(git rev-parse HEAD)
printf '%s 100' "$head" >"$notes"
bisect >stdout 2>stderr
check "a value that was cut off is none: $(cat stdout)" grep -q "skip: it can't be built" stdout
printf '\n%s 100.0\n' "$head" >>"$notes"
bisect >stdout 2>stderr
check "a whole one is one: $(cat stderr)" grep -q "100.0 instructions .*good" stdout

# Of the kernels that it built the last one of the other side is kept, which tells the difference in the end.
kernel() { # COMMIT
	local name folder
	name=bisect-$(git rev-parse "$1" | cut -c 1-12)
	folder=$MIGBENCH_CACHE/kernels/$name-0123456789ab
	mkdir -p "$folder"
	jq -n --arg name "$name" --arg tree "$PWD" '{ name: $name, release: "6.1.0", label: "6.1.0", key: "0123456789ab",
		source: "own", tree: $tree, built: 1, size: 1 }' >"$folder/kernel.json"
}
kept() {
	for folder in "$MIGBENCH_CACHE"/kernels/bisect-*; do git log -1 --format=%s "$(basename "$folder" | cut -c 8-19)"; done |
		sed "s/[^0-9]*\([0-9]*\).*/\1/" | sort -n | paste -sd ' '
}
measured main~8
for commit in main~15 main~2 main; do kernel $commit; done
bisect >stdout 2>stderr
check "of a bad one: it and the good one stay, not $(kept)" test "$(kept)" = "6 21"
rm -r "$MIGBENCH_CACHE/kernels"

# found WHAT GUILTY GOOD BAD WIDTH [OPTION]…: of its kernels neither can be built, so that no difference is told.
found() {
	local what="$1, $5 at once" guilty good=$3 bad=$4 width=$5
	guilty=$(git rev-parse "$2")
	shift 5
	bisect --good "$good" --bad "$bad" --width "$width" "$@" >stdout 2>stderr
	check "$what: the guilty one" grep -q "^$guilty is the first bad commit" stdout
	check "$what: once" test "$(grep -c 'is the first bad commit' stdout)" -eq 1
	check "$what: it is left to tell the difference" grep -q "can't be built: nothing to compare with" stderr
	check "$what: the tree is as it was" test "$(git symbolic-ref --short HEAD)" = main -a -z "$(git status --porcelain -uno)"
	check "$what: nothing else is left" test -z "$(ls -d "$MIGBENCH_CACHE"/bisect/trees-* 2>/dev/null)" -a "$(git worktree list | wc -l)" -eq 1
}
steps() { grep -c 'commits are left' stderr; }
measured main~19
found "the first one" main~19 "$first" main 2
measured main
found "the last one" main "$first" main 20
check "all at once take one step" test "$(steps)" -eq 1
measured main~8
for width in 1 5; do found "in the middle" main~8 "$first" main $width; done
check "twenty take two steps, five at once" test "$(steps)" -le 2

# Merges, one of a branch that is older than the good commit.
git checkout -q -b side "$first~0"
commits 5 side
git checkout -q main
git merge -q --no-ff -m merged side
commits 3 late
measured main~10
found "before a merge" main~10 main~18 main 3
measured side~2
for width in 1 3; do found "in a branch" side~2 "$first" main $width; done
for width in 1 3; do found "in a branch that the good one does not have" side~2 main~14 main $width; done
# A good commit that is not in the bad one's history: what both have is tested before.
git checkout -q -b other main~14
commits 2 other
git checkout -q main
measured main~6
for width in 1 3; do found "from another branch" main~6 other main $width; done

# One that can't be built is left out, and where it could be the guilty one, that is said.
measured main~6
unbuilt=$(git rev-parse main~10)
sed -i "/^$unbuilt/d" "$notes"
sed -i "/^$(git rev-parse main~12)/d" "$notes"
for width in 1 20; do found "beside one that can't be built" main~6 "$first" main $width; done
check "it is said" grep -q "^${unbuilt:0:12}  -  skip: it can't be built" stdout
measured main~10
sed -i "/^$unbuilt/d" "$notes"
bisect --good "$first" --bad main --width 20 >stdout 2>stderr
check "nobody is named: status" test $? -eq 3
check "nobody is named" grep -q "only 'skip'ped commits left" stdout
check "the log stays" grep -q "no kernel\|No rule\|Makefile" "$MIGBENCH_CACHE"/bisect/trees-*/logs/"$unbuilt"
finish
