#!/bin/sh
# Removes from site-packages ($2) what a list ($1) names; fails where a pattern matches nothing.
set -eu
list=$(realpath "$1")
cd "$2"
while read -r pattern; do
    case $pattern in "" | "#"*) continue ;; esac
    for path in $pattern; do
        if [ ! -e "$path" ]; then
            echo "$1: nothing matches $pattern" >&2
            exit 1
        fi
        rm -r "$path"
    done
done < "$list"
