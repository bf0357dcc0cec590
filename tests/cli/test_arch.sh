#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: kernels of another architecture: named, built by its compiler, and refused what they can't have;
# which of them are of another one is up to the host.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
m=$MIGBENCH
export MIGBENCH_CACHE=$scratch/cache MIGBENCH_HOST_ARCH=x86_64

expect 2 "--arch takes x86_64 or arm64, not 'riscv'" "$m" lab kernel build 6.1 --arch riscv
expect 2 "arm64 are of 4k, 16k or 64k, not '8k'" "$m" lab kernel build 6.1 --arch arm64 --page 8k
expect 2 "x86_64 are of 4k, not '64k'" "$m" lab kernel build 6.1 --page 64k
printf '[kernel]\npackage = linux\narch = mips\n' >other.ini
expect 2 "^migbench: ./other.ini:3: 'arch = mips'; allowed: x86_64, arm64" "$m" lab kernel build ./other.ini
printf '[kernel]\npage = 3k\n' >other.ini
expect 2 "^migbench: ./other.ini:2: 'page = 3k'; allowed: 4k, 16k, 64k" "$m" lab kernel build ./other.ini
expect 2 "the keys 'arch' and 'page'" "$m" lab kernel build ./my.ini --arch arm64
expect 2 "go with a name that says neither" "$m" lab kernel build 6.1-arm64-4k --page 64k
expect 2 "choose another name" "$m" lab kernel build 6.1 --name 6.1-arm64-64k
expect 2 "no kernel '9.9'" "$m" lab kernel build 9.9 --arch arm64
expect 2 "lab arch fetch takes arm64, not 'x86_64'" "$m" lab arch fetch x86_64
expect 3 "is not built; run: migbench lab kernel build 6.1-arm64-64k" "$m" lab exec --kernel 6.1-arm64-64k -- true
expect 0 "" "$m" lab arch list
check "what there is of arm64" grep -Eq "^arm64 +4k,16k,64k" stdout

# A tree that is built in no time, by a compiler that is looked for by its prefix.
mkdir bin
export TMPDIR=$scratch
. "$MIGBENCH_SOURCE/tests/cli/fake_kernel.sh"
build() { "$m" lab kernel build 6.1 --source linux --arch arm64 --page 16k --name mine; }
command -v aarch64-linux-gnu-gcc >/dev/null ||
	expect 3 "no compiler for arm64 .*lab arch fetch arm64" build
# fake PROGRAM SAYS: it says this, and a compiler's version where it is asked for no more.
fake() {
	printf '#!/bin/sh\n[ "$1" = -dumpversion ] && echo 12 || echo "%s"\n' "$2" >"bin/$1"
	chmod +x "bin/$1"
}
fake aarch64-linux-gnu-gcc "aarch64-linux-gnu-gcc (a fake) 1.0"
export PATH=$scratch/bin:$PATH
expect 0 "" build
folder=$(echo "$MIGBENCH_CACHE"/kernels/mine-*)
check "the cross compiler is the one of its prefix" grep -q "a fake" "$folder/build/arch/arm64/boot/Image"
check "the page size is configured" grep -qx CONFIG_ARM64_16K_PAGES=y "$folder/build/.config"
check "no other page size is" test "$(grep -c 'ARM64_.*K_PAGES' "$folder/build/.config")" = 1
check "the architecture is known" test "$(jq -r '.arch + .page' "$folder/kernel.json")" = arm6416k

expect 2 "no base pages of 16k, which kernel mine needs" "$m" lab exec --kernel mine --cpu cortex-a57 -- true
expect 2 "mine is for arm64, whose models are neoverse-n1" "$m" lab exec --kernel mine --cpu qemu64 -- true
expect 2 "which this machine only emulates" "$m" lab exec --kernel mine --accel kvm -- true
printf '%s\n' "[node 0]" "cpus = 1" "memory = 512M" "coherent = 64M" "[node 1]" "cpus = 0" "memory = 64M" >t.ini
expect 2 "only the last node can have 'coherent'" "$m" lab exec --kernel mine --topology ./t.ini -- true
expect 3 "the libraries of arm64 are not here.*lab arch fetch arm64" "$m" lab exec --kernel mine -- true

