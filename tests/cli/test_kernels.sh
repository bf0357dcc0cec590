#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: what the lab builds a kernel from is what was asked for; what goes wrong is one line, and leaves nothing.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
m=$MIGBENCH
export MIGBENCH_CACHE=$scratch/cache TMPDIR=$scratch MIGBENCH_HOST_ARCH=x86_64
# shellcheck source=tests/cli/fake_apt.sh
. "$MIGBENCH_SOURCE/tests/cli/fake_apt.sh"
# The kernel that is built is none: it is enough to see which one was taken.
fake make <<'EOF'
#!/bin/sh
echo "$@" >"$TMPDIR/made"
exit 1
EOF

# package NAME VERSION SUITE: one that is known, and can be downloaded.
package() {
	echo "$1 $2 $3" >>archive
	mkdir -p archive.debs "deb/DEBIAN" deb/usr/src "tree/$1"
	echo "$1 $2" >"tree/$1/Kconfig"
	tar -C tree -cJf "deb/usr/src/$1.tar.xz" "$1"
	printf 'Package: %s\nVersion: %s\nArchitecture: all\nMaintainer: none <none@example.com>\nDescription: x\n' \
		"$1" "$2" >deb/DEBIAN/control
	dpkg-deb --root-owner-group -b deb "archive.debs/$1=$2.deb" >/dev/null
	rm -rf deb tree
}

# taken WHAT PACKAGE VERSION KERNEL: building KERNEL takes that source.
taken() {
	"$m" lab kernel build "$4" >stdout 2>stderr
	check "$1: $(cat stderr)" grep -qx "$2 $3" "cache/src/$2_$3/Kconfig"
	check "$1: nothing half done is left: $(ls cache/src)" test "$(ls cache/src)" = "$2_$3"
	rm -rf cache
}

build=("$m" lab kernel build 6.1)
package linux-source-6.12 6.12.9-1 own
package linux-source-6x1 6.0.1-1 bookworm-security
# A release that never had 6.1, and one that has: only the suites of that are asked.
expect 3 "linux-source-6.1: .*bookworm-security" "${build[@]}"
check "nothing of another package was taken" test ! -e cache/src
package linux-source-6.1 6.1.9-1 bookworm
taken "a release instead of its security suite" linux-source-6.1 6.1.9-1 6.1
package linux-source-6.1 6.1.10-1 bookworm-security
taken "the newest of both" linux-source-6.1 6.1.10-1 6.1
package linux-source-6.1 6.1.11-1 bookworm.security
package linux-source-6.1 6.1.11-2 bookworm-security-next
taken "a suite is no pattern and no beginning of another" linux-source-6.1 6.1.10-1 6.1
package linux-source-6.1 6.1.8-1 own
taken "the machine's own comes first" linux-source-6.1 6.1.8-1 6.1
grep -v ' own$' archive >archive.other
mv archive.other archive
# One version and no other, though there are newer ones.
exactly() {
	sed "s/^package.*/package = linux-source-6.1\nversion = $1/" "$MIGBENCH_SOURCE"/configs/kernels/6.1.ini >exact.ini
}
exactly 6.1.9-1
taken "the version that was asked for" linux-source-6.1 6.1.9-1 ./exact.ini
package linux-source-6.1 6.1.7-1 own
exactly 6.1.7-1
taken "of the machine's own" linux-source-6.1 6.1.7-1 ./exact.ini
exactly 6.1.6-1
expect 3 "linux-source-6.1: no suite has version 6.1.6-1 .any more.; give the source with" "$m" lab kernel build ./exact.ini
exactly '6.1.6 1'
expect 2 "exact.ini:[0-9]*: .*is no version of a package" "$m" lab kernel build ./exact.ini
sed 's/^package.*/newest = linux-source\nversion = 6.1.9-1/' "$MIGBENCH_SOURCE"/configs/kernels/6.1.ini >exact.ini
expect 2 "exact.ini: 'version' is for a 'package'" "$m" lab kernel build ./exact.ini
grep -v ' own$' archive >archive.other
mv archive.other archive

