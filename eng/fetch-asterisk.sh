#!/usr/bin/env bash
# Takes the voice prompts of Asterisk in five languages from Debian packages for samples/AudioClassification, in the version that the
# sample was measured with. It needs Debian's apt-get and dpkg. For their licences see samples/AudioClassification/Data/README.md.
set -eu
cd "$(dirname "$0")/../samples/AudioClassification/Data"
version=1.6.1-1
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
cat > "$work/sums" << END
2be3ea287d83299d143815fa804f11179a75b7affd4a758b98b55f5afc18a35d  asterisk-core-sounds-en-wav_${version}_all.deb
9283a09a6d56fccdcc2bcfe86c48f0f844289cfbd46a3184d8785a6f7f569903  asterisk-core-sounds-es-wav_${version}_all.deb
8d4e1bc32ed5ba7fbda40841ca1825ed20cc6232724a473c90f8bb0e53e6073e  asterisk-core-sounds-fr-wav_${version}_all.deb
5a26638089e134b8ac39363fe249c5c93c50cd8bfdc9b2499ae61ec4a35e2fcb  asterisk-core-sounds-it-wav_${version}_all.deb
ccbfaebfa450b7a9ddf644ae0f3d1e9017d5df7c0aebe816e946345589d38201  asterisk-core-sounds-ru-wav_${version}_all.deb
END
for language in en es fr it ru; do
    (cd "$work" && apt-get download -q "asterisk-core-sounds-$language-wav=$version" > /dev/null)
done
(cd "$work" && sha256sum --check --quiet sums)
rm -rf asterisk
mkdir asterisk
for language in en es fr it ru; do
    dpkg -x "$work/asterisk-core-sounds-$language-wav_${version}_all.deb" "$work/$language"
    mv "$work/$language/usr/share/asterisk/sounds/$language"_* "asterisk/$language"
    cp "$work/$language/usr/share/doc/asterisk-core-sounds-$language-wav/copyright" "asterisk/$language/"
    echo "samples/AudioClassification/Data/asterisk/$language: $(find "asterisk/$language" -name '*.wav' | wc -l) prompts"
done
