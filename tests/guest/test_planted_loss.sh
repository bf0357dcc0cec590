#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: a page in a thousand that is left behind, or loses its content, is caught.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/guest/lib.sh"

run="migbench run --suite smoke --set migrate.batch=1024 --only migrate/*memory=private*page=$BASE* --out run.jsonl --quiet"

# Left behind: samples invalid, none valid, so nothing was measured (3).
guest --module-param plant_left=1000 -- sh -c "$run; echo status \$?; cat run.jsonl" \
	>"$scratch/left" 2>"$scratch/left.err"
grep -qx 'status 3' "$scratch/left" || fail "a page left behind was not noticed"
jq -es '[.[] | select(.type=="block")] | length > 0 and
	all(.invalid > 0 and .requested == 1024 and .migrated == 1023 and
	    (.metrics.total.values | length) == 0)' \
	<(grep '^{' "$scratch/left") >/dev/null || fail "blocks with a page left behind count as valid"

# Lost content: bad news (1), one line that says so.
guest --module-param plant_lost=1000 -- sh -c "$run; echo status \$?; cat run.jsonl" \
	>"$scratch/lost" 2>"$scratch/lost.err"
grep -qx 'status 1' "$scratch/lost" || fail "lost content was not noticed"
grep -q 'other content' "$scratch/lost.err" || fail "lost content was not named"
jq -es '[.[] | select(.type=="block")] | length > 0 and all(.invalid > 0)' \
	<(grep '^{' "$scratch/lost") >/dev/null || fail "samples with lost content count as valid"

# And without a plant all is well, by every byte and by pagemap.
guest -- sh -c "$run; echo status \$?" >"$scratch/good"
grep -qx 'status 0' "$scratch/good" || fail "a whole journey is called broken"
