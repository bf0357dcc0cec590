#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: the commands of README, docs and manual that need a virtual machine, each once, with a boot and a round.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"
cd "$scratch"
. "$MIGBENCH_SOURCE/tests/cli/examples.sh"
m=$MIGBENCH
built=$("$m" lab kernel list | awk '$2 != "not" { print $1 }')
declare -A ran=()
run=0 dry=0 failures=0

# What a reader has: a program, a machine's description, patches that apply.
ln -s "$MIGBENCH_SOURCE/include" include
awk '/^```c$/ { inside = 1; next } /^```/ { inside = 0 } inside' "$MIGBENCH_SOURCE/docs/own-program.md" >prot.c
eval "$(examples "$MIGBENCH_SOURCE/docs/own-program.md" | sed -n 's/^[0-9]*||\(gcc .*\)/\1/p')"
cp prot prog
cat >machine.xml <<'EOF2'
<?xml version="1.0" encoding="UTF-8"?>
<topology version="2.0">
  <object type="Machine" os_index="0" cpuset="0x3" complete_cpuset="0x3" allowed_cpuset="0x3"
      nodeset="0x3" complete_nodeset="0x3" allowed_nodeset="0x3" gp_index="1">
    <object type="Package" os_index="0" cpuset="0x1" complete_cpuset="0x1" nodeset="0x1"
        complete_nodeset="0x1" gp_index="2">
      <object type="NUMANode" os_index="0" cpuset="0x1" complete_cpuset="0x1" nodeset="0x1"
          complete_nodeset="0x1" gp_index="3" local_memory="4294967296"/>
      <object type="PU" os_index="0" cpuset="0x1" complete_cpuset="0x1" nodeset="0x1"
          complete_nodeset="0x1" gp_index="4"/>
    </object>
    <object type="Package" os_index="1" cpuset="0x2" complete_cpuset="0x2" nodeset="0x2"
        complete_nodeset="0x2" gp_index="5">
      <object type="NUMANode" os_index="1" cpuset="0x2" complete_cpuset="0x2" nodeset="0x2"
          complete_nodeset="0x2" gp_index="6" local_memory="4294967296"/>
      <object type="PU" os_index="1" cpuset="0x2" complete_cpuset="0x2" nodeset="0x2"
          complete_nodeset="0x2" gp_index="7"/>
    </object>
  </object>
</topology>
EOF2
for name in my fix 0001-a series; do
	cp "$MIGBENCH_SOURCE/tests/guest/patches/page-20.patch" $name.patch
done
cp "$MIGBENCH_SOURCE/tests/guest/patches/batch-512.patch" 0002-b.patch
{
	printf 'From %040d Mon Sep 17 00:00:00 2001\nFrom: A <a@localhost>\nDate: Mon, 1 Jan 2024 00:00:00 +0000\nSubject: [PATCH] x\n\n---\n' 0
	cat series.patch
} >series.mbox
git() { cat fix.patch; }

# shorter OPTION… -- COMMAND WORD…: with the options before the program of one's own, if there is one.
shorter() {
	local more=() words=()
	while [ "$1" != -- ]; do
		more+=("$1")
		shift
	done
	shift
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		words+=("$1")
		shift
	done
	"$m" "${words[@]}" "${more[@]}" "$@"
}

# at_prompt LINE: types LINE where the shell asks for one; what is typed before that may be lost, or the prompt hidden.
at_prompt() {
	local second
	for second in $(seq 300); do
		! grep -q '/work # ' said || break
		sleep 1
	done
	printf '%s\n' "$1"
}

# The program itself, with fewer boots and rounds; where $dry_run, no more than --dry-run does.
migbench() {
	local rounds=(--set rounds=1 --set samples=2) command="$1 $2"
	[[ " $* " != *' -- '* ]] || rounds=()
	# That the command runs is what is tried here; several CPUs are guest/turns' subject.
	[[ " $* " != *tlb/* ]] || rounds+=(--set tlb.pages=1)
	[ "$command" != "lab kernel" ] || command="lab kernel $3"
	if [ -n "$dry_run" ]; then
		shorter --dry-run -- "$@"
		return
	fi
	case $command in
	"lab run") shorter --boots 1 "${rounds[@]}" --quiet -- "$@" ;;
	"lab ab") shorter --boots 1 --profile 0 "${rounds[@]}" --quiet --out ab --force -- "$@" ;;
	"lab profile") shorter "${rounds[@]}" --quiet -- "$@" ;;
	"lab shell") "$m" "$@" < <(at_prompt exit) ;;
	*) "$m" "$@" ;;
	esac
}

# there COMMAND: the kernels that it names are built.
there() {
	local kernel
	for kernel in $(grep -oE -- '--kernel [^ ]+|build (--stock )?[^ -][^ ]*' <<<"$1" | sed 's/build --stock \(.*\)/\1-stock/; s/.* //; s/,/ /g'); do
		grep -qxF "$kernel" <<<"$built" || return 1
	done
}

for file in "${documents[@]}"; do
	while IFS='|' read -r line needs command; do
		command=$(sed 's/ *# .*//' <<<"$command")
		in_vm "$command" && [ -z "${ran[$command]:-}" ] || continue
		dry_run=
		# A patch is tried on its kernel's source; nothing is built.
		if [[ $needs == "a patch of yours"* && $command == *"6.1 "* ]]; then
			dry_run=1
		elif [ -n "$needs" ]; then
			continue
		elif ! there "$command"; then
			echo "not run, this kernel is not built: $command"
			continue
		fi
		ran[$command]=1
		rm -rf run.jsonl prot.jsonl prog.jsonl diff.json
		began=$SECONDS
		if (eval "$command") >said 2>complaints </dev/null; then
			if [ -n "$dry_run" ]; then dry=$((dry + 1)); else run=$((run + 1)); fi
			echo "$((SECONDS - began)) s: $command"
		elif grep -q "get a newer one with: migbench lab qemu fetch" complaints; then
			echo "not run, this machine's QEMU can't: $command"
		else
			echo "${file#"$MIGBENCH_SOURCE"/}:$line: status $?: $command: $(grep '^migbench: ' complaints || tail -n 3 complaints)" >&2
			failures=$((failures + 1))
		fi
		case $command in
		*"cat /proc/version"*) grep -q "^Linux version" said || fail "no version: $(cat said complaints)" ;;
		*"lab shell"*) grep -q "/work # " said || fail "no prompt: $(cat said complaints)" ;;
		*"migbench probe"*) grep -q " present\| absent" said || fail "no answers: $(cat said)" ;;
		*"--out prog.jsonl"*) "$m" export prog.jsonl --format csv | grep -q own || fail "no figures in prog.jsonl" ;;
		esac
	done < <(examples "$file")
done
echo "$run different commands run, $dry with --dry-run; guest/ab, guest/bisect and guest/gate build kernels"
test $run -gt 5 || fail "there are next to no examples"
exit $((failures > 0))
