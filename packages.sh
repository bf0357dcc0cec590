#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What has to be installed. Sourced by quickstart and check; ./packages.sh --list prints it.

# What is used directly, even where another package would bring it along: to build migbench, by the
# lab, by the lab on machines of one architecture (as uname -m says it), for pictures, by ./check, by ./check --long. Ubuntu's names are
# Debian's. -: nothing more; ?: not known.
packages_table="
#use  Debian           Fedora                    openSUSE                          Arch
lab   gcc              gcc                       gcc                               gcc
lab   libc6-dev        glibc-devel,glibc-static  glibc-devel,glibc-devel-static    glibc
lab   make             make                      make                              make
build cmake            cmake                     cmake                             cmake
build pkg-config       pkgconf-pkg-config        pkgconf-pkg-config                pkgconf
build libjansson-dev   jansson-devel             libjansson-devel                  jansson
build libinih-dev      inih-devel                libinih-devel                     libinih
build libgsl-dev       gsl-devel                 gsl-devel                         gsl
build libhwloc-dev     hwloc-devel               hwloc-devel                       hwloc
build libnuma-dev      numactl-devel             libnuma-devel                     numactl
build libpfm4-dev      libpfm-devel              libpfm-devel                      libpfm
build nettle-dev       nettle-devel              libnettle-devel                   nettle
build libarchive-dev   libarchive-devel          libarchive-devel                  libarchive
build libbpf-dev       libbpf-devel              libbpf-devel              libbpf
build clang            clang                     clang                     clang
build libcmark-gfm-dev ?                         ?                                 ?
build libcmark-gfm-extensions-dev ?              ?                                 ?
draw  gnuplot-nox      gnuplot                   gnuplot                           gnuplot
x86_64 qemu-system-x86 qemu-system-x86           qemu-x86                          qemu-system-x86
aarch64 qemu-system-arm qemu-system-aarch64      qemu-arm                          qemu-system-aarch64
lab   busybox-static   busybox                   busybox-static                    busybox
lab   flex             flex                      flex                              flex
lab   bison            bison                     bison                             bison
lab   bc               bc                        bc                                bc
lab   libelf-dev       elfutils-libelf-devel     libelf-devel                      libelf
lab   lz4              lz4                       lz4                               lz4
lab   kmod             kmod                      kmod                              kmod
lab   xz-utils         xz                        xz                                xz
lab   patch            patch                     patch                             patch
lab   git              git                       git                               git
lab   -                perl                      perl                              perl
check libcmocka-dev    libcmocka-devel           libcmocka-devel                   cmocka
check linux-perf       perf                      perf                              perf
check mmdebstrap       ?                         ?                                 ?
check jq               jq                        jq                                jq
check sparse           sparse                    sparse                            sparse
check mandoc           mandoc                    mandoc                            mandoc
check groff-base       groff-base                groff                             groff
check procps           procps-ng                 procps                            procps-ng
check valgrind         valgrind                  valgrind                          valgrind
check chromium         chromium                  chromium                          chromium
check libclang-rt-dev compiler-rt              ?                         compiler-rt
check clang-format     clang-tools-extra         clang-tools                       clang
check clang-tidy       clang-tools-extra         clang-tools                       clang
check cppcheck         cppcheck                  cppcheck                          cppcheck
long  slurmctld        slurm-slurmctld           slurm                             ?
long  slurmd           slurm-slurmd              slurm-node                        ?
long  slurm-client     slurm                     -                                 ?
long  munge            munge                     munge                             ?
"

