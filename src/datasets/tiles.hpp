// The tile universe of a run, published as tile_spans (own runs) or as tile_index rows (attached and foreign runs).
#pragma once

#include <filesystem>
#include <vector>

#include "base/result.hpp"
#include "geo/grid.hpp"
#include "geo/tile_set.hpp"
#include "store/run_folder.hpp"

namespace placewright::datasets {

class TileUniverse {
 public:
  // Neither form published: PW_INPUT naming both paths. The grid comes from the header of the sealed raster.
  static Result<TileUniverse> open(const store::RunFolder& run);

  bool rows_form() const { return rows_form_; }
  const geo::Grid& grid() const { return grid_; }
  const std::vector<Iso>& countries() const { return countries_; }  // those with tiles, ascending
  bool has(Iso country) const;
  // Spans of one country; an empty set when it has no tiles. In rows form tile_id is read, must be strictly ascending
  // (duplicate: code E407_PK_DUPLICATE; the caller may rename it with Error::as) and inside the grid.
  // Safe from many threads.
  Result<geo::TileSet> load(Iso country) const;
  // Signature of the published surface (hash::surface_signature) and its size on disk.
  const std::filesystem::path& root() const { return root_; }

 private:
  bool rows_form_ = false;
  geo::Grid grid_;
  std::filesystem::path root_;
  std::vector<Iso> countries_;
  std::vector<geo::TileSet> spans_;  // spans form: loaded once, aligned with countries_
};

}  // namespace placewright::datasets