# Each of the ways in which a download fails: one line that says it, and what to do.
fails() {
	expect 3 "$1" "${build[@]}"
	check "nothing half done is left after: $1" test -z "$(find cache/src cache/kernels -mindepth 1 2>/dev/null)"
}
UPDATE_SAYS="W: Failed to fetch http://main.example/  Temporary failure resolving 'main.example'" \
	fails "linux-source-6.1: .*is there a network"
UPDATE_SAYS="W: GPG error: http://main.example: NO_PUBKEY 0123456789ABCDEF" fails "debian-archive-keyring"
UPDATE_SAYS="Err: Sub-process /usr/bin/sqv: Missing key 0123, needed to verify signature." fails "debian-archive-keyring"
UPDATE_SAYS="E: Write error - write (28: No space left on device)" fails "the disk is full"
DOWNLOAD_SAYS="E: Failed to fetch http://main.example/x.deb  Connection failed [IP: 192.0.2.1 80]" \
	fails "linux-source-6.1: .*is there a network"
DOWNLOAD_SAYS="E: Failed to fetch http://main.example/x.deb  Undetermined Error" fails "broke off; try again"
DOWNLOAD_SAYS="E: Failed to fetch http://main.example/x.deb  404  Not Found" fails "apt-get update"
DOWNLOAD_SAYS="E: Could not get lock /var/cache/apt/archives/lock. It is held by process 1" fails "another process holds"
DOWNLOAD_SAYS="E: You don't have enough free space in /x/. No space left on device" fails "the disk is full"
mv "archive.debs/linux-source-6.1=6.1.10-1.deb" whole.deb
head -c 300 whole.deb >"archive.debs/linux-source-6.1=6.1.10-1.deb"
fails "linux-source-6.1: cannot unpack it"
mv whole.deb "archive.debs/linux-source-6.1=6.1.10-1.deb"
taken "the next call goes on" linux-source-6.1 6.1.10-1 6.1

# Interrupted in the middle, or killed: the next call goes on all the same.
for signal in INT KILL; do
	rm -rf archive.began cache
	DOWNLOAD_LASTS=20 "${build[@]}" >stdout 2>stderr &
	pid=$!
	for _ in $(seq 100); do [ -e archive.began ] && break || sleep 0.1; done
	check "it downloads" test -e archive.began
	kill -$signal $pid
	wait $pid 2>/dev/null
	[ $signal = KILL ] || check "nothing half done is left of an interrupted one" test -z "$(ls cache/src)"
	taken "the next call after SIG$signal" linux-source-6.1 6.1.10-1 6.1
done
# Two kernels of one source at a time: the second finds what the first has fetched.
rm -rf archive.began cache
DOWNLOAD_UNTIL=$scratch/enough "${build[@]}" >stdout 2>stderr &
pid=$!
for _ in $(seq 100); do [ -e archive.began ] && break || sleep 0.1; done
DOWNLOAD_SAYS="E: it was asked for twice" "$m" lab kernel build 6.1-debug >stdout2 2>stderr2 &
for _ in $(seq 300); do ! grep -sq "wait for another migbench" stdout2 || break; sleep 0.1; done
touch enough
wait $!
wait $pid
check "the second waited: $(cat stdout2 stderr2)" grep -q "wait for another migbench" stdout2
check "and did not download: $(cat stderr2)" test -z "$(grep -h twice stderr2)"
rm -rf cache

# What a killed migbench left is no version; of whole ones the newest counts, not the last by name.
mkdir -p cache/src/linux-source-6.1_6.1.{9,10}-1 cache/src/linux-source-6.1_6.1.99-1.partial \
	cache/src/linux-source-6.12_6.12.99-1
: >archive
"${build[@]}" >stdout 2>stderr
check "the newest in the cache is built: $(cat stderr)" grep -q "/linux-source-6.1_6.1.10-1 " made

# "newest" is the highest series that the suite has, by number, whatever the machine's own has.
rm -rf cache archive
newest=("$m" lab kernel build newest)
expect 3 "linux-source-\*: none in sid .*none in the cache.*--source DIR" "${newest[@]}"
package linux-source-7.9 7.9.3-1 sid
package linux-source-8.4 8.4.1-1 own
package linux-source-7.10 7.10.2-1 sid
for other in linux-source-9 linux-source-9.1-rt linux-source-9.x linux-sources-9.1; do
	package $other 9.1.1-1 sid
