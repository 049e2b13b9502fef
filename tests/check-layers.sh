#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# An include may only follow the arrow of the pipeline, and each library is known in one place. Prints TAP.
#
# To add a layer: put its folder into $layers, at its place in the order.
# shellcheck disable=SC2046 # lists of file names, none of which has a blank
set -u
cd "${srcdir:-$(dirname "$0")/..}" || exit 99

layers='base capture decode flow track detect report filter'
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

# includes FILE...: every quoted or angled include as FILE:LINE:NAME.
includes()
{
    [ $# -eq 0 ] || grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*["<]' /dev/null "$@" |
        sed -E 's/^([^:]*:[0-9]+):[^"<]*["<]([^">]*)[">].*/\1:\2/'
}

sources()
{
    for folder in "$@"; do
        [ ! -d "$folder" ] || find "$folder" -name '*.[ch]' -o -name '*.def'
    done | LC_ALL=C sort
}

# quoted FOLDER: the project's own includes in a folder, as FILE:LINE:NAME.
quoted()
{
    for file in $(sources "$1"); do
        grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' /dev/null "$file" |
            sed -E 's/^([^:]*:[0-9]+):[^"]*"([^"]*)".*/\1:\2/'
    done
}

# only_in HEADER-PATTERN ALLOWED-PATTERN: who includes the header elsewhere.
only_in()
{
    includes $(sources analyzer tui) | grep -E ":([^:]*/)?($1)\$" | grep -vE "^($2)[^:]*:"
}

below='base'
for layer in $layers; do
    case $layer in base) allowed='base' ;; *) allowed="$below|$layer" ;; esac
    below=$allowed
    [ -d "analyzer/$layer" ] || continue
    result "analyzer/$layer includes only itself and what lies below it" \
        "$(quoted "analyzer/$layer" | grep -vE ":($allowed)/[^:/]*\$")"
done
result 'analyzer/sandbox includes only itself and base' \
    "$(quoted analyzer/sandbox | grep -vE ':(base|sandbox)/[^:/]*$')"
result 'sandbox/ is known to main.c only' \
    "$(includes $(sources analyzer tui | grep -vE '^analyzer/(main\.c|sandbox/.*)$') | grep ':sandbox/')"
if [ -d tui ]; then
    result 'tui/ reads the report and asks filters, never the layers behind' \
        "$(quoted tui | grep -vE ':(tui/[^:]*|report/[^:]*|filter/filter\.h|base/[^:]*|detect/finding\.h|track/state\.h|track/close\.h)$')"
fi
result 'pcap.h is known in capture/ only' "$(only_in 'pcap(/.*)?\.h|pcap/[^:]*' 'analyzer/capture/')"
result 'archive.h is known in one file of capture/' "$(only_in 'archive(_entry)?\.h' 'analyzer/capture/unpack_archive\.c')"
result 'cJSON.h is known in report/ only' "$(only_in 'cJSON[^:]*\.h' 'analyzer/report/')"
result 'curses.h is known in tui/ only' "$(only_in 'n?cursesw?\.h' 'tui/')"
curses=$(includes $(sources tui) | grep -E ':([^:]*/)?n?cursesw?\.h$' | cut -d: -f1 | sort -u)
[ "$(echo "$curses" | wc -l)" -gt 1 ] || curses=
result 'curses.h is known in one file of tui/' "$curses"
result 'nothing below main.c exits' \
    "$(grep -nE '(^|[^_[:alnum:]])(_exit|exit|quick_exit)[[:space:]]*\(' /dev/null \
        $(sources analyzer tui | grep -vE '^analyzer/(main\.c|base/xalloc\.c)$') | grep -vE ':[[:space:]]*(/?\*|//)')"
echo "1..$n"
