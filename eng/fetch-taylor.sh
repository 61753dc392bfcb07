#!/usr/bin/env bash
# Takes the half-hourly demand for electricity from the Debian package r-cran-forecast for samples/Arrays -- --forecast. It needs Debian's
# apt-get and dpkg, and Python. For its licence see samples/Arrays/Data/README.md.
set -eu
target=$(cd "$(dirname "$0")/../samples/Arrays/Data" && pwd)/taylor.txt
work=$(mktemp -d)
cd "$work"
apt-get download -q r-cran-forecast > /dev/null
dpkg -x r-cran-forecast_*.deb .
python3 - usr/lib/R/site-library/forecast/data/Rdata.rdb "$target" << 'END'
import struct, sys, zlib

# Objects one after the other: the length, then zlib. The series is the only vector of 4032 whole numbers (type 13).
data = open(sys.argv[1], "rb").read()
while data:
    stream = zlib.decompressobj()
    content = stream.decompress(data[4:])
    data = stream.unused_data
    start = content.find(b"\x0d" + struct.pack(">i", 4032))
    if start >= 0:
        numbers = struct.unpack_from(">4032i", content, start + 5)
        open(sys.argv[2], "w").writelines(f"{number}\n" for number in numbers)
END
rm -r "$work"
wc -l "$target"
