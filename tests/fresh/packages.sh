#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The built packages on a machine that has nothing else of migbench; inside a fresh root of a release.
set -euo pipefail

usage() {
	echo "usage: packages.sh DEBS [--lab KERNEL]
As root, in a root that may be thrown away: installs the packages in DEBS, has DKMS build the module
for the release's own kernel headers, runs the installed program, and removes all of it again.
  --lab KERNEL  also build that kernel and run the suite 'smoke' in the lab" >&2
	exit 2
}

fail() {
	echo "packages.sh: $*" >&2
	exit 1
}

[ $# -eq 1 ] || { [ $# -eq 3 ] && [ "$2" = --lab ]; } || usage
debs=$(readlink -f "$1")
lab=${3:-}
export DEBIAN_FRONTEND=noninteractive
unset MIGBENCH_DATA
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
headers=linux-headers-$(dpkg --print-architecture)

apt-get update -qq
apt-get install -y -qq --no-install-recommends "$headers" \
	"$debs"/migbench_*.deb "$debs"/migbench-dkms_*.deb >install.log 2>&1 || {
	tail -n 20 install.log >&2
	fail "the packages do not install"
}

version=$(dpkg-query -W -f '${Version}' migbench)
[ "$(migbench --version)" = "migbench $version" ] ||
	fail "package $version, but $(migbench --version)"

# The kernel that runs is not this root's: name the one whose headers were installed.
release=$(dpkg-query -W -f '${Depends}' "$headers" |
	sed -n 's/.*linux-headers-\([0-9][^ ,]*\).*/\1/p')
dkms install "migbench/$version" -k "$release" >dkms.log 2>&1 || {
	tail -n 20 dkms.log "/var/lib/dkms/migbench/$version/build/make.log" >&2 || :
	fail "DKMS does not build the module for $release"
}
dkms status -m migbench -v "$version" -k "$release" | grep ': installed' >/dev/null ||
	fail "DKMS knows no module for $release"
# By its path: where no kernel is installed beside the headers, nobody has made modinfo's list.
module=$(find "/lib/modules/$release/updates" -name 'migbench.ko*')
[ -n "$module" ] || fail "DKMS installed no module for $release"
[ "$(modinfo -F version "$module")" = "$version" ] || fail "$module is not version $version"
[ "$(modinfo -F vermagic "$module" | cut -d ' ' -f 1)" = "$release" ] ||
	fail "$module is not for $release"
echo "module: $module"

migbench list >/dev/null
migbench doctor
migbench lab kernel list
gzip -dc /usr/share/man/man1/migbench.1.gz | grep "migbench $version" >/dev/null ||
	fail "the manual is not of version $version"

COMP_WORDS=(migbench lab kernel bu) COMP_CWORD=3
. /usr/share/bash-completion/completions/migbench
_migbench migbench
[ "${COMPREPLY[*]}" = build ] || fail "bash completes nothing: ${COMPREPLY[*]}"

if [ -n "$lab" ]; then
	migbench lab kernel build "$lab"
	migbench lab run --kernel "$lab" --clock insns --suite smoke --quiet --out run.jsonl
	migbench report run.jsonl --out report --quiet
	[ -s report/REPORT.md ] || fail "the run has no report"
	echo "lab: smoke passed on $lab"
fi

apt-get purge -y -qq migbench migbench-dkms >/dev/null
left=$(find /usr/bin /usr/lib /usr/share /usr/src /var/lib/dkms "/lib/modules/$release" \
	-name 'migbench*' 2>/dev/null)
[ -z "$left" ] || fail "left behind by the removal: $left"
