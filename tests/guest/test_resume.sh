#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: an interrupted lab run goes on where it was, and a boot that fails is recorded.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"

run() {
	"$MIGBENCH" lab run --kernel "$KERNEL" --suite smoke --only 'null/*' --quiet "$@"
}
blocks() {
	jq -c 'select(.type == "block")' "$1"
}

# Stopped by a signal once the first boot is complete.
"$MIGBENCH" lab run --kernel "$KERNEL" --suite smoke --only 'null/*' --quiet --boots 3 \
	--out "$scratch/run.jsonl" &
pid=$!
until grep -qs 'end of boot' "$scratch/.run.jsonl.boots"; do
	kill -0 $pid 2>/dev/null || fail "the run ended before it could be interrupted"
	sleep 0.1
done
kill -TERM $pid
wait $pid && fail "an interrupted run says that it is done"
run --boots 3 --out "$scratch/run.jsonl" 2>"$scratch/error" && fail "a run file is overwritten"
grep -q -- '--resume' "$scratch/error" || fail "nobody says that the run can be resumed"

# Other settings are another run.
status=0
run --boots 3 --out "$scratch/run.jsonl" --resume --set samples=3 2>"$scratch/error" || status=$?
[ $status = 2 ] || fail "resumed with other settings: status $status"

# One that was to begin anew, and got nowhere, leaves it to be resumed.
cat >"$scratch/no-qemu" <<-END
	#!/bin/sh
	case \$* in
	*/boot-0/*) exit 1 ;;
	esac
	exec qemu-system-x86_64 "\$@"
END
chmod +x "$scratch/no-qemu"
status=0
run --boots 3 --out "$scratch/run.jsonl" --force --qemu "$scratch/no-qemu" 2>"$scratch/error" || status=$?
[ $status = 3 ] || fail "a QEMU that ends at once: status $status"

begun=$(grep -c 'end of boot' "$scratch/.run.jsonl.boots")
run --boots 3 --out "$scratch/run.jsonl" --resume --log "$scratch/log"
clean_log "$scratch/log"
# What was measured already was not measured again.
[ "$(grep -c 'Linux version' "$scratch/log")" = $((3 - begun)) ] || fail "a complete boot was repeated"
[ ! -e "$scratch/.run.jsonl.boots" ] || fail "a complete run leaves its journal behind"
run --boots 3 --out "$scratch/whole.jsonl"
cmp <(blocks "$scratch/run.jsonl") <(blocks "$scratch/whole.jsonl") || fail "the resumed run is another one"
run --boots 3 --out "$scratch/run.jsonl" --resume || fail "a complete run is no error"

# A boot that fails: the QEMU of the second one ends at once, the first time.
cat >"$scratch/qemu-system-x86_64" <<-END
	#!/bin/sh
	case \$* in
	*/boot-1/*) [ -e "$scratch/has-failed" ] || { touch "$scratch/has-failed"; exit 1; } ;;
	esac
	exec qemu-system-x86_64 "\$@"
END
chmod +x "$scratch/qemu-system-x86_64"
status=0
run --boots 2 --out "$scratch/failed.jsonl" --qemu "$scratch/qemu-system-x86_64" 2>"$scratch/error" || status=$?
[ $status = 3 ] || fail "a failed boot: status $status"
jq -es 'any(.[]; .type == "boot" and .boot == 1 and (.failed | type) == "string")
	and all(.[]; .type != "end") and all(.[] | select(.type == "block"); .boot == 0)' \
	"$scratch/failed.jsonl" >/dev/null || fail "the failed boot is not recorded"
run --boots 2 --out "$scratch/failed.jsonl" --qemu "$scratch/qemu-system-x86_64" --resume
cmp <(blocks "$scratch/failed.jsonl") <(blocks "$scratch/whole.jsonl" | grep -v '"boot": *2') ||
	fail "the run that was resumed after a failed boot is another one"
