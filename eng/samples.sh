#!/usr/bin/env bash
# Runs every sample with its defaults, each in an empty folder, and says how long it took. One that fails, or takes more than five minutes
# (SAMPLE_SECONDS), fails the whole. Names as arguments run those alone. What the samples printed and wrote stays in the folder that is
# named at the end.
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
limit=${SAMPLE_SECONDS:-300}
work=$(mktemp -d)
dotnet build -c Release -v quiet "$root/Microsoft.ML.Perceiver.sln" || exit 1
chosen=" $* "
failed=0

# sample, then its arguments
run() {
    local name=$1
    shift
    [ "$chosen" = "  " ] || [[ $chosen == *" $name "* ]] || return 0
    mkdir -p "$work/$name"
    local start=$SECONDS status=0
    (
        cd "$work/$name" || exit 1
        timeout "$limit" dotnet run --no-build -c Release --project "$root/samples/$name" -- "$@" > log.txt 2>&1 < /dev/null
    ) || status=$?
    # A server is told to stop once it listens.
    [ "$name" = Playground ] && [ "$status" -eq 124 ] && grep -q "http://127.0.0.1" "$work/$name/log.txt" && status=0
    local verdict=ok
    if [ "$status" -ne 0 ]; then
        verdict="failed ($status), see $work/$name/log.txt"
        failed=1
    fi
    # Each ends with what a user would do next; a server says its address.
    if [ "$status" -eq 0 ] && [ "$name" != Playground ] && ! tail -n 1 "$work/$name/log.txt" | grep -q "^Next: "; then
        verdict="names no next step, see $work/$name/log.txt"
        failed=1
    fi
    printf '%-20s %4d s  %s\n' "$name" $((SECONDS - start)) "$verdict"
}

run FillMask "The [MASK]uick brown fox"
run Checkpoint inspect "$root/src/Microsoft.ML.Perceiver.Models.Language/perceiver-models/perceiver-mini-language"
run Walkthrough
run OpticalFlow
run VideoAutoencoder
run TextClassification
run TokenClassification
run QuestionAnswering
run ImageClassification
run ObjectDetection
run SemanticSearch
run Onnx
run Pretrain
run Arrays
run VideoClassification
run AudioClassification
run AutoML
run Distributed --summary figures.tsv
run BatchScore --summary figures.tsv
run WebApi --load-test --summary figures.tsv
run Cluster --summary figures.tsv
limit=20 run Playground --port 0
echo "What they wrote is in $work."
exit $failed
