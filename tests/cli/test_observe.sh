#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: what observe refuses, and what advise, report and compare make of an observed run.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
m=$MIGBENCH

expect 2 "text or json, not 'xml'" "$m" observe --format xml
expect 2 "unknown option '--bogus'" "$m" observe --bogus
touch there.jsonl
expect 2 "none/run.jsonl: cannot write: No such file" "$m" observe --seconds 1 --out none/run.jsonl
expect 2 "there.jsonl: File exists; --force overwrites it" "$m" observe --seconds 1 --out there.jsonl
expect 2 "observe: --out needs the name of a file, not ''" "$m" observe --seconds 1 --out ""
expect 2 "observe: --out needs the name of a file, not '-'" "$m" observe --seconds 1 --out -
for words in "--out c.jsonl" "--seconds 1" "--pid $$" "-- true"; do
	# shellcheck disable=SC2086
	expect 2 "calibrate watches nobody: it goes with no COMMAND, --out, --seconds or --pid" "$m" observe --calibrate 20000 $words
done
# In a PID namespace of its own nobody's number means anything to a probe.
if [ "$(stat -Lc %i /proc/self/ns/pid)" = 4026531836 ]; then
	expect 2 "no process 4194305" "$m" observe --seconds 1 --pid 4194305
else
	expect 2 "another number than the kernel's probes say" "$m" observe --seconds 1 --pid $$
fi
if unshare -pf true 2>/dev/null; then
	expect 2 "another number than the kernel's probes say" unshare -pf "$m" observe --seconds 1 --pid 1
fi
"$m" doctor >doctor
check "doctor says what it would see" grep -qE '^(yes|no) +observe +.' doctor
if grep -q '^no *observe' doctor; then
	expect 3 "observe: .*; migbench run and migbench lab run work without" "$m" observe --seconds 1 --out none.jsonl
	check "no file is left" test ! -e none.jsonl
fi

# A call costs 2000 and a page 100; of the largest, half of the calls move one page less.
more=0
observed() { # PAGES…
	local n id=0
	echo '{"type":"run","format":1,"id":"'"x$RANDOM$RANDOM"'","clock":"time","label":"6.9","seed":0,"env":{"kernel":"6.9.0"},
		"config":{"suite":"observe","command":"migbench observe --seconds 5 --out FILE"}}' | tr -d '\n\t'
	echo
	for n; do
		echo '{"type":"point","id":'$((++id))',"benchmark":"observe","params":{"batch":'$n',"direction":"to-device","driver":"xe:grab","process":"app"}}'
		echo '{"type":"block","point":'$id',"boot":0,"round":0,"pages":'$n',"requested":'$n',"collected":'$n',"migrated":'$n',"invalid":0,"metrics":{"total":{"unit":"ns","values":['$((2000 + 100 * n + more))','$((2000 + 100 * n + more))']},"setup":{"unit":"ns","values":['$((1500 + 20 * n))','$((1500 + 20 * n))']},"driver":{"unit":"ns","values":['$((500 + 80 * n))','$((500 + 80 * n))']},"pages":{"unit":"ns","values":[30,40]},"between":{"unit":"ns","values":[20,20]},"finalize":{"unit":"ns","values":[30,40]}},"counters":{"calls":'$((n * 3))',"tlb_flushes":'$n'}}'
	done
	echo '{"type":"block","point":'$id',"boot":0,"round":1,"pages":'$n',"requested":'$n',"collected":'$((n - 1))',"migrated":'$((n - 1))',"invalid":0,"metrics":{"total":{"unit":"ns","values":['$((2000 + 100 * n))','$((2000 + 100 * n))']}}}'
	echo '{"type":"end","blocks":'$((id + 1))'}'
}
observed 4 16 64 512 1024 >many.jsonl
observed 4 1024 >two.jsonl
observed 32 >one.jsonl

expect 0 "" "$m" advise many.jsonl
check "which batch, and where it is now" grep -qF "xe:grab should ask for 512 pages at a time, where a page costs 104 ns, and 600 at 4 pages" stdout
check "why" grep -qF "About 2,000 of a call is paid whatever its size, which is 83 % of a call of 4 pages and 3.8 % of one of 512." stdout
check "how many move" grep -qF '(nearly all its pages move)' stdout
expect 0 "" "$m" advise many.jsonl --format json
check "as JSON" jq -e '.points[0] | .recommended_batch == 512 and .params.driver == "xe:grab"' stdout
expect 0 "" "$m" advise two.jsonl
check "two sizes are enough" grep -qF "should ask for 1024 pages at a time" stdout
expect 0 "" "$m" advise one.jsonl
check "one size is not" grep -qF "xe:grab was seen to ask for 32 pages at a time and no other number" stdout
# The dearest call of the largest batch makes the line through the two ends begin below zero.
sed -e 's/\[2400,2400\]/[800,800]/' -e '/"pages":16,/s/\[3600,3600\]/[900,900]/' -e 's/\[104400,104400\]/[220000,220000]/' many.jsonl |
	grep -vE '"(pages|batch)":(64|512)[,}]' >below.jsonl
