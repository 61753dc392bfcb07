#!/usr/bin/env bash
# Builds the reference site from the XML documentation, with the pages of docs, into artifacts/docs/site. A warning is an error.
# docfx is a tool of this repository (.config/dotnet-tools.json), restored as packages are. `eng/docs.sh --serve` also shows the site at
# http://localhost:8080.
set -eu
cd "$(dirname "$0")/.."

# docfx metadata ends well in spite of warnings, also with --warningsAsErrors; its last lines count them.
docfx() {
    local log=artifacts/docs/docfx-$1.log
    dotnet tool run docfx "$@" --warningsAsErrors | tee "$log"
    if [ "${PIPESTATUS[0]}" -ne 0 ] || grep -qE '\b[1-9][0-9]* (warning|error)\(s\)' "$log"; then
        echo "docfx $1 has warnings or errors: see $log" >&2
        exit 1
    fi
}

dotnet tool restore
rm -rf artifacts/docs
mkdir -p artifacts/docs
docfx metadata eng/docfx/docfx.json
docfx build eng/docfx/docfx.json "$@"
