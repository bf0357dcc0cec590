#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# emulated.sh COMMAND…, as root: run it where programs of arm64 start, emulated by qemu-user.
set -euo pipefail
known=/proc/sys/fs/binfmt_misc
[ $# -gt 0 ] || { echo "usage: emulated.sh COMMAND…" >&2; exit 2; }
[ ! -e $known/qemu-aarch64 ] || exec "$@"

# The machine is not set up for it. What binfmt_misc is told in a user namespace stays in there.
if [ "$1" != --inside ]; then
	command -v qemu-aarch64-static >/dev/null || {
		echo "emulated.sh: on Debian: apt-get install qemu-user-static" >&2
		exit 3
	}
	own=$(readlink /proc/self/ns/user)
	(
		while [ "$(readlink /proc/$$/ns/user)" = "$own" ]; do sleep 0.1; done
		echo "0 0 65536" >/proc/$$/uid_map
		echo "0 0 65536" >/proc/$$/gid_map
	) &
	exec unshare --user --mount bash "$0" --inside "$@"
fi
shift
# Until the users are mapped this is nobody, who may mount nothing.
until read -r _ </proc/self/uid_map; do sleep 0.1; done
mount --make-rprivate /
mount -t binfmt_misc binfmt_misc $known || {
	echo "emulated.sh: before Linux 6.7 the machine has to be set up; on Debian: apt-get install binfmt-support" >&2
	exit 3
}
# An ELF file of 64 bits for the machine 0xb7. F: the interpreter is opened now, and is there in any root.
magic='\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00'
mask='\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff'
printf '%s' ":qemu-aarch64:M::$magic:$mask:$(command -v qemu-aarch64-static):FC" >$known/register
exec "$@"
