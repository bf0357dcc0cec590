#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: compare --format lkml survives a mailer, is narrow whatever the points are called, and says all that is needed.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
m=$MIGBENCH
published=$MIGBENCH_SOURCE/results/lab-x86_64

# What a mailer does to a body, and what the other side makes of it again.
cat >mailed.pl <<'END'
use MIME::QuotedPrint;
local $/;
my $text = <STDIN>;
sub wrong { print STDERR "$ARGV[0]: @_\n"; $bad = 1 }
for (split /\n/, $text) {
	wrong("wider than 75: $_") if length > 75;
	wrong("not plain ASCII: $_") if /[^ -~]/;
	wrong("ends with a blank: $_") if / $/;
	# What a mailer puts a blank before, git am cuts at, or takes for a patch.
	wrong("a line that is another's: $_") if /^(?: |>|From |---|diff -|Index: )/;
}
wrong("nothing in it") if $text !~ /^(?:.*\n){10,}$/;
wrong("quoted-printable changed it") if decode_qp(encode_qp($text)) ne $text;
# format=flowed (RFC 3676), by a mailer that wraps at 60: much of the text is broken on its way.
my ($flowed, $back) = ("", "");
for my $line (split /\n/, $text) {
	$flowed .= stuffed("$1") . "\n" while length $line > 60 && $line =~ s/^(.{1,60} )(?=\S)//;
	$flowed .= stuffed($line) . "\n";
}
sub stuffed { my $line = shift; return $line =~ /^(?: |>|From )/ ? " $line" : $line }
for my $line (split /\n/, $flowed) {
	$line =~ s/^ //;
	$back .= $line . ($line =~ / $/ ? "" : "\n");
}
wrong("format=flowed changed it") if $back ne $text;
wrong("no line was flowed") if $flowed eq $text;
exit $bad;
END

# mailed FILE: whether it arrives as it is.
mailed() {
	perl mailed.pl "$1" <"$1" || failures=$((failures + 1))
	command -v git >/dev/null || return
	printf 'From: A <a@localhost>\nSubject: [PATCH] x\n\n%s\n---\n f | 1 +\n' "$(cat "$1")" |
		git mailinfo message patch >/dev/null
	cmp message "$1" >&2 || failures=$((failures + 1))
}

# mail NAME A B OPTION…
mail() {
	local name=$1
	shift
	expect 0 "" "$m" compare --format lkml "$@"
	mv stdout "$name"
	mailed "$name"
}

mail published-1 "$published"/insns-6.{1,12}.jsonl
mail published-2 "$published"/insns-{5.10,7.2}.jsonl
mail published-3 "$published"/6.1-time.jsonl "$published"/6.1-time.jsonl
mail published-4 "$published"/insns-{5.10,7.2}.jsonl --metric setup --only 'migrate/*' --margin 3
for clock in insns time; do
	for at in 1 3; do
		awk -v clock=$clock -v kernel=6.$at.0 -v boots=3 -v seed=$at -v scale=$((97 + at * at)) \
			-f "$MIGBENCH_SOURCE/tests/cli/golden/run.awk" >$clock-$at.jsonl
	done
	mail synthetic-$clock $clock-{1,3}.jsonl
	mail backwards-$clock $clock-{3,1}.jsonl
	mail p99-$clock $clock-{1,3}.jsonl --metric total:p99.9
done

check "the kernels" sh -c 'grep -qxF "A: Linux 6.1.192-lab (kernel 6.1 of the lab)" published-1 &&
	grep -qxF "B: Linux 6.12.117-lab (kernel 6.12 of the lab)" published-1'
