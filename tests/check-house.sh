#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# The habits of the house that a script can see. Prints TAP. clang-format is asked only in the version the layout was
# made with: another one would lay the same file out differently.
# shellcheck disable=SC2046 # lists of file names, none of which has a blank
set -u
cd "${srcdir:-$(dirname "$0")/..}" || exit 99

n=0

# result TITLE OFFENDERS: one TAP line; the offenders, when there are any, as diagnostics.
result()
{
    n=$((n + 1))
    if [ -z "$2" ]; then
        echo "ok $n - $1"
    else
        echo "not ok $n - $1"
        echo "$2" | sed 's/^/# /'
    fi
}

# code FOLDER...: the C files of the folders that exist.
code()
{
    for folder in "$@"; do
        [ ! -d "$folder" ] || find "$folder" -name '*.[ch]' -o -name '*.def'
    done | LC_ALL=C sort
}

# unlisted FILE...: those that Makefile.am does not name.
unlisted()
{
    for file in "$@"; do
        # a program that is one file is named without its suffix
        tr -s '[:space:]' '\n' <Makefile.am | grep -qxF -e "$file" -e "${file%.c}" || echo "$file"
    done
}

find_clang_format()
{
    for tool in clang-format-14 clang-format; do
        case $("$tool" --version 2>/dev/null) in *'version 14.'*) echo "$tool" && return ;; esac
    done
}

all=$(code analyzer tui fixtures tests)
result 'Makefile.am names every file of analyzer/ and tui/' "$(unlisted $(code analyzer tui))"
result 'Makefile.am names every C file of fixtures/ and tests/' "$(unlisted $(code fixtures tests))"
result 'no C file is longer than 500 lines' \
    "$(for file in $all; do wc -l "$file"; done | awk '$1 > 500')"
result 'every C file starts with its licence' \
    "$(for file in $all; do head -n 1 "$file" | grep -qF 'SPDX-License-Identifier: BSD-2-Clause' || echo "$file"; done)"
result 'no tab and no blank at the end of a line' \
    "$(grep -nE "$(printf '\t')|[[:blank:]]\$" /dev/null $all)"

format=$(find_clang_format)
if [ -z "$format" ]; then
    n=$((n + 1))
    echo "ok $n - the layout is that of .clang-format # SKIP clang-format 14 is not here"
else
    result 'the layout is that of .clang-format' \
        "$("$format" --style=file --dry-run -Werror $(echo "$all" | grep '\.[ch]$') 2>&1 | sed -n 's/^\([^:]*\):.*error:.*/\1/p' | uniq)"
fi
echo "1..$n"
