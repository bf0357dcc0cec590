# SPDX-License-Identifier: GPL-2.0-or-later
# What has to be installed, by Debian package name; sourced by quickstart and check.

packages_run="gcc libc6-dev make cmake pkg-config libjansson-dev libinih-dev libgsl-dev libhwloc-dev
	libnuma-dev libpfm4-dev nettle-dev libarchive-dev gnuplot-nox qemu-system-x86 busybox-static dpkg-dev
	flex bison bc libelf-dev libssl-dev lz4 kmod xz-utils ca-certificates"
packages_check="libcmocka-dev mmdebstrap jq sparse clang-format perl"

# One line of @2…'s output that says why apt failed, for @1: what could not be done.
apt_failed() {
	local what=$1 said=$2 why
	case $said in
	*"Could not get lock"* | *"Unable to acquire the dpkg frontend lock"*)
		why="another process is installing packages; try again when it is done" ;;
	*"No space left on device"* | *"enough free space"*)
		why="the disk is full; make room, then try again" ;;
	*"Temporary failure resolving"* | *"Could not connect"* | *"Could not resolve"* | \
		*"Failed to fetch"* | *"Unable to locate package"* | *"no installation candidate"*)
		why="the archive cannot be reached, or does not have it; look at: apt-get update" ;;
	*)
		why=$(grep -m 1 '^E: ' <<<"$said" || tail -n 1 <<<"$said") ;;
	esac
	echo "$0: $what: $why" >&2
	return 3
}

# Install what is missing of "$@"; says which. Returns 3, after one line, where that can't be done.
ensure_packages() {
	local missing=() package as_root=() said
	for package in "$@"; do
		# It takes patterns: only the package of exactly this name counts.
		dpkg-query -W -f '${Package} ${Status}\n' "$package" 2>/dev/null |
			grep -qxF "$package install ok installed" ||
			missing+=("$package")
	done
	[ ${#missing[@]} -gt 0 ] || return 0
	if ! command -v apt-get >/dev/null; then
		echo "$0: this is no Debian; install the equivalents of: ${missing[*]}" >&2
		return 3
	fi
	if [ "$(id -u)" -ne 0 ]; then
		# It asks for a password on the terminal, where one is needed.
		if ! command -v sudo >/dev/null || ! sudo -v 2>/dev/null; then
			echo "$0: this user may not install packages; as root, run: apt-get install ${missing[*]}" >&2
			return 3
		fi
		as_root=(sudo)
	fi
	echo "installing: ${missing[*]}"
	# What an interrupted installation left.
	if [ -n "$(dpkg --audit 2>/dev/null)" ]; then
		said=$("${as_root[@]}" dpkg --configure -a 2>&1 </dev/null) ||
			apt_failed "dpkg --configure -a" "$said" || return
	fi
	# A source of the user's that does not answer is no reason to stop: what counts is the next step.
	said=$("${as_root[@]}" apt-get update -qq 2>&1 </dev/null) || :
	said+=$("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
		-o DPkg::Lock::Timeout=60 --no-install-recommends "${missing[@]}" 2>&1 </dev/null) ||
		apt_failed "could not install ${missing[*]}" "$said"
}