# packages_named COLUMN USE…: the names in that column (1 is Debian's) of what has these uses.
packages_named() {
	local column=$1 row words name
	shift
	while read -r row; do
		read -ra words <<<"$row"
		[[ " $* " == *" ${words[0]-} "* ]] || continue
		name=${words[column]//,/ }
		[ "$name" = - ] || [ "$name" = "?" ] || printf '%s ' "$name"
	done <<<"$packages_table"
}

# shellcheck disable=SC2034 # for who sources this
packages_run=$(packages_named 1 build lab "$(uname -m)" draw)
# shellcheck disable=SC2034
packages_check=$(packages_named 1 check)
# shellcheck disable=SC2034
packages_long=$(packages_named 1 long)

# packages_show NAME COLUMN COMMAND
packages_show() {
	local missing
	echo "$1:"
	echo "  $3 $(packages_named "$2" build lab "$(uname -m)" draw)"
	echo "  for ./check also: $(packages_named "$2" check)"
	echo "  for ./check --long also: $(packages_named "$2" long)"
	missing=$(awk -v column=$(($2 + 1)) '$column == "?" { printf "%s ", $2 }' <<<"$packages_table")
	[ -z "$missing" ] || echo "  not known here, by Debian's name: $missing"
}

packages_list() {
	local name
	case ${1-} in
	"") for name in debian ubuntu fedora opensuse arch; do packages_list $name; done ;;
	debian) packages_show "Debian" 1 "apt-get install --no-install-recommends" ;;
	ubuntu) packages_show "Ubuntu, untested here" 1 "apt-get install --no-install-recommends" ;;
	fedora) packages_show "Fedora, untested here" 2 "dnf install" ;;
	opensuse) packages_show "openSUSE, untested here" 3 "zypper install" ;;
	arch) packages_show "Arch Linux, untested here" 4 "pacman -S --needed" ;;
	*)
		echo "packages.sh: '$1' is not one of debian, ubuntu, fedora, opensuse, arch" >&2
		return 2
		;;
	esac
}

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
	echo "${0##*/}: $what: $why" >&2
	return 3
}

# Install what is missing of "$@"; says which. Returns 3, after one line, where that can't be done.
ensure_packages() {
	local missing=() package as_root=() said
	for package in "$@"; do
		# It takes patterns: only the package of exactly this name counts. What is found
		# counts, not how the search ended: with pipefail a grep -q that leaves early fails.
		[ -n "$(dpkg-query -W -f '${Package} ${Status}\n' "$package" 2>/dev/null |
			grep -xF "$package install ok installed")" ] || missing+=("$package")
	done
	[ ${#missing[@]} -gt 0 ] || return 0
	if ! command -v apt-get >/dev/null; then
		echo "${0##*/}: this is no Debian; install what ./packages.sh --list names for: ${missing[*]}" >&2
		return 3
	fi
	if [ "$(id -u)" -ne 0 ]; then
		# It asks for a password on the terminal, where one is needed.
		if ! command -v sudo >/dev/null || ! sudo -v 2>/dev/null; then
			echo "${0##*/}: this user may not install packages; as root, run: apt-get install ${missing[*]}" >&2
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
	said=$("${as_root[@]}" env LC_ALL=C apt-get update -qq 2>&1 </dev/null) || :
	# It, too, takes a name that no package has for a pattern.
	for package in "${missing[@]}"; do
		[ -n "$(apt-cache pkgnames "$package" 2>/dev/null | grep -xF -- "$package")" ] ||
			apt_failed "could not install ${missing[*]}" "$said E: Unable to locate package $package" || return
	done
	said=$("${as_root[@]}" env LC_ALL=C DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
		-o DPkg::Lock::Timeout=30 --no-install-recommends "${missing[@]}" 2>&1 </dev/null) ||
		apt_failed "could not install ${missing[*]}" "$said"
}

(return 0 2>/dev/null) || case ${1-} in
--list)
	[ $# -le 2 ] || { echo "packages.sh: --list takes one distribution" >&2; exit 2; }
	packages_list "${2-}"
	;;
--help)
	echo "usage: ./packages.sh --list [debian|ubuntu|fedora|opensuse|arch]
What migbench, its lab and its tests need, by the names of these distributions. Only Debian's are
tried by ./check --fresh. The lab's kernels come from Debian's source packages; elsewhere:
migbench lab kernel build --source DIR"
	;;
*)
	echo "packages.sh: it takes --list; see ./packages.sh --help" >&2
	exit 2
	;;
esac
