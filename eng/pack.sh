#!/usr/bin/env bash
# Makes the NuGet packages of all projects in src, with their symbols, and the package of templates.
#
#   pack.sh [--output FOLDER] [--url ADDRESS] [--id-prefix PREFIX] [--without PROJECT ...]
#       --output FOLDER      where to; artifacts/packages
#       --url ADDRESS        the project's page and repository, for links (ProjectUrl in eng/package/Package.props)
#       --id-prefix PREFIX   what the packages' names begin with (PackageIdPrefix in eng/package/Package.props)
#       --without PROJECT    leaves out a project, e.g. Microsoft.ML.Perceiver.AutoML where Microsoft.ML.AutoML cannot be restored
set -eu
output=artifacts/packages
properties=()
left_out=()
while [ $# -gt 0 ]; do
    case $1 in
        --output) output=$(realpath -m "$2") ;;
        --url) properties+=("-p:ProjectUrl=$2") ;;
        --id-prefix) properties+=("-p:PackageIdPrefix=$2") ;;
        --without) left_out+=("$2") ;;
        *) echo "pack: what is '$1'?" >&2; exit 2 ;;
    esac
    shift 2
done
cd "$(dirname "$0")/.."

failed=()
for file in src/*/*.csproj templates/*/*.csproj; do
    project=$(basename "$file" .csproj)
    [[ " ${left_out[*]-} " == *" $project "* ]] && continue
    # One that fails does not keep the others from being made.
    dotnet pack -c Release "$file" -o "$output" ${properties[@]+"${properties[@]}"} || failed+=("$project")
done

[[ "${properties[*]-}" == *ProjectUrl=* ]] || echo "pack: links go to a placeholder; --url names the project's address." >&2
if [ ${#failed[@]} -gt 0 ]; then
    echo "pack: not packed: ${failed[*]}. All others are in $output. --without leaves a project out." >&2
    exit 1
fi
