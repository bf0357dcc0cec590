#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Description: patches as people have them: what is read, and the cause where one is refused; nothing is built.
. "${MIGBENCH_SOURCE:?is set by ctest}/tests/cli/lib.sh"
m=$MIGBENCH
export MIGBENCH_CACHE=$scratch/cache MIGBENCH_HOST_ARCH=x86_64 GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
command -v git >/dev/null || { echo "skipped: git is not installed"; exit 77; }
git() { command git -c user.name=T -c user.email=t@localhost -c core.autocrlf=false "$@"; }

# A kernel's source of a few lines, and what three commits make of it.
mkdir -p k/mm k/include k/scripts patches
cd k || exit 1
printf 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 5\nEXTRAVERSION =\n' | sed '1i # Top' >Makefile
printf 'mainmenu "Linux"\n' >Kconfig
printf 'obj-y := migrate.o\n' >mm/Makefile
{
	for f in one two three four five; do
		printf 'static int %s(struct page *page, int n)\n{\n\tint i;\n\n' $f
		printf '\tfor (i = 0; i < n; i++) {\n\t\tif (page[i].flags == n)\n'
		printf '\t\t\tcount_%s(page, i);\n\t\tput_%s(page);\n\t}\n\treturn n;\n}\n\n' $f $f
	done
} >mm/migrate.c
printf '#ifndef MM_H\n#define MM_H\nint one(struct page *page, int n);\n#endif\n' >include/mm.h
printf '#!/bin/sh\necho a\necho b\necho c\n' >scripts/tool.sh
git init -q . && git add . && git commit -qm "The source" && git tag v6.1
cp -r ../k ../w && cd ../w || exit 1
sed -i 's/\t\tput_three(page);/\t\tput_three(page, i, "a longer argument", sizeof(struct page) * (n + 1), 0);/' mm/migrate.c
git commit -qam "mm: three puts more" -m "It has been too little."
sed -i 's/^static int four(.*/static long four(struct page *page, long n)/; s/count_four(page, i)/count_four(page)/' mm/migrate.c
printf 'int four;\nint fours;\n' >mm/four.c
git add . && git commit -qm "mm: four is long" -m "See above."
git mv include/mm.h include/mm_types.h && chmod +x scripts/tool.sh && git commit -qam "A name and a mode"
git format-patch -q -o ../patches --cover-letter v6.1
cd .. || exit 1
p1=$(echo patches/0001-*) p2=$(echo patches/0002-*) p3=$(echo patches/0003-*) p0=$(echo patches/0000-*)
sed -i 's/^\*\*\* BLURB HERE \*\*\*/Three patches.\n+++ and more of them\n--- as one\n  diff --git a\/x b\/x\n/' "$p0"

base=("$m" lab kernel build --source k --name t --dry-run)
why=$("${base[@]}" 2>&1 >/dev/null) || { echo "skipped: $why"; exit 77; }

# reads WHAT PATCH…: they apply. answer PATTERN PATCH…: one line and status 2.
count=0
patch_words() {
	words=()
	for one in "$@"; do words+=(--patch "$one"); done
	count=$((count + 1))
}
reads() {
	patch_words "${@:2}"
	expect 0 "" "${base[@]}" "${words[@]}"
	check "$1" grep -q "with $((${expected:-1})) patch" stdout
}
answer() {
	patch_words "${@:2}"
	expect 2 "$1" "${base[@]}" "${words[@]}"
}
# mail ENCODING PATCH: one mail with the patch encoded.
mail() {
	sed '/^$/,$d' "$2" | grep -v '^Content-'
	printf 'MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: %s\n\n' "$1"
	sed '1,/^$/d' "$2" | case $1 in
	base64) base64 ;;
	quoted-printable) perl -MMIME::QuotedPrint -e 'local $/; print encode_qp(<STDIN>)' ;;
	*) cat ;;
	esac
}

