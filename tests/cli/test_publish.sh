#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: results/publish goes on without a kernel that cannot be had any more, and says so.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"

# A migbench that notes what it is asked for and has no kernel of those in $GONE or $BROKEN.
mkdir -p results/lab-x86_64 results/lab-x86_64-full
cp "$MIGBENCH_SOURCE/results/publish" results
cat >migbench <<'EOF'
#!/bin/bash
echo "$*" >>"$ASKED"
case "$*" in
"lab kernel build "*) [[ " $GONE $BROKEN " != *" $4 "* ]] || { echo "migbench: kernel $4: no" >&2; exit 3; } ;;
"lab kernel list "*)
	for kernel in 5.10 6.1 6.12 7.2; do
		jq -n --arg name $kernel --arg gone " $GONE " \
			'{name: $name, from: (if $gone | contains(" \($name) ") then null else "sid" end)}'
	done | jq -s '{kernels: .}' ;;
"lab run "*) for kernel in ${4//,/ }; do : >"results/lab-x86_64/insns-$kernel.jsonl"; done ;;
esac
EOF
chmod +x migbench
export MIGBENCH=$scratch/migbench ASKED=$scratch/asked GONE="" BROKEN=""

publish() {
	rm -f asked results/lab-x86_64/*
	results/publish
}
expect 0 "" publish
check "all are measured" grep -q "^lab run --kernel 5.10,6.1,6.12,7.2 " asked
check "all are reported" grep -q "^report .*insns-5.10.jsonl .*insns-7.2.jsonl .*profile-fault-6.12-7.2.json" asked
GONE=7.2
rm -f asked results/lab-x86_64/*
results/publish >stdout 2>stderr
check "it goes on" test $? -eq 0
check "it says why" grep -qx "publish: kernel 7.2 cannot be had any more; going on without it" stderr
check "the others are measured" grep -q "^lab run --kernel 5.10,6.1,6.12 " asked
check "no profile asks for it: $(cat asked)" test -z "$(grep -- "^lab profile.*7\.2" asked)"
check "no report does" test -z "$(grep "^report.*7\.2" asked)"
GONE="" BROKEN=6.12
rm asked
results/publish >stdout 2>stderr
check "what can be had must be built" test $? -eq 3
check "nothing was measured" test -z "$(grep "^lab run" asked)"
finish