done
taken "the suite's newest" linux-source-7.10 7.10.2-1 newest
mkdir -p cache/src/linux-source-7.9_7.9.3-1 cache/src/linux-source-7.10_7.10.{9,10}-1
UPDATE_SAYS="W: Temporary failure resolving 'main.example'" "${newest[@]}" >stdout 2>stderr
check "offline the cache's newest is taken, and said: $(cat stderr)" grep -q \
	"network?); taking linux-source-7.10, the newest in the cache" stderr
check "that one was built" grep -q "/linux-source-7.10_7.10.10-1 " made
rm -rf cache
# One that is gone: what there is instead.
expect 3 "linux-source-7\.2: no such package.*in sid: linux-source-7\.9, linux-source-7\.10; .*newest.*--source DIR.TARBALL" \
	"$m" lab kernel build 7.2

# What can be had today, and from where.
rm -rf cache archive archive.reached
package linux-source-6.1 6.1.8-1 own
package linux-source-6.1 6.1.10-1 bookworm-security
package linux-source-6.12 6.12.5-1 trixie
package linux-source-6.12 6.12.4-1 trixie-security
package linux-source-6.12 6.12.7-1 trixie-security-next
package linux-source-7.10 7.10.2-1 sid
package linux-source-7.10 7.10.1-1 sid
package linux-source-7.10-rt 7.10.9-1 sid
mkdir -p cache/src/linux-source-5.10_5.10.3-1
expect 0 "" "$m" lab kernel list --available --format json
cp stdout available.json
from() { # KERNEL PACKAGE VERSION FROM
	check "$1 comes from $4: $(cat available.json)" jq -e --arg k "$1" --arg p "$2" --arg v "$3" --arg f "$4" \
		'.kernels[] | select(.name == $k) | .package == $p and (.version // "") == $v and (.from // "") == $f
		and (.built | not)' available.json
}
from 6.1 linux-source-6.1 6.1.8-1 own
from 6.12 linux-source-6.12 6.12.5-1 trixie
from newest linux-source-7.10 7.10.2-1 sid
from 5.10 linux-source-5.10 5.10.3-1 cache
from 7.2 linux-source-7.2 "" ""
check "each suite's newest is offered, once" test "$(jq -c '[.offered[] | [.package, .version, .suite]] | sort' available.json)" = \
	"$(printf '["linux-source-%s","%s","%s"]\n' 6.1 6.1.10-1 bookworm-security 6.1 6.1.8-1 own 6.12 6.12.4-1 \
		trixie-security 6.12 6.12.5-1 trixie 6.12 6.12.7-1 trixie-security-next 7.10 7.10.2-1 sid | jq -cs sort)"
expect 0 "" "$m" lab kernel list --available
check "the table says so, too" grep -qE '^7.2 +linux-source-7.2 +- +nowhere +no$' stdout
: >archive
UPDATE_SAYS="W: Temporary failure resolving 'main.example'" \
	expect 3 "no suite offers any source: .*network" "$m" lab kernel list --available
expect 2 "format" "$m" lab kernel list --format json
rm -rf cache

# --source takes an archive, too: with a folder around the tree or without.
mkdir -p tree/linux-7.7 not
echo seven >tree/linux-7.7/Kconfig
echo no >not/Makefile
for kind in gz xz; do
	tar -caf around.tar.$kind -C tree linux-7.7
	tar -caf bare.tar.$kind -C tree/linux-7.7 .
	for archive in around bare; do
		rm -rf cache
		"$m" lab kernel build --source $archive.tar.$kind --name own >stdout 2>stderr
		check "$archive.tar.$kind is unpacked: $(cat stderr)" grep -qx seven cache/src/archive_*/Kconfig
		check "nothing else is there" test "$(find cache/src -mindepth 1 -maxdepth 1 | wc -l)" = 1
	done
