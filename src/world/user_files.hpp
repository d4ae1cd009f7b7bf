// A user's files: their names among a world's sources, and the products made of time zones, regions and licences.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "work/pool.hpp"
#include "world/build.hpp"
#include "world/country_info.hpp"
#include "world/pack.hpp"
#include "world/sidecars.hpp"

namespace placewright::world {

// The licence of a user's file is not ours to state: the map's key for files that state it themselves.
inline constexpr const char* kUserLicence = "SEE-FILES";

// Name among the sources, without the folders of the machine it comes from.
std::string user_source(const fs::path& file);

// Adds every file to the pack, with its digest as given. PW_INPUT for one that is not there, REF_FILE_SIZE for a table
// above 64 MiB, and what check_user_raster says.
Result<void> put_user_files(const UserFiles& user, Pack& pack);

// Writes the products of `time_zones`, `regions` and `licences`, in place of the pack's. The errors of time_zones.hpp,
// user_regions.hpp and licence_map.hpp name the file; REF_LIC_TEXT for a text that is neither beside the map nor ours.
Result<std::vector<Product>> make_extras(const fs::path& world, const UserFiles& user,
                                         const std::vector<CountryInfo>& table, work::Pool& pool);

}  // namespace placewright::world
