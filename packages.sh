# SPDX-License-Identifier: GPL-2.0-or-later
# What has to be installed, by Debian package name; sourced by quickstart and check.

packages_run="gcc libc6-dev make cmake pkg-config libjansson-dev libinih-dev libgsl-dev libhwloc-dev
	libnuma-dev libpfm4-dev nettle-dev libarchive-dev gnuplot-nox qemu-system-x86 busybox-static dpkg-dev
	flex bison bc libelf-dev libssl-dev lz4 kmod xz-utils ca-certificates"
packages_check="libcmocka-dev jq sparse clang-format perl"

# Install what is missing of "$@"; says which. Returns 3 where that can't be done.
ensure_packages() {
	local missing=() package as_root=()
	for package in "$@"; do
		dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed' ||
			missing+=("$package")
	done
	[ ${#missing[@]} -gt 0 ] || return 0
	if ! command -v apt-get >/dev/null; then
		echo "$0: this is no Debian; install the equivalents of: ${missing[*]}" >&2
		return 3
	fi
	if [ "$(id -u)" -ne 0 ]; then
		if ! command -v sudo >/dev/null; then
			echo "$0: as root, run: apt-get install ${missing[*]}" >&2
			return 3
		fi
		as_root=(sudo)
	fi
	echo "installing: ${missing[*]}"
	"${as_root[@]}" apt-get update -qq &&
		DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq \
			--no-install-recommends "${missing[@]}" >/dev/null </dev/null || {
		echo "$0: apt-get could not install: ${missing[*]}" >&2
		return 3
	}
}
