# SPDX-License-Identifier: GPL-2.0-or-later
# Fresh roots: minimal Debian installations in the cache, made from this machine's own apt sources
# with the release's name changed, and commands that run in a throw-away copy of one. Sourced.
set -euo pipefail
cache=${MIGBENCH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/migbench}/fresh
machine=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")

skip() {
	echo "skipped: $*"
	exit 77
}

# What a root needs of this machine; without it no test of this folder can be made.
fresh_possible() {
	[ "$(id -u)" -eq 0 ] || skip "a fresh root needs root (mount and chroot)"
	command -v mmdebstrap >/dev/null || skip "mmdebstrap is not installed"
	[ -n "$machine" ] || skip "/etc/os-release names no release"
	unshare --mount --pid --fork true 2>/dev/null || skip "no mount namespaces here"
}

# fresh_foreign RELEASE: whether it is like bookworm-arm64, of a machine that is only emulated here.
fresh_foreign() {
	[[ $1 == *-arm64 ]] && [ "$(uname -m)" != aarch64 ]
}

# fresh_as RELEASE COMMAND…: run it where the release's programs start.
fresh_as() {
	if fresh_foreign "$1"; then
		bash "$MIGBENCH_SOURCE/tests/fresh/emulated.sh" "${@:2}"
	else
		"${@:2}"
	fi
}

# fresh_here RELEASE: the test ends here if it is a foreign one, for which there is fresh/foreign.
fresh_here() {
	! fresh_foreign "$1" || skip "on a machine of $1, which is emulated here, it takes hours"
}

# fresh_sources RELEASE: this machine's apt sources that name its own release, for RELEASE.
fresh_sources() {
	local file
	for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
		[ -e "$file" ] || continue
		awk -v own="$machine" -v other="$1" '
			$1 == "deb" && match($0, "[ \t]" own "(-[a-z]+)?[ \t]") {
				rest = substr($0, RSTART + 1 + length(own))
				print substr($0, 1, RSTART) other rest
			}' "$file"
	done
	for file in /etc/apt/sources.list.d/*.sources; do
		[ -e "$file" ] || continue
		awk -v own="$machine" -v other="$1" -v RS= '{
			kept = ""
			count = split($0, lines, "\n")
			for (i = 1; i <= count; i++) {
				if (lines[i] ~ /^#/)
					continue
				if (tolower(lines[i]) ~ /^suites:/) {
					words = split(lines[i], word, "[ \t]+")
					suites = ""
					for (j = 2; j <= words; j++)
						if (word[j] == own || index(word[j], own "-") == 1)
							suites = suites " " other substr(word[j], length(own) + 1)
					lines[i] = "Suites:" suites
				}
				kept = kept lines[i] "\n"
			}
			if (suites != "")
				print kept
			suites = ""
		}' "$file"
	done
}

# The part of apt's configuration that says how to reach the archive.
fresh_apt_configuration() {
	apt-config dump | grep -E '^Acquire::' |
		grep -vE '^Acquire::(IndexTargets|CompressionTypes|cdrom|Changelogs)' || :
	# Lists of descriptions in other languages are read by nobody there.
	echo 'Acquire::Languages "none";'
}

# fresh_base RELEASE: make the release's root where the cache has none of the same sources; says
# the archive's path.
fresh_base() {
	local sources configuration key base options=()
	fresh_as "$1" unshare --mount --pid --fork mount -t proc proc /proc ||
		skip "programs of $1 do not start here (the line above)"
	# What mmdebstrap asks another package for was just tried.
	[ "${1%-arm64}" = "$1" ] || options=(--arch=arm64 --skip=check/qemu)
	sources=$(mktemp --suffix=.sources)
	configuration=$(mktemp)
	fresh_sources "${1%-arm64}" >"$sources"
	[ -s "$sources" ] || skip "no apt source of this machine names its own release, $machine"
	fresh_apt_configuration >"$configuration"
	key=$(cat "$sources" "$configuration" | sha256sum | cut -c 1-12)
	base=$cache/$1-$key.tar
	mkdir -p "$cache"
	exec 9>"$cache/.lock-$1"
	flock 9
	if [ ! -e "$base" ]; then
		# Not those of bookworm-arm64 with those of bookworm.
		rm -f "$cache/$1"-????????????.tar*
		fresh_as "$1" mmdebstrap --quiet --variant=minbase --include=git,ca-certificates,sudo "${options[@]}" \
			--aptopt="$configuration" "${1%-arm64}" "$base.partial.tar" "$sources" >"$cache/$1.log" 2>&1 || {
			rm -f "$base.partial.tar"
			tail -n 5 "$cache/$1.log" >&2
			skip "mmdebstrap makes no root of $1 here (the lines above)"
		}
		mv "$base.partial.tar" "$base"
	fi
	exec 9>&-
	rm -f "$sources" "$configuration"
	echo "$base"
}

# fresh_root RELEASE FOLDER: a throw-away copy of the root, the project's last commit in it as
# /srv/migbench.git, and a user who may use sudo.
fresh_root() {
	local base
	base=$(fresh_base "$1") || { status=$?; echo "$base"; exit $status; }
	mkdir -p "$2"
	tar --numeric-owner -xf "$base" -C "$2"
	git clone --quiet --bare "$MIGBENCH_SOURCE" "$2/srv/migbench.git"
	# A clone from a folder wants to know its owner, as one from a server does not.
	fresh_as "$1" chroot "$2" git config --system safe.directory /srv/migbench.git
	cp /etc/resolv.conf /etc/hosts "$2/etc/"
	mkdir -p "$cache/packages/$1"
	fresh_as "$1" chroot "$2" useradd --create-home --shell /bin/bash user
	echo 'user ALL=(ALL) NOPASSWD: ALL' >"$2/etc/sudoers.d/user"
}

# fresh_in RELEASE FOLDER USER SCRIPT: run a bash script in the root as USER, at home; nothing of
# this machine's environment reaches it, and what it started ends with it. Packages that apt
# downloads are kept for the next time. FRESH_BINDS are further folders, each FROM:TO;
# FRESH_NET and FRESH_PROC take the network and /proc away when they are "no".
FRESH_BINDS=()
FRESH_NET=yes
FRESH_PROC=yes
fresh_in() {
	local net=()
	[ "$FRESH_NET" = yes ] || net=(--net)
	# shellcheck disable=SC2016
	FRESH_PROC=$FRESH_PROC fresh_as "$1" unshare "${net[@]}" --mount --pid --fork --kill-child bash -c '
		set -e
		mount --make-rprivate /
		[ "$FRESH_PROC" = no ] || mount -t proc proc "$1/proc"
		mount --rbind /sys "$1/sys"
		mount --rbind /dev "$1/dev"
		mount --bind "$2" "$1/var/cache/apt/archives"
		for bind in "${@:5}"; do
			mkdir -p "${bind%:*}" "$1${bind#*:}"
			mount --rbind "${bind%:*}" "$1${bind#*:}"
		done
		home=/root
		[ "$3" = root ] || home=/home/$3
		exec chroot --userspec="$3" "$1" /usr/bin/env -i HOME="$home" USER="$3" LANG=C.UTF-8 \
			PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
			/bin/bash -ec "cd; $4" </dev/null
	' fresh "$2" "$cache/packages/$1" "$3" "$4" "${FRESH_BINDS[@]}"
}