# The other way round.
export MIGBENCH_HOST_ARCH=arm64
fake gcc "gcc (a fake) 1.0"
fake x86_64-linux-gnu-gcc "x86_64-linux-gnu-gcc (a fake) 1.0"
fake qemu-system-aarch64 "QEMU emulator version 7.2.0"
expect 2 "lab arch fetch takes x86_64, not 'arm64'" "$m" lab arch fetch arm64
expect 3 "--stock needs a machine of x86_64" "$m" lab kernel build 6.1 --stock
expect 0 "" "$m" lab kernel build 6.1 --source linux --arch arm64 --page 4k --name own
check "gcc itself is the compiler" grep -q "^gcc (a fake)" "$MIGBENCH_CACHE"/kernels/own-*/build/arch/arm64/boot/Image
expect 0 "" "$m" lab kernel build 6.1 --source linux --name other
check "for x86-64 it is not" grep -q "^x86_64-linux-gnu-gcc (a fake)" \
	"$MIGBENCH_CACHE"/kernels/other-*/build/arch/x86/boot/bzImage
expect 2 "other is for x86_64, which this machine only emulates" "$m" lab exec --kernel other --accel kvm -- true
expect 3 "the libraries of x86_64 are not here.*lab arch fetch x86_64" "$m" lab exec --kernel other -- true
expect 0 "" "$m" lab exec --kernel own --clock time --accel kvm --dry-run -- true
check "KVM runs its own kernels" grep -qE "^qemu-system-aarch64 .* -cpu host -accel kvm " stdout
expect 0 "" "$m" doctor
check "the QEMU of its own guests is looked for" grep -q "^yes .*QEMU 7.2.0 runs the VM" stdout
# One that was fetched and does not start is none, and nobody's topology is to blame.
printf '#!/bin/sh\nexit 127\n' >broken
chmod +x broken
mkdir -p "$MIGBENCH_CACHE/qemu-arm64/9.0/usr/bin"
cp broken "$MIGBENCH_CACHE/qemu-arm64/9.0/usr/bin/qemu-system-aarch64"
mv bin/qemu-system-aarch64 whole
cp broken bin/qemu-system-aarch64
expect 3 "qemu-system-aarch64 is not installed or does not start" \
	"$m" lab exec --kernel own --clock time --topology 2-node-1-cpu --dry-run -- true
# Of two that do, the older one goes on measuring; the newer is for what needs it.
rm -r "$MIGBENCH_CACHE/qemu-arm64/9.0"
for version in 8.0.2 10.0.2; do
	mkdir -p "$MIGBENCH_CACHE/qemu-arm64/$version/usr/bin"
	printf '#!/bin/sh\necho "QEMU emulator version %s"\n' $version >"$MIGBENCH_CACHE/qemu-arm64/$version/usr/bin/qemu-system-aarch64"
	chmod +x "$MIGBENCH_CACHE/qemu-arm64/$version/usr/bin/qemu-system-aarch64"
done
expect 0 "" "$m" lab exec --kernel own --clock insns --topology 2-node-1-cpu --dry-run -- true
check "the older one" grep -q "qemu-arm64/8.0.2/" stdout
expect 0 "" "$m" lab exec --kernel own --clock insns --topology 2-node --dry-run -- true
check "the newer one for several CPUs" grep -q "qemu-arm64/10.0.2/" stdout
mv whole bin/qemu-system-aarch64
expect 0 "" "$m" lab arch list
check "its own compiler and libraries are here" grep -Eq "^arm64 +4k,16k,64k +yes +yes +yes" stdout
finish
