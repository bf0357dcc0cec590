# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced after lib.sh: a small history over the real source of the test kernel, in $scratch/linux.
command -v git >/dev/null || {
	echo "skipped: git is not installed"
	exit 77
}
cache=${MIGBENCH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/migbench}
# Beside the source, so that the tree can be made of links.
rmdir "$scratch"
scratch=$(mktemp -d -p "$cache")

# All that a bisection of that tree built, and the tree.
forget() {
	cd /
	"$MIGBENCH" lab kernel list | awk '$1 ~ /^bisect-/ { print $1 }' >"$scratch/names"
	while read -r name; do
		git -C "$scratch/linux" cat-file -e "${name#bisect-}" 2>/dev/null &&
			"$MIGBENCH" lab kernel remove "$name" || :
	done <"$scratch/names"
	rm -rf "$scratch"
}
trap forget EXIT

# commit MESSAGE: what is changed now.
commit() {
	git add -u
	git -c user.name=test -c user.email=test@localhost commit -q --allow-empty -m "$1"
}

# add_line FILE BEFORE LINE: LINE above the first line that contains BEFORE.
add_line() {
	BEFORE=$2 LINE=$3 awk '!done && index($0, ENVIRON["BEFORE"]) { print ENVIRON["LINE"]; done = 1 }
		{ print }' "$1" >"$1.new"
	mv "$1.new" "$1"
}

# make_tree DIR: the source of the test kernel by links, under git as far as the tests change it.
make_tree() {
	local source
	source=$(jq -sr --arg name "$KERNEL" 'map(select(.name == $name)) | max_by(.built) | .tree' \
		"$cache"/kernels/*/kernel.json)
	if [ ! -e "$source/mm/migrate_device.c" ]; then
		echo "skipped: mm/migrate_device.c, which is changed here, is no file of this kernel"
		exit 77
	fi
	cp -al "$source" "$1"
	cd "$1"
	git init -q
	git add -f mm/migrate.c mm/migrate_device.c mm/Kconfig
	git -c user.name=test -c user.email=test@localhost commit -q -m "The source as it is"
}

# Commits of the kinds that a bisection meets, each by what it does to the tree.
harmless() {
	add_line mm/migrate.c "static bool remove_migration_pte" "/* $1 */"
	commit "$1"
}

dearer() {
	add_line mm/migrate.c "/* pgoff is invalid for ksm pages" \
		'		asm volatile(".rept 20\n\tnop\n\t.endr");'
	commit "$1"
}

broken() {
	add_line mm/migrate.c "static bool remove_migration_pte" "#error not yet"
	commit "$1"
}

mended() {
	sed -i '/#error not yet/d' mm/migrate.c
	commit "$1"
}

dying() {
	printf '%s\n' 'static int __init planted(void) { panic("planted"); }' 'late_initcall(planted);' >>mm/migrate_device.c
	commit "$1"
}

revived() {
	sed -i '/planted/d' mm/migrate_device.c
	commit "$1"
}

# From here on device-private memory wants an option that no fragment of ours knows.
gated() {
	awk '/^config DEVICE_PRIVATE/ { print "config PLANTED\n\tbool \"planted\"\n"; inside = 1 }
		{ print }
		inside && /depends on/ { print "\tdepends on PLANTED"; inside = 0 }' mm/Kconfig >mm/Kconfig.new
	mv mm/Kconfig.new mm/Kconfig
	commit "$1"
}

# side MESSAGE FROM: a commit beside the others, merged at once.
side() {
	local branch
	branch=$(git symbolic-ref --short HEAD)
	git checkout -q -b "side-$1" "$2"
	add_line mm/migrate_device.c "#include" "/* $1 */"
	commit "$1"
	git checkout -q "$branch"
	git -c user.name=test -c user.email=test@localhost merge -q --no-edit "side-$1"
}
