#!/usr/bin/env bash
# Makes the NuGet packages in artifacts/packages.
set -eu
cd "$(dirname "$0")/.."
for project in Microsoft.ML.Perceiver.Core Microsoft.ML.Perceiver Microsoft.ML.Perceiver.Models; do
    dotnet pack -c Release "src/$project" -o artifacts/packages
done
