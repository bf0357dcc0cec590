# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced after lib.sh, with TMPDIR as the scratch folder: an archive of packages, and an apt that reads it.

command -v dpkg-deb >/dev/null || {
	echo "skipped: there is no dpkg-deb here"
	exit 77
}

build_has_room
# An apt that reads "PACKAGE VERSION SUITE" lines and, as the real one does, takes a name that no
# package has for a pattern. SUITE "own" is the machine's. Packages with arm64 in their name are of that architecture.
mkdir bin
export ARCHIVE=$scratch/archive PATH=$scratch/bin:$PATH
fake() {
	cat >"bin/$1"
	chmod +x "bin/$1"
}
fake apt-config <<'EOF'
#!/bin/sh
case $3 in
*sourcelist*) echo "at='$TMPDIR/sources.list'" ;;
*) echo "at='$TMPDIR/none'" ;;
esac
EOF
echo "deb http://main.example/debian trixie main" >sources.list
fake apt-cache <<'EOF'
#!/bin/bash
private= hidden=arm64
while [[ ${1-} == -o* ]]; do
	private=1
	[[ $1 != *Architectures::=arm64 ]] || hidden=' none$'
	shift
done
verb=$1 name=${*: -1}
suites=$([ $private ] && [ -e "$ARCHIVE.reached" ] && echo . || echo '^own$')
matching() {
	if awk -v n="$name" '$1 == n { found = 1 } END { exit !found }' "$ARCHIVE"; then
		awk -v n="$name" -v s="$suites" '$1 == n && $3 ~ s' "$ARCHIVE"
	else
		awk -v n="$name" -v s="$suites" '$1 ~ n && $3 ~ s' "$ARCHIVE"
	fi | grep -v "$hidden" | sort -k 2,2Vr
}
case $verb in
pkgnames) awk -v n="$name" -v s="$suites" 'index($1, n) == 1 && $3 ~ s { print $1 }' "$ARCHIVE" | grep -v "$hidden" | sort -u ;;
show) matching | awk '!seen[$1]++ { print "Package: " $1 "\nVersion: " $2 "\n" }' ;;
madison) for name in "${@:2}"; do matching; done | awk '{ a = $1 ~ /arm64/ ? "arm64" : "amd64"
	printf "%s%s | %s | http://main.example/debian %s/main %s Packages\n", $1, a == "arm64" ? ":" a : "", $2, $3, a }' ;;
*) exit 100 ;;
esac
EOF
# It says what $SAYS holds; "download" takes each PACKAGE=VERSION from the folder debs.
fake apt-get <<'EOF'
#!/bin/bash
while [[ ${1-} == -o* ]]; do shift; done
rm -f "$ARCHIVE.reached"
case $1 in
update)
	[ -n "${UPDATE_SAYS-}" ] && { echo "$UPDATE_SAYS" >&2; exit 0; }
	: >"$ARCHIVE.reached" ;;
download)
	: >"$ARCHIVE.reached"
	[ -n "${DOWNLOAD_UNTIL-}" ] && { : >"$ARCHIVE.began"; for _ in $(seq 600); do [ ! -e "$DOWNLOAD_UNTIL" ] || break; sleep 0.1; done; }
	[ -n "${DOWNLOAD_LASTS-}" ] && { echo half >half.deb; : >"$ARCHIVE.began"; sleep "$DOWNLOAD_LASTS"; rm half.deb; }
	[ -n "${DOWNLOAD_SAYS-}" ] && { echo half >half.deb; echo "$DOWNLOAD_SAYS" >&2; exit 100; }
	for deb in "${@:2}"; do [[ $deb == --* ]] || cp "$ARCHIVE.debs/$deb.deb" .; done ;;
*) exit 100 ;;
esac
EOF