# --- what is read
reads "a mail of git format-patch" "$p1"
expected=3 reads "several, in order" "$p1" "$p2" "$p3"
expected=3 reads "a folder, its cover letter left out" patches
cat patches/*.patch >series.mbox
expected=3 reads "a mailbox with a cover letter" series.mbox
cat "$p3" "$p1" "$p0" "$p2" >shuffled.mbox
expected=3 reads "a mailbox in another order" shuffled.mbox
sed 's/^Subject: \[PATCH/Subject: Re: [PATCH/; 1,/^$/!s/^/> /' "$p1" >reply.eml
cat series.mbox reply.eml >thread.mbox
expected=3 reads "a thread with an answer" thread.mbox
mail base64 "$p1" >base64.eml
reads "base64" base64.eml
mail quoted-printable "$p1" >qp.eml
reads "quoted-printable" qp.eml
sed 's/$/\r/' "$p1" >crlf.patch
reads "CRLF" crlf.patch
sed 's/$/\r/' <(sed '1,/^$/d' "$p1") >body
{
	sed '/^$/,$d' "$p1"
	printf 'MIME-Version: 1.0\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\n'
	base64 body
} >crlf64.eml
reads "CRLF within base64" crlf64.eml
# A user's settings, with which git does nothing.
echo '[apply' >own
export GIT_CONFIG_GLOBAL=$scratch/own
expect 128 "" bash -c "git -C k apply --check ../$p2 2>/dev/null"
reads "a mail, whatever git's settings are" "$p1"
export GIT_CONFIG_GLOBAL=/dev/null
git -C w diff v6.1 HEAD >git.diff
reads "git diff" git.diff
git -C w diff --no-prefix v6.1 HEAD -- mm >p0.diff
reads "-p0" p0.diff
git -C w diff --no-prefix v6.1 HEAD -- mm/Makefile mm/four.c >p0-new.diff
reads "-p0, a new file alone" p0-new.diff
diff -urN -x .git k w >urN.diff
reads "diff -urN" urN.diff
(cd w && cp ../k/mm/migrate.c mm/migrate.c.orig && diff -u mm/migrate.c.orig mm/migrate.c; rm mm/migrate.c.orig) >orig.diff
reads "diff of a file and its .orig" orig.diff
diff -u --label a/mm/migrate.c --label b/mm/migrate.c k/mm/migrate.c w/mm/migrate.c >labels.diff
reads "no time, no git" labels.diff
diff -c k/mm/migrate.c w/mm/migrate.c >context.diff
reads "diff -c" context.diff
git -C w diff -U0 v6.1 HEAD -- mm >bare.diff
reads "diff -U0" bare.diff
git -C w diff -M v6.1 HEAD -- include >rename.diff
reads "a rename without hunks" rename.diff
git -C w diff v6.1 HEAD -- scripts >mode.diff
reads "a mode alone" mode.diff
git -C w diff v6.1 HEAD -- mm/four.c >new.diff
reads "a new file" new.diff
(cd w && git rm -q mm/Makefile && git diff --cached; git reset -q --hard) >deleted.diff
reads "a deleted file" deleted.diff
sed 's/^/    /' labels.diff >shifted.diff
reads "shifted to the right" shifted.diff
sed 's/^-/- -/' labels.diff >signed.diff
reads "with dashes as RFC 934 has them" signed.diff
{ printf '\xef\xbb\xbf'; cat "$p1"; } >bom.patch
reads "a byte order mark" bom.patch
mkdir quilt && cp "$p1" quilt/zz && cp "$p2" quilt/aa && printf '# a list\nzz\naa -p1\n' >quilt/series
expected=2 reads "quilt's series" quilt
mkdir -p box/cur box/new && cp "$p1" "$p2" box/cur
expected=2 reads "a maildir" box
mkdir mh && cp "$p2" mh/10 && cp "$p1" mh/9
expected=2 reads "numbers for names" mh
{
	sed '/^$/,$d' "$p1" | grep -v '^Content-'
	printf 'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="xx"\n\n--xx\nContent-Type: text/plain\n\nSee there.\n\n--xx\n'
	printf 'Content-Type: text/x-patch; name="a.patch"\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment\n\n'
	base64 "$p1"
	printf -- '\n--xx--\n'
} >attached.eml
reads "an attachment" attached.eml
# What a mailer sends that says everything twice, the second time as a web page.
{
	sed '/^$/,$d' "$p1" | grep -v '^Content-'
	printf 'MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary="xx"\n\n--xx\nContent-Type: text/plain\n\n'
	sed '1,/^$/d' "$p1"
	printf -- '\n--xx\nContent-Type: text/html\n\n<html><pre>\n'
	sed '1,/^$/d; s/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g' "$p1"
	printf -- '</pre></html>\n\n--xx--\n'
} >alternative.eml
reads "a mail and its web page" alternative.eml
printf '%s' "$(cat labels.diff)" >noend.diff
reads "a last line without an end" noend.diff
sed 's/@@ -\([0-9]*\)/@@ -1\1/; s/ +\([0-9]*\)/ +1\1/' labels.diff >offset.diff
reads "at other lines" offset.diff
"${base[@]}" --patch - <"$p1" >stdout 2>stderr
check "the standard input" test "$(wc -c <stderr)" -eq 0 -a "$(grep -c 'with 1 patch' stdout)" -eq 1
count=$((count + 1))

# --- what is refused, and why
answer "no-such.patch: No such file" no-such.patch
: >empty.patch
answer "empty.patch: is empty" empty.patch
answer "standard input.*: is empty" -
mkdir none && touch none/README
answer "none: a folder without" none
answer "cover letter" "$p0"
answer "reply.eml: is quoted in a reply \(line [0-9]+\)" reply.eml
grep -v '^Subject\|^From' reply.eml | sed '1,/^$/d' >quoted.txt
answer "is quoted in a reply" quoted.txt
echo hello >prose.txt
answer "holds no patch" prose.txt
gzip -k <"$p1" >packed.patch.gz
answer "is compressed.*gunzip" packed.patch.gz
iconv -f UTF-8 -t UTF-16 "$p1" >wide.patch
answer "is UTF-16" wide.patch
printf '<!DOCTYPE html>\n<html><body>diff</body></html>\n' >page.patch
answer "is a web page" page.patch
grep "^---\|^+++" git.diff >names.diff
answer "names files and holds no hunk" names.diff
diff k/mm/migrate.c w/mm/migrate.c >normal.diff
answer "names no file" normal.diff
base64 "$p1" >naked64.txt
answer "is base64 without a mail's headers" naked64.txt

# A long line is wrapped; the line that follows is the one that can't be.
perl -pe 's/^(\+.*argument",) /$1\n/' "$p1" >wrapped.patch
line=$(grep -n '^sizeof' wrapped.patch | cut -d: -f1)
answer "damaged by a mailer: line $line is the wrapped end" wrapped.patch
sed 's/^ \(\t\)/\1/' "$p1" >unspaced.patch
answer "damaged by a mailer: line [0-9]+ has lost the white space at its beginning" unspaced.patch
expand "$p1" >expanded.patch
answer "damaged by a mailer.*: line [0-9]+ has spaces, or nothing, for the tabs of mm/migrate.c:[0-9]+" expanded.patch
sed '/^@@/,/^-- $/{s/^ /  /}' "$p2" >stuffed.patch
answer "damaged by a mailer.*: line [0-9]+ has other white space than mm/migrate.c:[0-9]+" stuffed.patch
sed 's/^ /\xc2\xa0/' labels.diff >nbsp.patch
answer "no-break spaces" nbsp.patch
perl -pe 's/^(\+.*argument",) /$1\n  /' "$p1" >wrapped_in.patch
answer "damaged by a mailer: line $line is the wrapped end" wrapped_in.patch
sed 's/^\(@@.*struct\) /\1\n /' "$p1" >wrapped_head.patch
answer "damaged by a mailer: line [0-9]+ is the wrapped end" wrapped_head.patch
perl -MMIME::QuotedPrint -e 'local $/; print encode_qp(<STDIN>)' <labels.diff >naked_qp.txt
answer "quoted-printable that nobody decoded \(line [0-9]+\)" naked_qp.txt
sed 's/</\&lt;/g' labels.diff >entities.txt
answer "web page's source \(line [0-9]+ has &lt;\)" entities.txt
git -C w diff --color=always v6.1 HEAD >colours.diff
answer "terminal's colours" colours.diff
head -n -9 "$p1" >cut.patch
answer "is cut off: the hunk in its line [0-9]+" cut.patch
sed 's/^ }$/&\n+\tmore();/' "$p1" >more.patch
answer "is damaged: line [0-9]+ is more than the hunk above|has other lines than it says" more.patch
printf 'Binary files a/x.o and b/x.o differ\n' | cat labels.diff - >binary.diff
answer "line [0-9]+ says that a binary file differs" binary.diff
(cd w && printf 'a\0b' >mm/blob && git add mm/blob && git diff --cached --binary && git reset -q --hard) >blob.diff
answer "binary file" blob.diff

sed 's,mm/migrate.c,mm/migrate_device.c,g' "$p1" >elsewhere.patch
answer "is for another tree: mm/migrate_device.c is not in this source \(6\.1\.5\)" elsewhere.patch
sed 's/put_three/drop_three/; s/count_three/count_all/; s/page\[i\]/pages[i]/' "$p1" >other.patch
answer "other.patch: does not apply: the hunk in its line [0-9]+ comes nearest at mm/migrate.c:[0-9]+" other.patch
sed '/^@@/{n;s/.*/ \tanother();/}' "$p1" >fuzz.patch
answer "only with fuzz.*line 15 comes nearest at mm/migrate.c:29, where mm/migrate.c:29 is \"for" fuzz.patch
sed 's/^ .*/ unlike();/' labels.diff >unlike.diff
answer "nothing in mm/migrate.c is like the hunk" unlike.diff
printf 'int five;\n' >k/mm/four.c
answer "makes mm/four.c, which is in this source \(6\.1\.5\) already" new.diff
rm k/mm/four.c

