#!/usr/bin/env bash
# Runs the default tests as this processor is, and then as if it lacked some of its instructions, which other kernels then do the work of: a
# bound that only one of them keeps shows here. Nothing is emulated, so that instructions which this processor lacks stay untested.
# Arguments go to dotnet test, such as a project; without any it tests the solution. Every run has a log, in a folder that is named at the
# end.
set -u -o pipefail
cd "$(dirname "$0")/.."
logs=$(mktemp -d)
failed=0
dotnet build -c Release "$@" || exit 1

# name, then the variables of the run
run() {
    local name=$1
    shift
    local start=$SECONDS status=0
    env "$@" dotnet test -c Release --no-build --filter "TestCategory!=LongRunning" "${arguments[@]}" > "$logs/$name.txt" 2>&1 || status=1
    printf '%-14s %5d s  %s\n' "$name" $((SECONDS - start)) "$([ "$status" -eq 0 ] && echo ok || echo "failed, see $logs/$name.txt")"
    [ "$status" -eq 0 ] || grep -E '^ +Failed ' "$logs/$name.txt"
    [ "$status" -eq 0 ] || failed=1
}

arguments=("$@")
run as-it-is
# ATen's own kernels (element by element, sums, softmax, norms, the fused attention): AVX2, and none beyond what every x64 processor has.
run aten-avx2 ATEN_CPU_CAPABILITY=avx2
run aten-default ATEN_CPU_CAPABILITY=default
# oneDNN: convolutions, and products of bfloat16.
run onednn-avx2 ONEDNN_MAX_CPU_ISA=AVX2
# MKL: products of float32.
run mkl-avx2 MKL_ENABLE_INSTRUCTIONS=AVX2
# This library's own kernels: without AVX-512 it widens products of bfloat16 to float32 and rounds inputs of 8-bit products to 7 bits.
run library-avx2 DOTNET_EnableAVX512=0
# One thread adds up in another order than several.
run one-thread OMP_NUM_THREADS=1 MKL_NUM_THREADS=1
echo "The logs are in $logs."
exit "$failed"