done
rm -rf cache
tar -cf not.tar not
expect 2 "not.tar: no kernel's source" "$m" lab kernel build --source not.tar --name own
head -c 100 around.tar.xz >cut.tar.xz
expect 3 "cut.tar.xz: cannot unpack it" "$m" lab kernel build --source cut.tar.xz --name own
expect 2 "nowhere.tar: No such file" "$m" lab kernel build --source nowhere.tar --name own
check "nothing half done is left of them" test -z "$(ls cache/src)"

# A kernel may be a file of the user's own; its fragments lie beside it or come with us.
own() {
	printf '[kernel]\n%s\n' "$(printf '%s\n' "$@")" >own.ini
}
build_own=("$m" lab kernel build ./own.ini)
expect 2 "own.ini: cannot read: No such file" "${build_own[@]}"
own "package = linux-source-0.1"
expect 2 "own.ini: 'fragment' is missing" "${build_own[@]}"
own "package = linux-source-0.1" "fragment = nowhere.config"
expect 2 "own.ini: fragment ./nowhere.config: No such file" "${build_own[@]}"
own "package = linux-source-0.1" "newest = linux-source" "fragment = lab.config"
expect 2 "own.ini: 'package' and 'newest' exclude" "${build_own[@]}"
own "newest = linux-source" "fragment = lab.config"
expect 2 "own.ini: 'newest' needs a 'suite'" "${build_own[@]}"
own "package = linux-source-0.1" "fragment = lab.config"
expect 3 "linux-source-0\.1: no such package" "${build_own[@]}"
expect 3 "linux-source-0\.1: no such package" "$m" lab kernel build own.ini
expect 3 "'own.ini' is not built; run: migbench lab kernel build own.ini" "$m" lab exec --kernel own.ini -- true
cp own.ini 6.1.ini
expect 2 "6\.1 is what configs/kernels calls another kernel" "$m" lab kernel build ./6.1.ini
# A built one is found by its file, whatever it is called, and a namesake of another folder is not.
mkdir -p cache/kernels/mine-0123456789ab elsewhere
cp own.ini elsewhere
cat >cache/kernels/mine-0123456789ab/kernel.json <<EOF
{ "name": "mine", "release": "0.1.2", "label": "0.1.2-mine", "key": "0123456789ab", "source": "x", "tree": "/x",
  "built": 1, "size": 1, "config": "$PWD/own.ini" }
EOF
expect 3 "'elsewhere/own.ini' is not built" "$m" lab kernel remove elsewhere/own.ini
expect 0 "" "$m" lab kernel remove ./own.ini
expect 3 "not built" "$m" lab kernel remove ./own.ini
# Of two of one name one can be meant alone, as lab ab and lab bisect do.
for key in 0123456789ab ba9876543210; do
	mkdir "cache/kernels/mine-$key"
	cat >"cache/kernels/mine-$key/kernel.json" <<EOF
{ "name": "mine", "release": "0.1.2", "label": "0.1.2-mine", "key": "$key", "source": "x", "tree": "/x",
  "built": 1, "size": 1 }
EOF
done
expect 2 "unknown kernel 'mine@000000000000'" "$m" lab kernel remove mine@000000000000
expect 0 "" "$m" lab kernel remove mine@0123456789ab
check "the other one is there" test -e cache/kernels/mine-ba9876543210 -a ! -e cache/kernels/mine-0123456789ab
expect 0 "" "$m" lab kernel remove mine

# packages.sh: dpkg-query and apt-get answer to a pattern with what matches it.
fake dpkg-query <<'EOF'
#!/bin/sh
printf 'xyz-1 install ok installed\nxyz-10 deinstall ok config-files\n'
EOF
ensure() {
	bash -c '. "$MIGBENCH_SOURCE/packages.sh"; id() { echo 0; }; ensure_packages "$@"' packages.sh "$@"
}
expect 0 "" ensure xyz-1
fake apt-get <<'EOF'
#!/bin/sh
echo "$@" >>"$TMPDIR/installed"
EOF
echo "xyz-10 1 own" >archive
expect 0 "" ensure xyz-10
check "it is installed" grep -q "^install .* xyz-10$" installed
rm installed
expect 3 "xyz-." ensure "xyz-."
expect 3 "xyz" ensure "xyz"
check "nothing is installed that only looks alike" test -z "$(grep install installed)"
finish
