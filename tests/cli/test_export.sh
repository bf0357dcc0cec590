#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: export's texts are what the other programs' formats describe, with the run's figures.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
export MIGBENCH_DATA=$MIGBENCH_SOURCE
m=$MIGBENCH

# strict_benchstat: read stdin as Go's benchmark data format and refuse what it does not describe.
# Design 14313: configuration lines "key: value", result lines "Name iterations value unit…" with an
# even number of fields; the reader of x/perf: a key begins with a lower-case letter and has neither
# spaces nor upper-case letters; a space or tab follows the colon; UTF-8.
strict_benchstat() {
	iconv -f UTF-8 -t UTF-8 >utf8 2>/dev/null || { echo "not UTF-8"; return 1; }
	LC_ALL=C awk '
	function bad(why) { print FNR ": " why ": " $0; failed = 1; exit 1 }
	/^$/ { next }
	/[\001-\010\013-\037]/ { bad("control character") }
	/^Benchmark/ {
		if ($0 ~ /[\200-\377]/) bad("a space may hide in it")
		if ($1 !~ /^Benchmark[^a-z]/) bad("no capital after Benchmark")
		if ($1 !~ /-[1-9][0-9]*$/) bad("no number of threads")
		parts = split($1, part, "/")
		for (i = 2; i <= parts; i++) {
			if (part[i] !~ /^[a-z_]+=[^=]+$/) bad("part " part[i])
			split(part[i], pair, "=")
			if ((FNR, pair[1]) in keys) bad("key twice")
			keys[FNR, pair[1]]
		}
		if (NF < 4 || NF % 2) bad("odd number of fields")
		if ($2 !~ /^[1-9][0-9]*$/) bad("iterations")
		for (i = 3; i < NF; i += 2) {
			if ($i !~ /^[0-9]+(\.[0-9]+)?(e[+-][0-9]+)?$/) bad("value " $i)
			if ($(i + 1) !~ /^([a-z_]+-)?(ns|insns)\/op$/) bad("unit " $(i + 1))
			if ((FNR, $(i + 1)) in units) bad("unit twice")
			units[FNR, $(i + 1)]
		}
		lines++
		next
	}
	/^[a-z][^A-Z \t:]*:[ \t]+[^ \t]/ {
		key = substr($0, 1, index($0, ":") - 1)
		if (key in config) bad("key twice")
		config[key]
		next
	}
	{ bad("neither configuration nor result") }
	END { if (!failed && !lines) { print "no result"; exit 1 } exit failed }' utf8
}

# The parser itself must be able to refuse.
while IFS= read -r line; do
	if printf '%b\n' "$line" | strict_benchstat >/dev/null; then
		echo "accepted: $line" >&2
		failures=$((failures + 1))
	fi
done <<'BAD'
BenchmarkX/a=1-1 1 2
BenchmarkX/a=1-1 1 2 ns/op 3
BenchmarkX/a=1-1 0 2 ns/op
BenchmarkX/a=1-1 1 nan ns/op
BenchmarkX/a=1-1 1 2 ns op
BenchmarkX/a b=1-1 1 2 ns/op
Benchmarkx-1 1 2 ns/op
BenchmarkX/a=1/a=2-1 1 2 ns/op
BenchmarkX/a=1 1 2 ns/op
Kernel: 6.1\nBenchmarkX-1 1 2 ns/op
kernel 6.1\nBenchmarkX-1 1 2 ns/op
kernel:6.1\nBenchmarkX-1 1 2 ns/op
kernel: 6.1\nkernel: 6.2\nBenchmarkX-1 1 2 ns/op
kernel: 6.1
PASS\nBenchmarkX-1 1 2 ns/op
BAD
check "accepted" strict_benchstat <<<$'kernel: 6.1\n\nBenchmarkX/a=1/b=0>1-4 10 2.5 ns/op 1e+06 setup-ns/op'

