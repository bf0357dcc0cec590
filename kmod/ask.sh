# SPDX-License-Identifier: GPL-2.0-or-later
# Which of the questions do the kernel's headers answer with yes? A header on standard output:
#   sh ask.sh questions.c COMPILER FLAG…
# The answers are worth nothing, and that is said, if an error is not within a question (headers
# missing, a compiler that fails), or if a control has the wrong answer.
questions=$1
shift
names=$(sed -n 's/^#line 1 "\(.*\)"$/\1/p' "$questions")
errors=$(LC_ALL=C "$@" -fsyntax-only "$questions" 2>&1 | grep 'error: ')

refuse() {
	echo "migbench: $1" >&2
	exit 1
}

no=" "
while IFS= read -r line; do
	name=${line%%:*}
	case " $(echo $names) " in
	*" $name "*) ;;
	*) [ -z "$line" ] || refuse "the kernel's headers can't be asked what they have: $line" ;;
	esac
	[ "$name" != BASIS ] ||
		refuse "these headers have not what Linux 5.10 has of migrate_vma_*(): ${line#*error: }"
	no="$no$name "
done <<END
$errors
END
for name in CONTROL_NAME CONTROL_PROTOTYPE; do
	case $no in
	*" $name "*) ;;
	*) refuse "the compiler finds nothing wrong with $name, and would not with what is missing" ;;
	esac
done

echo "/* What the kernel's headers have; made from questions.c. */"
for name in $names; do
	case $name$no in
	BASIS* | CONTROL_*) ;;
	*" $name "*) echo "#define MB_HAVE_$name 0" ;;
	*) echo "#define MB_HAVE_$name 1" ;;
	esac
done
