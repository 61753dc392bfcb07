#!/usr/bin/env bash
# Builds the reference site from the XML documentation, with the pages of docs, into artifacts/docs/site. A warning is an error.
# docfx is a tool of this repository (.config/dotnet-tools.json), restored as packages are. `eng/docs.sh --serve` also shows the site at
# http://localhost:8080.
set -eu
cd "$(dirname "$0")/.."
dotnet tool restore
rm -rf artifacts/docs
dotnet tool run docfx metadata eng/docfx/docfx.json --warningsAsErrors
dotnet tool run docfx build eng/docfx/docfx.json --warningsAsErrors "$@"