expect 0 "" "$m" advise below.jsonl
check "not the smallest, and not said to be" grep -qF "xe:grab should ask for 16 pages at a time, where a page costs 56.2 ns, and 200 at 4 pages" stdout
expect 0 "" "$m" advise many.jsonl --latency-budget 100
check "nothing is short enough" grep -qF "It needs a smaller one than 4 pages." stdout

if command -v gnuplot >/dev/null; then
	expect 0 "" "$m" report many.jsonl --out report
	check "it is repeated by observe" grep -qrF "migbench observe --seconds 5 --out FILE" report
	check "there is a picture" test -n "$(find report/plots -name 'observe-*')"
	for picture in sizes phases; do
		check "a picture of the $picture" test -n "$(find report/plots -name "observe-$picture-*.svg")"
	done
	check "how large calls are" grep -qrF 'xe:grab, to-device: the most frequent of 4,860 calls ask for 1024 pages (63 % of them), and the most pages come in calls of 1024.' report
	check "where their time goes" grep -qrF 'of a call of 1024 pages, driver is the most expensive part, 79 % of the total.' report
fi
expect 0 "" "$m" compare many.jsonl many.jsonl --format json
check "compare pairs them" jq -e '.points | length == 5' stdout
# What was watched once says nothing of another time; what was watched several times does.
for side in a b; do
	for time in 1 2 3; do
		more=$time
		[ $side = a ] || more=$((more + 40000))
		observed 64 512 >$side$time.jsonl
	done
done
expect 0 "" "$m" compare a1.jsonl b1.jsonl --format json
check "one time each decides nothing" jq -e '.summary.inconclusive == 2' stdout
expect 0 "" "$m" compare a1.jsonl,a2.jsonl,a3.jsonl b1.jsonl,b2.jsonl,b3.jsonl --format json
check "three times each do" jq -e '.summary.slower == 2' stdout

# The kernel's files are looked for below a root of the test's own: what is missing is one line.
if [ "$(id -u)" -eq 0 ]; then
	export MIGBENCH_OBSERVE_ROOT=$PWD/root
	lacks() { expect 3 "observe: $1.*; migbench run and migbench lab run work without" "$m" observe "${@:2}" --seconds 1; }
	mkdir -p root/proc root/sys/kernel/security
	printf 'ffffffff81000000 T migrate_vma_setup\nffffffff81000100 T migrate_pages\n' >root/proc/kallsyms
	lacks 'by bpf: this kernel has no kprobes .*; by tracefs: this kernel has no tracefs'
	lacks 'by tracefs: this kernel has no tracefs' --by tracefs
	mkdir -p root/sys/kernel/tracing
	lacks 'by tracefs: tracefs is not there, .*mount -t tracefs' --by tracefs
	touch root/sys/kernel/tracing/trace_clock
	lacks 'by tracefs: this kernel has no kprobes' --by tracefs
	touch root/sys/kernel/tracing/kprobe_events
	"$m" doctor >doctor
	check "doctor says by what, and what that lacks" grep -qE '^yes +observe +by (bpf:|tracefs, which is without .*: migrate_vma, migrations without device memory; )' doctor
	echo 'none integrity [confidentiality]' >root/sys/kernel/security/lockdown
	lacks 'this kernel is locked down .confidentiality.'
	rm root/sys/kernel/security/lockdown
	sed -i 's/^f*81000.00/0000000000000000/' root/proc/kallsyms
	lacks '/proc/kallsyms shows no addresses'
	echo 'ffffffff81000000 T schedule' >root/proc/kallsyms
	lacks 'this kernel migrates nothing'
	unset MIGBENCH_OBSERVE_ROOT
	expect 3 'only root may probe the kernel' setpriv --reuid 65534 --clear-groups "$m" observe --seconds 1
fi
expect 2 "bpf or tracefs, not 'magic'" "$m" observe --by magic
expect 2 "number from 20000" "$m" observe --calibrate 5
finish