check "the clock" grep -q '^Clock: insns, instructions executed; exact$' published-1
check "the machine" grep -q '^Machine: QEMU [0-9.]* tcg, CPU model qemu64,+ssse3$' published-1
check "its nodes" grep -q '^Topology: 2 nodes, 1 CPU; node 0: ' published-1
check "boots and samples" grep -q '^Boots: 2 a side; samples of a point: ' published-1
check "a time of an emulated machine" grep -q '^Clock: time of the host, of an emulated machine$' published-3
check "a floor" grep -qxE 'Noise floor: [0-9.]+% at most' published-1
check "no floor" grep -qx 'Noise floor: no floor was measured' published-3
check "what is slower" grep -qE '^write +2m +[0-9,]+ +[0-9,]+ +\+[0-9.]+% +[0-9.]+% +slower$' published-1
check "what is faster" grep -qE '^ioctl +[0-9,]+ +[0-9,]+ +-[0-9.]+% +[0-9.]+% +faster$' published-1
check "what is equal in a line" grep -qxF 'copy by batch: page 4k, nodes 0>1; 3 points, all =' published-1
check "each verdict of the JSON is marked" sh -c '
	"$0" compare "$1"/insns-6.1.jsonl "$1"/insns-6.12.jsonl --format json |
		jq -r ".points[].verdict" | grep -c "slower\|faster" >there
	grep -cE "[0-9]%  (slower|faster)( \[[0-9]+\])?$" published-1 >here; cmp here there' "$m" "$published"
check "the mean of each benchmark" grep -qE '^geomean of 60 +-5\.94%$' published-1
check "what else differs is below" sh -c 'grep -qE "^hot-last +off .*% +faster \[2\]$" published-1 &&
	grep -qE "^\[2\] pages swapped in: " published-1'
check "time has units, intervals and floors" sh -c '
	grep -qE "^total +A +B +change +95% interval +floor$" synthetic-time &&
	grep -qE "^private +4k +1 +6\.[0-9]+us +6\.[0-9]+us +\+8\.[0-9]+% +\+[0-9.]+\.\.\+[0-9.]+% +0.1% +slower$" synthetic-time'
check "the largest floor" grep -q '^Noise floor: 0.5% at most; not measured of all points$' synthetic-time

# The command to reproduce is one that a shell takes, with the words of the run files.
sed -n '/^To reproduce:/,$p' published-1 | sed 1d >commands
{
	echo 'migbench() { printf "%s\n" "$@"; }'
	cat commands
} | bash >words
printf '%s\n' lab run --kernel=6.1,6.12 --clock=insns --topology=2-node-1-cpu --boots=2 --calibrate=3 --suite=versions \
	--seed=42 --out=run.jsonl compare run-6.1.jsonl run-6.12.jsonl --margin=0.1 --format=lkml >want
check "the commands" cmp words want
long="it's a pattern * that no line can hold: $(printf 'abcdef,%.0s' {1..30})"
mail given insns-1.jsonl insns-3.jsonl --command migbench --command lab --command ab --command "--only=$long" --command ''
{
	echo 'migbench() { printf "%s\n" "$@"; }'
	sed -n '/^To reproduce:/,$p' given | sed 1d
} | bash >words
check "another command, word by word" cmp words <(printf '%s\n' lab ab "--only=$long" '')

# Names as long and as odd as a file can have them.
odd() {
	jq -c --arg add "$1" --arg long "$2" 'if .type == "point" then
			.benchmark = $add + .benchmark | .params["a_rather_long_key_" + $add] = $add + "value"
			| .params.zz = "b" + $long + (.id | tostring)
		elif .type == "run" then .env.kernel = $long | .label = $add | .env.topology = $long + " " + $add
		elif .type == "skip" then .why = $long
		else . end' "$3"
}
clock=insns long=$(printf 'long%.0s' {1..60})
for add in 'From ' '>' '---' 'diff -' ' ' 'Ünï→code' $'tab\tand\nline' ''; do
	odd "$add" "$long" $clock-1.jsonl >odd-1.jsonl
	odd "$add" "$long" $clock-3.jsonl >odd-3.jsonl
	mail odd odd-1.jsonl odd-3.jsonl
	[ $clock = insns ] && clock=time || clock=insns
done
odd '>' x time-1.jsonl >odd-1.jsonl
odd '>' x time-3.jsonl >odd-3.jsonl
mail odd odd-1.jsonl odd-3.jsonl
check "what all points of a benchmark share is told once" test "$(grep -c 'a_rather_long_key_' odd)" -le 12

expect 2 "two runs" "$m" compare insns-{1,3,1}.jsonl --format lkml
expect 2 "two runs" "$m" compare insns-{1,3}.jsonl --format lkml --trend
expect 2 "--command is for --format lkml" "$m" compare insns-{1,3}.jsonl --command x
expect 1 "" "$m" compare insns-{1,3}.jsonl --format lkml --fail-on slower
finish
