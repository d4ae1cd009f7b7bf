"""Small files that claim or unpack to gigabytes are refused by code, within bounded memory."""
import os
import re
import struct
import subprocess
import zipfile

from support import PROGRAM, SystemTest

from test_world_import import geotiff, shapefile

MOST_MIB = 512


def tiled(path, columns, rows, tile):
    """A GeoTIFF of bytes whose tiles are all left out: 16 bytes a tile."""
    tiles = -(-columns // tile) * -(-rows // tile)
    tags = [(256, "I", [columns]), (257, "I", [rows]), (258, "H", [8]), (259, "H", [1]), (262, "H", [1]), (277, "H", [1]),
            (322, "I", [tile]), (323, "I", [tile]), (324, "I", [0] * tiles), (325, "I", [0] * tiles),
            (33550, "d", [360 / columns, 180 / rows, 0]), (33922, "d", [0, 0, 0, -180, 90, 0]),
            (34735, "H", [1, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, 4326])]
    extra, entries = b"", b""
    for tag, letter, content in tags:
        packed = struct.pack(f"<{len(content)}{letter}", *content)
        place = packed.ljust(4, b"\0") if len(packed) <= 4 else struct.pack("<I", 8 + 2 + 12 * len(tags) + 4 + len(extra))
        extra += packed if len(packed) > 4 else b""
        entries += struct.pack("<HHI", tag, {"H": 3, "I": 4, "d": 12}[letter], len(content)) + place
    path.write_bytes(b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + b"\0\0\0\0" + extra)
    return path


class HostileFiles(SystemTest):
    def refuse(self, *options):
        """The code of a refusal, after a look at exit code and memory."""
        with open(self.scratch / "err", "w+") as err:
            child = subprocess.Popen([PROGRAM, "world", "import", "--out", self.scratch / "world", "--quiet", *map(str, options)],
                                     stdout=subprocess.DEVNULL, stderr=err)
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            err.seek(0)
            told = err.read()
        self.assertIn(child.returncode, (1, 5), told)
        self.assertLess(usage.ru_maxrss / 1024, MOST_MIB, told)
        self.assertFalse((self.scratch / "world").exists())
        return re.search(r"\b(PW|REF)_[A-Z_]+", told).group()

    def test_rasters_that_claim_too_much(self):
        for name, columns, rows, tile in (("cells", 1_000_000, 800_000, 65_536), ("ratio", 100_000, 100_000, 8_192), ("tile", 60_000, 60_000, 32_768)):
            with self.subTest(name):
                raster = tiled(self.scratch / "x.tif", columns, rows, tile)
                self.assertLess(raster.stat().st_size, 10_000)
                self.assertEqual(self.refuse("--population", raster), "REF_RAS_SIZE")

    def test_a_line_without_end(self):
        for name, code in (("line.geojson", "PW_GEO"), ("line.topojson", "REF_FILE_SIZE"), ("line.json", "PW_GEO")):
            with self.subTest(name), open(self.scratch / name, "wb") as line:
                line.write(b'{"type":"Topology","x":"')
                line.truncate(2 << 30 if name == "line.topojson" else 300 << 20)  # sparse, of zeros
            self.assertEqual(self.refuse("--polygons", self.scratch / name), code)

    def test_archives_that_unpack_to_gigabytes_or_leave_their_folder(self):
        for name, member in (("blanks.zip", "land.geojson"), ("away.zip", "../../land.geojson")):
            with self.subTest(name), zipfile.ZipFile(self.scratch / name, "w", zipfile.ZIP_DEFLATED) as archive:
                with archive.open(member, "w", force_zip64=True) as out:
                    out.write(b'{"type":"FeatureCollection","features":[')
                    for _ in range(600 if name == "blanks.zip" else 1):
                        out.write(b" " * (1 << 20))
            self.assertEqual(self.refuse("--polygons", self.scratch / name), "PW_GEO")
            self.assertFalse((self.scratch.parent / "land.geojson").exists())

    def test_counts_that_no_file_can_hold(self):
        folder = self.scratch / "shp"
        folder.mkdir()
        for what, at, count in (("parts", 36, 2**31 - 1), ("points", 40, 2**30)):
            with self.subTest(what):
                shape = shapefile(folder)
                body = bytearray(shape.read_bytes())
                struct.pack_into("<i", body, 100 + 8 + at, count)
                shape.write_bytes(body)
                self.refuse("--polygons", shape)

    def test_a_strip_that_unpacks_to_gigabytes(self):
        whole = bytearray(geotiff(self.scratch / "whole.tif", [[1] * 360] * 180, kind="B").read_bytes())
        directory = struct.unpack_from("<I", whole, 4)[0]
        for at in range(directory + 2, len(whole) - 12, 12):
            if struct.unpack_from("<H", whole, at)[0] in (256, 257, 278):  # one strip of 30,000 x 30,000 bytes
                struct.pack_into("<HII", whole, at + 2, 4, 1, 30_000)
            if struct.unpack_from("<H", whole, at)[0] == 33550:
                scale = struct.unpack_from("<I", whole, at + 8)[0]
        struct.pack_into("<2d", whole, scale, 0.01, 0.006)
        (self.scratch / "strip.tif").write_bytes(whole)
        self.assertIn(self.refuse("--population", self.scratch / "strip.tif"), ("REF_RAS_SIZE", "PW_GEO"))
