#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: what a run file says, or a path, reaches no terminal, picture, CSV or page as an escape, a tag or a link.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
export MIGBENCH_DATA=$MIGBENCH_SOURCE
m=$MIGBENCH

# In every text that a run file has: a colour, a bell, an 8-bit CSI, a tag, Markdown and a new line.
evil='\u001b[31mred\u0007\u009b1m<script>alert(1)</script>[x](http://x.example)`a`|b| **c**\n# head \"q\" '"'q'"' &lt; %s \\'
run_file() { # KERNEL COST
	local id=0 batch more
	echo '{"type":"run","format":1,"id":"'"$1$evil"'","tool":"t'"$evil"'","clock":"insns","label":"l'"$evil"'","seed":1,"started":"'"$evil"'","lab":{"kernel":"k'"$evil"'","topology":"t'"$evil"'"},"env":{"kernel":"'"$1$evil"'","cpu":"c'"$evil"'","cmdline":"'"$evil"'","emulated":true},"config":{"suite":"s'"$evil"'"}}'
	for batch in 1 16 64; do
		for more in 0 3; do
			id=$((id + 1))
			echo '{"type":"point","id":'$id',"benchmark":"migrate","params":{"direction":"to-device","batch":'$batch',"memory":"private'"$evil"'","key'"$evil"'":'$more'}}'
			echo '{"type":"block","point":'$id',"boot":0,"pages":'$batch',"requested":'$batch',"collected":'$batch',"migrated":'$batch',"invalid":0,"metrics":{"total":{"unit":"insns","values":['$((batch * $2 + more))']},"metric'"$evil"'":{"unit":"insns","values":[3]}},"counters":{"counter'"$evil"'":3}}'
		done
	done
	# In tables of their own, and as a tick of a picture, which gnuplot takes for a format.
	echo '{"type":"point","id":97,"benchmark":"other","params":{"p":"v'"$evil"'"}}'
	echo '{"type":"block","point":97,"boot":0,"pages":1,"requested":1,"collected":1,"migrated":1,"invalid":0,"metrics":{"total":{"unit":"insns","values":['"$2"']}},"counters":{"counter":3}}'
	for id in 96 98; do
		echo '{"type":"point","id":'$id',"benchmark":"fault","params":{"access":"'$id'%'"$evil"'"}}'
		echo '{"type":"block","point":'$id',"boot":0,"pages":1,"requested":1,"collected":1,"migrated":1,"invalid":0,"metrics":{"total":{"unit":"insns","values":['"$2,$2"']},"setup":{"unit":"insns","values":[9,9]},"alloc":{"unit":"insns","values":[9,9]},"copy":{"unit":"insns","values":[9,9]},"pages":{"unit":"insns","values":[9,9]},"finalize":{"unit":"insns","values":[9,9]}}}'
	done
	echo '{"type":"point","id":99,"benchmark":"bench'"$evil"'","params":{"p":1}}'
	echo '{"type":"skip","point":99,"boot":0,"why":"why '"$evil"'"}'
	echo '{"type":"probe","id":"p'"$evil"'","commit":"c'"$evil"'","title":"t'"$evil"'","answer":"present","why":"'"$evil"'"}'
	echo '{"type":"end"}'
}
run_file 6.1 1000 >a.jsonl
run_file 6.2 1300 >b.jsonl
# A file whose plan is another is refused by a line that names a point.
grep -v '"id":6\|"point":6' b.jsonl >c.jsonl

# Bytes that a terminal obeys: all controls but the line's end, and those of the second set.
clean() { # WHAT FILE…
	check "$1" test -z "$(shift; LC_ALL=C grep -lP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]' "$@")"
}
for command in "compare a.jsonl b.jsonl" "compare a.jsonl b.jsonl --trend" "export a.jsonl --format otava" "compare a.jsonl b.jsonl --format csv" "compare a.jsonl b.jsonl --format md" \
	"compare a.jsonl b.jsonl --format lkml" "compare a.jsonl b.jsonl --format json" "advise a.jsonl" \
	"advise a.jsonl --format json" "export a.jsonl --format csv" "export a.jsonl --format benchstat"; do
	# shellcheck disable=SC2086
	expect 0 "" "$m" $command
	clean "$command" stdout stderr
	[ "${command##* }" != md ] || cp stdout compare.md
done
# Within code a bar ends a cell, too, unless it is escaped; stars mean nothing there.
cells() { # WHAT FILE…
	check "no cell of theirs in $1" test -z "$(shift; awk '/^```/ { code = !code; next } !code' "$@" | sed 's/\\|//g' | grep -F '|b|')"
}
bold() { # WHAT FILE…
	check "nothing bold of theirs in $1" test -z "$(shift; awk '/^```/ { code = !code; next } !code' "$@" | sed 's/`[^`]*`//g' | grep -F '**c**')"
}
check "compare.md has both" grep -qF 'b\| \*\*c' compare.md
cells "compare" compare.md
bold "compare" compare.md
"$m" check-run a.jsonl >stdout 2>stderr
check "check-run says something of it" test -s stdout -o -s stderr
clean "check-run" stdout stderr
expect 2 "under the clock insns both sides need the same plan" "$m" compare a.jsonl c.jsonl
clean "a refusal" stderr

