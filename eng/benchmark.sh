#!/usr/bin/env bash
# Runs the benchmarks (all, or the one that is named) and prints their figures: ratios within one run.
set -eu
cd "$(dirname "$0")/.."
dotnet run -c Release --project test/Microsoft.ML.Perceiver.PerformanceTests -- "$@"
