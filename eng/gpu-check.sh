#!/usr/bin/env bash
# Checks the library on a machine with a GPU that has Python with torch and transformers, and no .NET.
#
#   gpu-check.sh pack [ARCHIVE]                  makes the archive to take there: artifacts/gpu-check.tar.gz
#   gpu-check.sh run [ARCHIVE or its FOLDER] ... runs the golden cases, then measures the heads beside transformers
#       --device cuda|cuda:N|cpu   where; cuda
#       --golden-only              the golden cases alone
#       --allow-other-release      tries a libtorch that is not of TorchSharp's release
#       --head NAME                one head; may be repeated
#       --work FOLDER              for weights, inputs and outputs, up to 3 GB; a temporary folder
#       --summary FILE             figures: name, value and unit, separated by tabs
#
# libtorch is that of the machine's own torch, or of the folder that PERCEIVER_TORCH_LIB names.
set -eu -o pipefail
here=$(cd "$(dirname "$0")" && pwd)
default_archive=artifacts/gpu-check.tar.gz
most_bytes=60000000
no_device=2

fail() {
    echo "gpu-check: $*" >&2
    exit 1
}

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT

pack() {
    local archive=${1:-$here/../$default_archive} stage=$temporary/gpu-check unwanted size
    # In a folder of its own: what other builds have made, and a running test has loaded, stays as it is.
    dotnet publish "$here/../test/Microsoft.ML.Perceiver.GpuCheck" -c Release -r linux-x64 --self-contained \
        --artifacts-path "$temporary/build" -o "$stage/program" \
        -p:DebugType=none -p:UseSharedCompilation=false -nodeReuse:false
    unwanted=$(find "$stage/program" -name 'libtorch*' -o -name 'libc10*' -o -name 'libgomp*')
    [ -z "$unwanted" ] || fail "libtorch is to be the other machine's own, but the program has $unwanted"
    [ -f "$stage/program/libLibTorchSharp.so" ] || fail "the program has no libLibTorchSharp.so"
    cp "$here/gpu-check.sh" "$here/gpu-check/peer.py" "$stage/"
    mkdir -p "$(dirname "$archive")"
    tar -C "$temporary" -cf - gpu-check | gzip -9 >"$archive"
    size=$(stat -c %s "$archive")
    [ "$size" -lt "$most_bytes" ] || fail "$archive has $size bytes; it may have $most_bytes"
    echo "$archive: $size bytes"
}

# Runs a part of the program; where libtorch or the GPU cannot be used that is the end of everything.
part() {
    local status=0
    "$program" "$@" 2>"$temporary/error" || status=$?
    cat "$temporary/error" >&2
    if [ "$status" -eq "$no_device" ]; then
        echo "gpu-check: libtorch in $PERCEIVER_TORCH_LIB, or the device $device, cannot be used." \
            "The loader's message: $(cat "$temporary/error")" >&2
        exit "$no_device"
    fi
    if [ "$status" -ge 128 ]; then
        echo "gpu-check: signal $((status - 128)) ended the program;" \
            "$PERCEIVER_TORCH_LIB may be of another release than libLibTorchSharp.so is built for" >&2
        exit "$no_device"
    fi
    [ "$status" -eq 0 ] || result=1
}

run() {
    local source="" golden_only="" work=$temporary/work heads=() summary=() release=()
    device=cuda
    while [ $# -gt 0 ]; do
        case $1 in
            --golden-only) golden_only=yes; shift; continue ;;
            --allow-other-release) release=("$1"); shift; continue ;;
            --device | --head | --work | --summary) [ $# -gt 1 ] || fail "$1 needs a value" ;;
            -*) fail "there is no option $1" ;;
            *) source=$1; shift; continue ;;
        esac
        case $1 in
            --device) device=$2 ;;
            --head) heads+=(--head "$2") ;;
            --work) work=$2 ;;
            --summary) summary=(--summary "$2"); : >"$2" ;;
        esac
        shift 2
    done
    # Beside the program, as unpacked; in the repository, where pack puts it.
    [ -n "$source" ] || source=$([ -d "$here/program" ] && echo "$here" || echo "$here/../$default_archive")
    if [ -f "$source" ]; then
        tar -xzf "$source" -C "$temporary"
        source=$temporary/gpu-check
    fi
    program=$source/program/Microsoft.ML.Perceiver.GpuCheck
    [ -x "$program" ] || fail "there is no program in '$source'; make one with 'gpu-check.sh pack'"
    if [ -z "${PERCEIVER_TORCH_LIB:-}" ]; then
        PERCEIVER_TORCH_LIB=$(python3 -c 'import torch; print(torch.__path__[0] + "/lib")') \
            || fail "python3 has no torch, and PERCEIVER_TORCH_LIB names no libtorch"
        python3 -c 'import torch; print(f"python3 has torch {torch.__version__}; libLibTorchSharp.so is built for 2.10")'
    fi
    export PERCEIVER_TORCH_LIB

    result=0
    part parity --device "$device" --precision Float32 "${summary[@]}" "${release[@]}"
    part parity --device "$device" --precision BFloat16 "${summary[@]}" "${release[@]}"
    if [ -z "$golden_only" ]; then
        mkdir -p "$work"
        part heads "$work" --device "$device" "${heads[@]}" "${release[@]}"
        if ! python3 "$source/peer.py" "$work" --device "$device"; then
            echo "gpu-check: the Python peer failed; its column has gaps" >&2
            result=1
        fi
        part table "$work" "${summary[@]}"
    fi
    return "$result"
}

case ${1:-} in
    pack) shift; pack "$@" ;;
    run) shift; run "$@" ;;
    *) sed -n '2,14s/^# \{0,1\}//p' "$0" >&2; exit 1 ;;
esac
