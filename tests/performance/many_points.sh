#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: the memory of run, compare, advise, export and report stays within bounds that grow with the points.
# many_points.sh [MOST]: from 1,000 points a file to MOST (10,000; docs/reliability.md has 100,000). Prints a table.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
most=${1:-10000}
: "${PERFORMANCE:=$(dirname "$MIGBENCH")/tests/performance}"

# A run of so many points, with two boots of two samples and two phases each.
draw() { # POINTS SEED
	awk -v points="$1" -v seed="$2" 'BEGIN {
		srand(seed)
		split("exclusive shared cow thp", states, " ")
		split("private coherent system", memories, " ")
		split("to-device to-system round-trip", directions, " ")
		printf "{\"type\":\"run\",\"format\":1,\"id\":\"%d\",\"started\":\"2026-01-01T00:00:00Z\",\"clock\":\"insns\",", seed
		printf "\"seed\":1,\"label\":\"drawn %d\",\"env\":{\"kernel\":\"6.%d.0\",\"emulated\":true},\"config\":{}}\n", seed, seed
		for (i = 0; i < points; i++) {
			printf "{\"type\":\"point\",\"id\":%d,\"benchmark\":\"migrate\",\"params\":{\"batch\":%d,", i, 1 + int(i / 72)
			printf "\"memory\":\"%s\",\"page\":\"%s\",", memories[1 + i % 3], int(i / 3) % 2 ? "4k" : "2m"
			printf "\"direction\":\"%s\",\"state\":\"%s\",", directions[1 + int(i / 6) % 3], states[1 + int(i / 18) % 4]
			print "\"threads\":1,\"nodes\":\"0>1\"}}"
		}
		for (boot = 0; boot < 2; boot++)
			for (i = 0; i < points; i++) {
				pages = 1 + int(i / 72)
				v = 3000 * pages + int(rand() * 10)
				printf "{\"type\":\"block\",\"point\":%d,\"boot\":%d,\"round\":1,\"pages\":%d,\"invalid\":0,", i, boot, pages
				printf "\"counters\":{},\"metrics\":{\"total\":{\"unit\":\"insns\",\"values\":[%d,%d]},", v, v
				printf "\"setup\":{\"unit\":\"insns\",\"values\":[%d,%d]},\"copy\":{\"unit\":\"insns\",\"values\":[%d,%d]}}}\n", v / 2, v / 2, v / 3, v / 3
			}
		print "{\"type\":\"end\"}"
	}'
}

# A plan of nearly as many, all but one of which can't be measured without the module.
plan() { # POINTS
	printf '[global]\nrounds = 2\nsamples = 1\n[null]\npart = clock\n[migrate]\nstate = %s\n' \
		exclusive,shared,unshared,hole,zero,clean,dirty,readonly,swapcache,shmem,half,mixed,pinned,extra-ref,locked >plan.ini
	echo run --suite ./plan.ini --set migrate.batch="$(seq -s, 22)" --quiet --force --out planned.jsonl \
		--set migrate.threads="$(seq -s, $(($1 < 10000 ? 1 : 10)))" --set migrate.bystanders="$(seq -s, $(($1 < 100000 ? 1 : 10)))"
}

table=()
for ((points = 1000; points <= most; points *= 10)); do
	draw $points 1 >a.jsonl
	draw $points 2 >b.jsonl
	commands=("compare a.jsonl b.jsonl" "advise a.jsonl" "export --format csv a.jsonl"
		"report --quiet a.jsonl --out pages-$points" "report --quiet a.jsonl --format html --out page-$points.html")
	# With the module they would be measured, for hours.
	[ -e /dev/migbench ] || commands+=("$(plan $points)")
	for command in "${commands[@]}"; do
		# Without pictures, which are gnuplot's.
		# shellcheck disable=SC2086
		cost=$("$PERFORMANCE/cost" env PATH= MIGBENCH_DATA="$MIGBENCH_SOURCE" "$MIGBENCH" $command 2>said) || {
			cat said >&2
			echo "$command of $points points ends with $?" >&2
			exit 1
		}
		what=${command%% *}
		[[ $command != report*html ]] || what=html
		table+=("$points $what $cost")
	done
done
printf '%s\n' "${table[@]}" | awk '
	BEGIN { print "| points | command | seconds | CPU seconds | peak MiB |\n|--:|---|--:|--:|--:|" }
	{ printf "| %d | %s | %s | %s | %s |\n", $1, $2, $3, $4, $5 }'

# 15 MiB for what does nothing, and for each point of a file what docs/reliability.md promises. Memory, not time:
# a neighbour takes none of it.
printf '%s\n' "${table[@]}" | awk '{
	kib = $2 == "compare" ? 5.5 : $2 == "advise" ? 3.5 : $2 == "report" ? 3.5 : $2 == "html" ? 12 : $2 == "run" ? 4.5 : 2.75
	if ($5 > 15 + kib * $1 / 1024) { print "memory of " $2 " at " $1 " points: " $5 " MiB"; bad = 1 }
} END { exit bad }' >&2 || failures=1
finish
