#!/usr/bin/env bash
# Moves the public API of PublicAPI.Unshipped.txt to PublicAPI.Shipped.txt, sorted, when a version is released.
#
#   ship-api.sh [FOLDER ...]     the projects' folders; without, all of src that have lists
#
# A line of Unshipped that begins with *REMOVED* takes the rest of that line out of Shipped.
set -eu -o pipefail
export LC_ALL=C
header='#nullable enable'
removed='*REMOVED*'

fail() {
    echo "ship-api: $*" >&2
    exit 1
}

# The entries of a list, without its header and empty lines.
entries() {
    grep -v -x -F -e "$header" -e '' "$1" || true
}

ship() {
    local shipped=$1/PublicAPI.Shipped.txt unshipped=$1/PublicAPI.Unshipped.txt
    local added=$temporary/added gone=$temporary/gone kept=$temporary/kept unknown
    [ -f "$shipped" ] && [ -f "$unshipped" ] || fail "'$1' has no lists of public API"
    entries "$unshipped" | grep -v -F "$removed" | sort -u >"$added" || true
    entries "$unshipped" | grep -F "$removed" | cut -c "$((${#removed} + 1))-" | sort -u >"$gone" || true
    entries "$shipped" | sort -u >"$kept"
    unknown=$(comm -23 "$gone" "$kept")
    [ -z "$unknown" ] || fail "$unshipped removes what $shipped does not have: $unknown"
    { echo "$header"; comm -23 "$kept" "$gone" | sort -u - "$added"; } >"$temporary/list"
    cp "$temporary/list" "$shipped"
    echo "$header" >"$unshipped"
    echo "$1: $(wc -l <"$added") added, $(wc -l <"$gone") removed, $(($(wc -l <"$shipped") - 1)) in all"
}

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
if [ $# -eq 0 ]; then
    cd "$(dirname "$0")/.."
    set -- src/*/PublicAPI.Shipped.txt
    set -- "${@%/*}"
fi
for folder; do
    ship "${folder%/}"
done
