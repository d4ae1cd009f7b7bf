#!/bin/sh
# The main job on real input: the embedded world and catalogue, S0 to S9, then a check from the files alone.
# demo.sh [PROFILE]: lifelike, or another profile; demo is the reference's method.
set -eu
cd "$(dirname "$0")/.."
program=${PLACEWRIGHT:-build/placewright}
world=${PLACEWRIGHT_DEMO_WORLD:-runs/world}
profile=${1:-lifelike}
echo "== world: countries, people and 30-arc-second grid, built from data/world"
"$program" world build --out "$world" --quiet
echo "== catalogue: 142,447 outlets of 5,878 merchants in 190 countries"
gzip -dc data/catalogue_world_142k.csv.gz > runs/catalogue_world_142k.csv
echo "== run: S0 to S9 (profile $profile)"
"$program" run --catalogue runs/catalogue_world_142k.csv --world "$world" --profile "$profile" --out runs/demo --quiet > runs/demo.out
run=$(sed -n 's/^run: //p' runs/demo.out)
sed -e '/^run: /d' -e '/^sites: /d' -e '/^flag: /d' runs/demo.out
echo "== verify: every byte and every law again, from the files alone"
"$program" verify "$run" --quiet
sed -n '/^run: /p; /^sites: /p; /^flag: /p' runs/demo.out | sort -r | awk '/^sites/{s=$0} /^run/{r=$0} /^flag/{f=$0} END{print r; print s; print f}'
