#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: what can go wrong with the first command is told in one line with status 3, leaves
# nothing half done, and the next call goes on.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/fresh/lib.sh"
fresh_possible
release=${MIGBENCH_TEST_RELEASE:-$machine}
fresh_here "$release"
root=$(mktemp -d "${TMPDIR:-/tmp}/migbench-fresh.XXXXXX")
trap 'rm -rf --one-file-system "$root"' EXIT
fresh_root "$release" "$root"
chroot "$root" useradd --create-home --shell /bin/bash guest
fresh_in "$release" "$root" root 'cd /srv; git clone --quiet migbench.git migbench; chmod -R a+rwX migbench'

# trouble WHAT PATTERN USER [SCRIPT]: quickstart fails as said, after SCRIPT.
trouble() {
	local status=0
	fresh_in "$release" "$root" "$3" "
		${4:-}
		cd /srv/migbench
		./quickstart --build
	" >"$root/out" 2>"$root/err" || status=$?
	if [ $status -ne 3 ] || [ "$(wc -l <"$root/err")" -ne 1 ] || ! grep -qE "$2" "$root/err"; then
		echo "$1: status $status and not one line with '$2':" >&2
		cat "$root/err" >&2
		exit 1
	fi
	echo "$1: $(cat "$root/err")"
}

FRESH_PROC=no trouble "no /proc" '/proc is not mounted' root
trouble "a user who may not use sudo" 'as root, run: apt-get install .*libjansson-dev' guest
FRESH_NET=no trouble "no network" 'archive cannot be reached' root
cat >"$root/srv/hold" <<'END'
use Fcntl;
open(my $lock, '>', '/var/lib/dpkg/lock-frontend');
my $whole = pack('s s l! l! i', F_WRLCK, 0, 0, 0, 0);
fcntl($lock, F_SETLK, $whole) or die;
open(my $held, '>', '/srv/held');
sleep(300);
END
trouble "apt is locked" 'another process is installing' root '
	perl /srv/hold >/dev/null 2>&1 &
	until [ -e /srv/held ]; do sleep 0.1; done'
trouble "no room for packages" 'disk is full' root '
	mount -t tmpfs -o size=4m tmpfs /var/cache/apt/archives'
trouble "no room for the build" '200 MiB here' root '
	cp -r /srv/migbench /tmp/copy
	mount -t tmpfs -o size=64m tmpfs /srv/migbench
	cp -r /tmp/copy/. /srv/migbench'

# Cut off while dpkg unpacks; the call after it goes on.
fresh_in "$release" "$root" root '
	cd /srv/migbench
	./quickstart --build >/dev/null 2>&1 &
	until [ -e /usr/share/doc/cmake-data ] || [ -e /usr/share/doc/libc6-dev ]; do sleep 0.2; done
	pkill -9 dpkg || kill -9 $(ps -C dpkg -o pid=)
	wait || :
' >/dev/null 2>&1 || :
fresh_in "$release" "$root" root '
	cd /srv/migbench
	./quickstart --build
	build/migbench --version
'
