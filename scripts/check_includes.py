#!/usr/bin/env python3
"""Includes point down the layers, never up or across, and a library's headers appear in the folders that own it.

check_includes.py ROOT: prints every line that breaks the rule; exit 1 when there is one.
"""
import re
import sys
from pathlib import Path

# What each folder may include besides itself.
BELOW = {
    "base": "",
    "work": "base",
    "report": "base",
    "hash": "base",
    "rng": "base hash",
    "geo": "base",
    "contracts": "base hash",
    "table": "base hash work",
    "geo_io": "base geo table work hash",
    "store": "base hash report contracts",
    "datasets": "base work report hash rng geo contracts table geo_io store",
    "mass": "base work hash rng geo contracts table geo_io store datasets",
    "states": "base work report hash rng geo contracts table geo_io store datasets mass",
    "verify": "base work report hash rng geo contracts table geo_io store datasets mass",
    "world": "base work report hash geo contracts table geo_io store",
    "catalogue": "base work report hash rng contracts table store datasets",
    "views": "base work report hash rng geo contracts table geo_io store datasets mass",
    "realism": "base work report hash rng geo contracts table geo_io store datasets mass",
    "lanes": "base work report hash contracts table store datasets",
    "pipeline": "base work report hash rng geo contracts table geo_io store datasets mass states verify world catalogue views "
                "realism lanes placewright",
}
OWNERS = {
    r"arrow/|parquet/": {"table"},
    r"gdal|ogr|cpl_": {"geo_io", "world"},
    r"geos_c": {"geo_io", "world"},
    r"geodesic\.h|proj\.h": {"geo"},
    r"openssl/": {"hash"},
    r"yaml-cpp/": {"contracts"},
    r"nlohmann/": {"base"},
    r"fmt/": {"base"},
    r"zlib\.h|zstd\.h": {"catalogue"},
    r"CLI/": {"apps"},
}


def faults(root: Path):
    for file in sorted((root / "src").rglob("*.[ch]pp")):
        parts = file.relative_to(root / "src").parts
        folder = parts[0]
        allowed = set(BELOW.get(folder, "placewright").split()) | {folder}
        for number, line in enumerate(file.read_text().splitlines(), 1):
            found = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
            if not found:
                continue
            name = found.group(2)
            where = f"{file.relative_to(root)}:{number}: {name}"
            head = name.split("/")[0]
            if found.group(1) == '"' and head not in allowed and not name.endswith(".def"):
                yield f"{where}: {folder} may not include {head}"
            if folder == "states" and re.match(r"states/s\d_", name) and name.split("/")[1] != parts[1]:
                yield f"{where}: a state may not include another state"
            for pattern, owners in OWNERS.items():
                if re.match(pattern, name) and folder not in owners:
                    yield f"{where}: belongs to {', '.join(sorted(owners))}"
    for file in sorted((root / "include").rglob("*.hpp")):
        for number, line in enumerate(file.read_text().splitlines(), 1):
            found = re.match(r'\s*#\s*include\s*[<"]([^>"]+)[>"]', line)
            if found and "/" in found.group(1) and not found.group(1).startswith("placewright/"):
                yield f"{file.relative_to(root)}:{number}: {found.group(1)}: the public face shows nothing of others"


if __name__ == "__main__":
    broken = list(faults(Path(sys.argv[1])))
    print("\n".join(broken) or "includes: every line points down")
    sys.exit(1 if broken else 0)