# Two boots, two points, a text that tries to break out.
cat >run.jsonl <<'RUN'
{"type":"run","format":1,"id":"r","tool":"migbench 0.1.0","started":"2026-11-22T08:00:00Z","clock":"insns","label":"L \"x\", y","seed":1,"env":{"kernel":"6.1.0","cpu":"A\nBenchmarkEvil 1 1 ns/op","emulated":true},"config":{}}
{"type":"point","id":1,"benchmark":"migrate","params":{"direction":"to-device","batch":64,"nodes":"0>1","threads":2,"state":"a b/c d"}}
{"type":"point","id":2,"benchmark":"null","params":{}}
{"type":"block","point":1,"boot":0,"round":1,"pages":64,"metrics":{"total":{"unit":"insns","values":[10,30,20]},"setup":{"unit":"insns","values":[1,2,4]}}}
{"type":"block","point":1,"boot":1,"round":1,"pages":64,"metrics":{"total":{"unit":"insns","values":[11,31,21,21.5]},"setup":{"unit":"insns","values":[1,2,4,8]}}}
{"type":"block","point":2,"boot":1,"round":1,"pages":1,"metrics":{"total":{"unit":"insns","values":[0.5]}}}
{"type":"end"}
RUN
expect 0 "" "$m" export run.jsonl --format benchstat
check "benchstat text" strict_benchstat <stdout
check "a line a boot, with the boots' medians" test "$(grep -c '^Benchmark' stdout)" -eq 3
check "boot 0" grep -qx 'BenchmarkMigrate/batch=64/direction=to-device/nodes=0>1/state=a_b_c_d/threads=2-2 3 20 insns/op 2 setup-insns/op' stdout
check "boot 1" grep -q ' 4 21.25 insns/op 3 setup-insns/op$' stdout
check "no parameter, one metric" grep -qx 'BenchmarkNull-1 1 0.5 insns/op' stdout
check "the clock and the kernel" sh -c 'grep -qx "clock: insns" stdout && grep -qx "kernel: 6.1.0" stdout'
check "nothing broke out" sh -c '! grep -q ^BenchmarkEvil stdout'

expect 0 "" "$m" export run.jsonl --format csv
check "csv: the heading" grep -qx 'name,benchmark,metric,unit,pages,boot,sample,value,param_direction,param_batch,param_nodes,param_threads,param_state' stdout
check "csv: a row a value" test "$(wc -l <stdout)" -eq 16
check "csv: a value" grep -qx '"migrate/batch=64,.*",migrate,total,insns,64,1,3,21.5,to-device,64,0>1,2,a b/c d' stdout
check "csv: a point without parameters" grep -qx 'null,null,total,insns,1,1,0,0.5,,,,,' stdout

expect 0 "" "$m" export run.jsonl --format otava
check "otava: time first" grep -q '^time,kernel,label,boot,"migrate/batch=64,.*:total","migrate/.*:setup",null:total$' stdout
check "otava: a row a boot" test "$(wc -l <stdout)" -eq 3
check "otava: what was not measured is empty" grep -qx '2026-11-22T08:00:00Z,6.1.0,"L ""x"", y",0,20,2,' stdout
check "otava: boot 1" grep -qx '2026-11-22T08:00:00Z,6.1.0,"L ""x"", y",1,21.25,3,0.5' stdout
sed 's/"r"/"s"/; s/11-22T/11-23T/' run.jsonl >later.jsonl
expect 0 "" "$m" export run.jsonl later.jsonl --format otava
check "otava: several runs are a series" test "$(grep -c '^2026-11-2[23]T' stdout)" -eq 4

# A run of every benchmark that can be measured here.
"$m" run --suite smoke --out real.jsonl --quiet --set point_time=50 2>/dev/null
expect 0 "" "$m" export real.jsonl --format benchstat
check "a real run" strict_benchstat <stdout
expect 0 "" "$m" export real.jsonl --format csv
check "all values" test "$(($(wc -l <stdout) - 1))" -eq \
	"$(jq -s '[.[] | select(.type == "block").metrics[].values[]] | length' real.jsonl)"

expect 2 "RUN… is missing" "$m" export --format csv
expect 2 "--format is benchstat, csv or otava" "$m" export run.jsonl
expect 2 "--format is benchstat, csv or otava, not 'xml'" "$m" export run.jsonl --format xml
expect 2 "takes one run" "$m" export run.jsonl later.jsonl --format csv
expect 2 "none.jsonl" "$m" export none.jsonl --format csv
sed 's/insns/ns/g; s/"clock":"ns"/"clock":"time"/; s/"id":"r"/"id":"t"/' run.jsonl >time.jsonl
expect 2 "one series has one clock" "$m" export run.jsonl time.jsonl --format otava
sed 's/"started":"[^"]*",//' run.jsonl >undated.jsonl
expect 2 "no \"started\"" "$m" export undated.jsonl --format otava
sed 's/"type":"end"/"type":"end","valid":false/' run.jsonl >invalid.jsonl
expect 2 "invalid.jsonl is invalid.*--force" "$m" export invalid.jsonl --format csv
expect 0 "" "$m" export invalid.jsonl --format csv --force
expect 3 "stdout: cannot write" sh -c '"$0" export run.jsonl --format csv >/dev/full' "$m"
finish
