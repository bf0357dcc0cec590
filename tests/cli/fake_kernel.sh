# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced after lib.sh: a kernel tree linux/ that is built in no time, and is of no use. Its image says what compiled it.

build_has_room
# What a kernel's make does as far as the lab sees it. It fails while there is a file TMPDIR/fail, and,
# as make does, takes what is there for whole: killed while it hangs, and not only interrupted, it leaves half an object.
mkdir -p linux
# How long it hangs, which no other test's hangs.
hangs=61.$$
# gcc makes it on any host.
export MIGBENCH_HOST_ARCH=x86_64
touch linux/Kconfig
sed "s/HANGS/$hangs/" >linux/Makefile <<'EOF'
VERSION = 6
PATCHLEVEL = 1
allnoconfig:
	mkdir -p $(O)/include/config
	cp $(KCONFIG_ALLCONFIG) $(O)/.config
	echo 6.1.0-fake >$(O)/include/config/kernel.release
bzImage: image = $(O)/arch/x86/boot/bzImage
Image: image = $(O)/arch/$(ARCH)/boot/Image
bzImage Image:
	test -e $(O)/.config
	mkdir -p $(dir $(image))
	test ! -e $(O)/half
	test ! -e $(TMPDIR)/hang || { trap 'echo; trap "" TERM; rm -f $(O)/half; exit 1' TERM; touch $(O)/half $(TMPDIR)/hangs; sleep HANGS; }
	test ! -e $(TMPDIR)/fail
	$(CROSS_COMPILE)gcc --version >$(image)
modules:
modules_install:
	mkdir -p $(INSTALL_MOD_PATH)/lib/modules/6.1.0-fake
	touch $(INSTALL_MOD_PATH)/lib/modules/6.1.0-fake/modules.dep
EOF
