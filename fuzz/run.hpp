// A run folder in the scratch folder: 8 x 4 cells of one degree, whose published files are the input.
#pragma once

#include <memory>
#include <vector>

#include "contracts/dictionary.hpp"
#include "geo_io/geotiff_writer.hpp"
#include "store/run_folder.hpp"
#include "target.hpp"

namespace placewright::fuzz {

constexpr geo::Grid kGrid = {8, 4, 1, 0, 0, 0, -1, 52};

inline const store::RunFolder& run() {
  static const auto dictionary = contracts::Dictionary::built_in();
  static const auto folder = [] {
    const auto root = std::filesystem::temp_directory_path() / "run";
    const RunIdentity identity = {std::string(32, 'a'), 42, std::string(64, 'b'), std::string(64, 'c')};
    store::RunFolder made(root, identity, {}, *dictionary);
    const auto file = root / "reference" / *made.relative("population_raster_2025");
    std::filesystem::create_directories(file.parent_path());
    geo_io::GeoTiffOptions options;
    options.tile = 16;
    auto writer = geo_io::GeoTiffWriter::create(file, kGrid, options);
    const std::vector<float> people(32, 1.0F);
    require(writer && writer->write(people) && writer->close(), "the raster of the run is written");
    return made;
  }();
  return folder;
}

// Puts the input where the run publishes `dataset`, as `name` below its folder.
inline void publish(const char* dataset, const char* name, std::string_view bytes) {
  const auto file = *run().target(dataset) / name;
  std::filesystem::create_directories(file.parent_path());
  std::filesystem::rename(file_with(bytes, "published"), file);
}

}  // namespace placewright::fuzz
