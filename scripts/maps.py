#!/usr/bin/env python3
"""Draws placements of the same countries side by side.

maps.py OUT.svg COUNTRY[,COUNTRY...] TITLE=SITES.csv [TITLE=SITES.csv ...]

SITES.csv as `placewright export RUN sites --format csv` writes it. A row of panels a country, a column a placement; the panels
of a row share their window (longitudes unwrapped along the shortest arc) and show each placement's first POINTS sites in an order
that does not depend on where they stand.
"""
import csv
import hashlib
import math
import sys

POINTS, WIDTH, GAP, HEAD = 2500, 420, 12, 24


def sites_of(path, countries):
    found = {country: [] for country in countries}
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            if row["legal_country_iso"] in found:
                key = hashlib.sha256(f'{row["merchant_id"]}/{row["site_order"]}'.encode()).digest()
                found[row["legal_country_iso"]].append((key, float(row["lon_deg"]), float(row["lat_deg"])))
    return {country: [(lon, lat) for _, lon, lat in sorted(points)[:POINTS]] for country, points in found.items()}


def western_end(longitudes):
    """East of the widest gap."""
    lons = sorted(longitudes)
    gaps = [(lons[0] + 360 - lons[-1], lons[0])] + [(b - a, b) for a, b in zip(lons, lons[1:])]
    return max(gaps)[1]


def window_of(panels):
    points = [p for panel in panels for p in panel]
    west = western_end([lon for lon, _ in points])
    x = [(lon - west) % 360 for lon, _ in points]
    low, high = min(lat for _, lat in points), max(lat for _, lat in points)
    scale = WIDTH / max(max(x) * math.cos(math.radians((low + high) / 2)), 1e-9)
    return west, high, scale * math.cos(math.radians((low + high) / 2)), min(scale, 1.6 * WIDTH / max(high - low, 1e-9)), low


def main(out, countries, *placements):
    titles, files = zip(*(p.split("=", 1) for p in placements))
    countries = countries.split(",")
    columns = [sites_of(file, countries) for file in files]
    body, y = [], HEAD
    for i, title in enumerate(titles):
        body.append(f'<text x="{i * (WIDTH + GAP) + WIDTH / 2:.0f}" y="16" text-anchor="middle" font-weight="bold">{title}</text>')
    for country in countries:
        west, north, per_lon, per_lat, south = window_of([column[country] for column in columns])
        height = (north - south) * per_lat
        for i, column in enumerate(columns):
            x0 = i * (WIDTH + GAP)
            body.append(f'<rect x="{x0}" y="{y}" width="{WIDTH}" height="{height:.0f}" fill="#f6f6f4"/>')
            path = "".join(f"M{x0 + (lon - west) % 360 * per_lon:.1f} {y + (north - lat) * per_lat:.1f}h0" for lon, lat in column[country])
            body.append(f'<path d="{path}" stroke="#b3261e" stroke-opacity=".55" stroke-width="2" stroke-linecap="round" fill="none"/>')
            body.append(f'<text x="{x0 + 6}" y="{y + 16}">{country}</text>')
        y += height + GAP
    with open(out, "w") as file:
        file.write(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {len(columns) * (WIDTH + GAP) - GAP} {y:.0f}" '
                   f'font-family="sans-serif" font-size="13">\n<rect width="100%" height="100%" fill="white"/>\n' + "\n".join(body) + "\n</svg>\n")


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
