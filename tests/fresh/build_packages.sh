#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Build the packages of a source tree, inside a fresh root of a release, and let lintian judge them.
set -euo pipefail

if [ $# -ne 2 ]; then
	echo "usage: build_packages.sh SOURCE OUT
As root, in a root that may be thrown away: installs what debian/control asks for and lintian, builds
the packages of a copy of SOURCE, and puts them into OUT. Exit status 1: lintian knows an error." >&2
	exit 2
fi
source=$(readlink -f "$1")
mkdir -p "$2"
out=$(readlink -f "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export DEBIAN_FRONTEND=noninteractive

mkdir "$work/migbench"
tar -C "$source" --exclude=./.git --exclude=./build --exclude='./build-*' --exclude=./results -c . |
	tar -C "$work/migbench" -x
cd "$work/migbench"
apt-get update -qq
apt-get install -y -qq --no-install-recommends build-essential lintian >/dev/null
apt-get build-dep -y -qq --no-install-recommends ./ >/dev/null
dpkg-buildpackage -us -uc -F >"$out/build.log" 2>&1 || {
	tail -n 30 "$out/build.log" >&2
	echo "build_packages.sh: dpkg-buildpackage failed, see $out/build.log" >&2
	exit 1
}
cp ../*.deb ../*.dsc ../*.changes ../*.tar.* "$out/"
lintian --allow-root --fail-on error --info ../*.changes | tee "$out/lintian.log"