expect 0 "" "$m" report a.jsonl b.jsonl --out out --quiet
check "a percent sign is no format" grep -q '96%' out/plots/fault-phases-*.svg
clean "the report" $(find out -name '*.md' -o -name '*.svg')
check "names of files are plain" test -z "$(find out | LC_ALL=C grep -v '^[A-Za-z0-9./_-]*$')"
# In Markdown a tag is text inside a code span, and elsewhere its bracket is written as an entity.
check "no tag in Markdown" test -z "$(sed 's/`[^`]*`//g' $(find out -name '*.md') | grep -F '<script')"
check "no link of theirs" test -z "$(sed 's/`[^`]*`//g' $(find out -name '*.md') | grep -F '[x](http')"
check "no heading of theirs" test -z "$(grep -h '^# head' $(find out -name '*.md'))"
cells "the report" $(find out -name '*.md')
bold "the report" $(find out -name '*.md')
check "no tag in pictures" test -z "$(grep -lF '<script' $(find out -name '*.svg'))"

# The same in the name of a file, and in a profile of two kernels.
name=$(printf 'f\033[31m<script>alert(1)<i>\302\2331m[x](http:x.example)`a`|b|.jsonl')
cp a.jsonl "$name"
jq -c --arg evil "$(printf '\033[31m\302\2331m<script>alert(1)</script>[x](http://x.example)`a`|b| **c**\n# head')" \
	'.name += $evil | .kernels[] += $evil | .functions |= [.[:6][] | .name += $evil | .phase += $evil | .note = $evil]' \
	"$MIGBENCH_SOURCE/results/lab-x86_64/profile-mprotect-5.10-6.1.json" >profile.json
check "the profile is as evil" grep -q 'u001b' profile.json
expect 0 "" "$m" report "$name" b.jsonl --profile profile.json --out named --quiet
clean "a report of such names" $(find named -name '*.md' -o -name '*.svg')
check "no tag of theirs in it" test -z "$(sed 's/`[^`]*`//g' $(find named -name '*.md') | grep -F '<script')"
check "no link of theirs in it" test -z "$(sed 's/`[^`]*`//g' $(find named -name '*.md') | grep -F '[x](http')"
check "no tag of theirs in its pictures" test -z "$(grep -lF '<script' $(find named -name '*.svg'))"
cells "it" $(find named -name '*.md')
bold "it" $(find named -name '*.md')
check "no heading of theirs in it" test -z "$(grep -h '^# head' $(find named -name '*.md'))"
for format in text md csv lkml json; do
	expect 0 "" "$m" compare "$name" b.jsonl --format $format
	clean "compare --format $format of such a name" stdout
	[ $format != md ] || cells "compare of such a name" stdout
done
expect 2 "cannot open" "$m" compare "$name" "$name.none"
clean "a refusal of such a name" stderr

expect 0 "" "$m" report "$name" b.jsonl --profile profile.json --format html --out out.html --quiet
clean "the page" out.html
check "no script of theirs" test -z "$(grep -F '<script>alert' out.html)"
check "no link of theirs in the page" test -z "$(grep -F 'href="http://x.example' out.html)"

# A path alone is for scripts, byte for byte; on a terminal it is for a reader, and so is prose anywhere.
# on_terminal COMMAND…: what a terminal gets of it, without what ends its lines, in the file typed.
on_terminal() {
	SHELL=/bin/sh command script -qec "$(printf "'%s' " "$@")" raw >/dev/null 2>&1 </dev/null
	sed '1d;$d' raw | tr -d '\r' >typed
}
evil_path=$(printf 'x\033[31m\302\2331m.jsonl')
run=("$m" run --suite native --only null/part=clock --out)
expect 0 "" "${run[@]}" "$evil_path"
check "a script can open what it is told" test -e "$(tail -n 1 stdout)" -a "$(wc -l <stdout)" -eq 1
rm "$evil_path"
on_terminal "${run[@]}" "$evil_path"
clean "the path of a run on a terminal" typed
check "it is there: $(cat typed)" grep -qF 'x?[31m?1m.jsonl' typed

rm "$evil_path"
printf '[campaign]\nkernels = 6.1\ntopologies = 2-node-1-cpu\nsuites = smoke\n' >c.ini
expect 0 "" "$m" lab campaign plan c.ini --out "$evil_path"
clean "a plan" stdout
eval "words=($(cat stdout))"
check "a shell takes it for the same bytes" test "${words[-1]}" = "--out=$evil_path/6.1,2-node-1-cpu,smoke.jsonl"
mkdir empty
expect 1 "" "$m" lab campaign collect c.ini --out empty --to "$evil_path"
check "a path in a sentence is plain" grep -qx '0 of 1 cells are in x?\[31m?1m.jsonl' stdout
clean "a sentence" stdout
finish