sed 's/ 1\/3\]/ 2\/3]/' elsewhere.patch >second.patch
answer "is for another tree: .*; it is one of a series, and those before it are not given" second.patch
answer "is done already by a patch before it" "$p1" "$p1"

# What is in the source, and since when.
cp -r w new && git -C new tag v6.2-rc1 HEAD~1
base=("$m" lab kernel build --source new --name t --dry-run)
answer "is applied already: it is in this source \(6\.1\.5\), as of v6\.2-rc1 \(commit [0-9a-f]+\)" "$p1"
answer "is applied already" rename.diff
answer "is applied already" mode.diff
answer "is applied already" new.diff
expect 0 "" "${base[@]}" --patch patches --reverse
check "taken out" grep -q "without 3 patches" stdout
rm -r new/.git
answer "is applied already: it is in this source \(6\.1\.5\); --reverse" "$p1"
mkdir -p cache/src && cp -r k cache/src/linux-source-6.0_6.0.9-1
answer "is in this source \(6\.1\.5\), and not in 6\.0\.9; --reverse" "$p1"
cp -r w cache/src/linux-source-6.1_6.1.4-1 && cp -r w cache/src/linux-source-6.2_6.2.7-1
answer "as of 6\.1\.4, and not in 6\.0\.9; --reverse" "$p1"
sed -i '/put_three(page, i/{n;n;n;s/}/} \/* three *\//;}' new/mm/migrate.c
answer "is in this source already, it seems: what it adds stands at mm/migrate.c:29" "$p1"
sed -i 's, /\* three \*/,,' new/mm/migrate.c
# Its lines were changed once more by the next one.
sed -i 's/put_three(page, i,/put_three(page, n,/' new/mm/migrate.c
(cd new && diff -u --label a/mm/migrate.c --label b/mm/migrate.c ../w/mm/migrate.c mm/migrate.c) >again.diff
answer "is applied already: it and the rest of the series are" "$p1" again.diff
base=("$m" lab kernel build --source k --name t --dry-run)
expect 2 "is not in this source.*without --reverse it applies" "${base[@]}" --patch "$p1" --reverse
expect 2 "reverse needs --patch" "${base[@]}" --reverse
check "there are enough of them" test $count -ge 60
check "nothing was built" test -z "$(find cache/kernels -mindepth 1 2>/dev/null)"
finish
