#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: every document made of the published runs and of a synthetic run is the same, byte for byte.
# Of JSON, CSV and pictures numbers are compared to ten digits.
# Where one is meant to change: tests/cli/test_golden.sh --renew, and a look at the difference.
# golden/ has the synthetic run's documents in full, and digests of the others and of what gnuplot is given.
source=${MIGBENCH_SOURCE:-$(readlink -f "$(dirname "$0")/../..")}
m=${MIGBENCH:-$source/build/migbench}
. "$source/tests/cli/lib.sh"
export MIGBENCH_DATA=$source PATH=$source/tests/cli/golden:$PATH LC_ALL=C
golden=$source/tests/cli/golden
published=$source/results/lab-x86_64
mkdir -p documents results

# make NAME STATUS COMMAND…: a document out of stdout and stderr.
make() {
	local name=$1 want=$2 got=0
	shift 2
	"$@" >"documents/$name" 2>&1 </dev/null || got=$?
	[ $got -eq "$want" ] || {
		echo "status $got instead of $want: $name: $(tail -n 1 "documents/$name")" >&2
		failures=$((failures + 1))
	}
}

# report NAME RUN…: a report, and what its pictures are drawn from.
report() {
	local name=$1 picture
	shift
	make "$name.report.out" 0 "$m" report "$@" --out "$name"
	whole "$name" "documents/$name.report.md"
	for picture in "$name"/plots/*.svg; do
		cp "$picture" "documents/$name.picture.$(basename "$picture" .svg)"
	done
}

# same FOLDER PUBLISHED: all pages of the report are those that are published, none more and none fewer.
same() {
	diff -rq "$1/report" "$2/report" >&2 || failures=$((failures + 1))
	[ ! -e "$1/REPORT.md" ] || cmp "$1/REPORT.md" "$2/REPORT.md" >&2 || failures=$((failures + 1))
}

# all_of NAME RUN: what is made of one run.
all_of() {
	local format
	report "$@"
	for format in benchstat csv otava; do
		make "$1.export.$format" 0 "$m" export --format $format "$2"
	done
	for format in text json; do
		make "$1.advise.$format" 0 "$m" advise --format $format "$2"
		make "$1.advise-budget.$format" 0 "$m" advise --format $format --latency-budget 3e5 "$2"
	done
}

# compared NAME A B…: in every format, with pictures.
compared() {
	local name=$1 format picture
	shift
	for format in text json csv md; do
		make "$name.compare.$format" 0 "$m" compare --format $format "$@"
	done
	make "$name.trend.md" 0 "$m" compare --format md --trend "$@"
	make "$name.p99.text" 0 "$m" compare --format text --metric total:p99 --margin 1 "$@"
	make "$name.plot.out" 0 "$m" compare "$@" --plot plot.svg --ecdf ecdf.svg
	for picture in plot ecdf; do
		mv $picture.svg "documents/$name.picture.$picture"
	done
}

for run in insns-5.10 insns-6.1 insns-6.12 insns-7.2 6.1-time; do
	all_of $run "$published"/$run.jsonl
done
for format in text json; do
	make insns-6.12.check.$format 0 "$m" check-run --format $format "$published"/insns-6.12.jsonl
	make 6.1-time.check.$format 1 "$m" check-run --format $format "$published"/6.1-time.jsonl
	# With the functions that a change is in; of touched memory, how much of it L2 holds; all kernels in one export.
	make functions.compare.$format 0 "$m" compare --format $format --only 'migrate/*' "$published"/insns-{6.1,6.12}.jsonl \
		--profile "$published"/profile-to-device-6.1-6.12.json
	make touched.advise.$format 0 "$m" advise --format $format "$published"/insns-6.1.jsonl \
		--profile "$published"/profile-to-device-5.10-6.1.json
done
make all.export.otava 0 "$m" export --format otava "$published"/insns-{5.10,6.1,6.12,7.2}.jsonl
# One suite first on one kernel, another on the next: what both have stands side by side all the same.
report mixed "$published"/{insns-6.12,states-7.2,insns-7.2,states-6.12}.jsonl
compared lab "$published"/insns-{5.10,6.1,6.12}.jsonl
compared lab-two "$published"/insns-{5.10,6.1}.jsonl
all_of full "$published"-full/6.1-insns.jsonl
same full "$published"-full

# results/publish makes REPORT.md so.
profiles=()
for profile in {to-device,fault}-5.10-6.1 {to-device,fault}-6.1-6.12 {to-device,fault}-6.12-7.2 \
	{to-device,fault}-2m-6.12-7.2 numa-2m-6.1-6.12 mprotect-5.10-6.1; do
	profiles+=(--profile "$published/profile-$profile.json")
done
make lab.report.out 0 "$m" report "$published"/{insns,states,shootdown}-{5.10,6.1,6.12,7.2}.jsonl "$published"/6.1-time.jsonl \
	"${profiles[@]}" --out results/lab-x86_64 --markdown REPORT.md
cmp REPORT.md "$source"/REPORT.md >&2 || failures=$((failures + 1))
same results/lab-x86_64 "$published"
for picture in results/lab-x86_64/plots/versions-*.svg; do
	cp "$picture" "documents/lab.picture.$(basename "$picture" .svg)"
done

# The other two that results/publish and results/publish-arm64 make.
mapfile -t runs < <(printf '%s\n' "$source"/results/releases/*.jsonl | sort -V)
make releases.report.out 0 "$m" report "${runs[@]}" --out releases
same releases "$source"/results/releases
runs=()
for kernel in 6.1 6.12 7.2; do
	for page in 4k 64k; do
		runs+=("$source"/results/lab-arm64/{insns,touch}-$kernel-arm64-$page.jsonl)
	done
	runs+=("$source/results/lab-arm64/refault-$kernel-arm64-4k.jsonl")
done
make arm64.report.out 0 "$m" report "${runs[@]}" --out arm64
same arm64 "$source"/results/lab-arm64

for clock in insns time; do
	for at in 1 2 3; do
		awk -v clock=$clock -v kernel=6.$at.0 -v boots=3 -v seed=$at -v scale=$((97 + at * at)) \
			-f "$golden/run.awk" >$clock-$at.jsonl
	done
	all_of synthetic-$clock $clock-1.jsonl
	compared synthetic-$clock-three $clock-{1,2,3}.jsonl
	compared synthetic-$clock-two $clock-{1,3}.jsonl
done
report synthetic-kernels insns-{1,2,3}.jsonl
make selftest.json 0 "$m" selftest statistics --repetitions 10 --format json

full() { # what is kept in full, for a reader to see what changed
	case $1 in
	synthetic-insns.report.md | synthetic-*-two.compare.text | synthetic-insns.advise.text) return 0 ;;
	*) return 1 ;;
	esac
}
# What GSL and libm have behind the tenth digit of a fit is rounding, and another on each architecture.
mkdir rounded
(cd documents && for name in *; do
	case $name in
	*.json | *.csv | *.picture.*) ;;
	*)
		cp "$name" ../rounded
		continue
		;;
	esac
	awk -v to="../rounded/$name" '{
		out = ""
		while (match($0, /[0-9]+\.[0-9]+(e[-+]?[0-9]+)?/)) {
			out = out substr($0, 1, RSTART - 1) sprintf("%.10g", substr($0, RSTART, RLENGTH))
			$0 = substr($0, RSTART + RLENGTH)
		}
		print out $0 >to
	} END { close(to) }' "$name"
done)
(cd rounded && sha256sum -- *) >digests
cd documents || exit 1
if [ "${1:-}" = --renew ]; then
	cp ../digests "$golden/digests"
	for name in *; do
		full "$name" && cp "$name" "$golden/$name"
	done
	finish
fi
diff "$golden/digests" ../digests | sed -n 's/^\([<>]\) [0-9a-f]*  \(.*\)/\1 \2/p' >../changed
if [ -s ../changed ]; then
	echo "other documents than before (< gone or changed, > new or changed; --renew, if that is meant):" >&2
	cat ../changed >&2
	failures=$((failures + 1))
fi
for name in *; do
	full "$name" && { diff -u "$golden/$name" "$name" >&2 || failures=$((failures + 1)); }
done
finish
