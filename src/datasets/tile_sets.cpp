#include "datasets/tile_sets.hpp"

#include <atomic>
#include <map>
#include <mutex>

namespace placewright::datasets {
namespace {

struct Entry {
  std::mutex mutex;
  std::unique_ptr<geo::TileSet> tiles;
};

std::uint64_t bytes_below(const std::filesystem::path& folder) {
  std::uint64_t bytes = 0;
  std::error_code error;
  for (std::filesystem::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() == ".parquet") bytes += it->file_size(error);
  }
  return bytes;
}

}  // namespace

struct TileSets::Shared {
  std::mutex mutex;
  std::map<Iso, Entry> entries;
  std::atomic<std::uint64_t> bytes{0};
};

TileSets::TileSets(TileUniverse universe) : universe_(std::move(universe)), shared_(std::make_unique<Shared>()) {
  if (!universe_.rows_form()) shared_->bytes = bytes_below(universe_.root());
}
TileSets::~TileSets() = default;
TileSets::TileSets(TileSets&&) noexcept = default;

Result<const geo::TileSet*> TileSets::of(Iso country) const {
  Entry* entry = nullptr;
  {
    const std::scoped_lock lock(shared_->mutex);
    entry = &shared_->entries[country];
  }
  const std::scoped_lock lock(entry->mutex);
  if (!entry->tiles) {
    PW_TRY(auto tiles, universe_.load(country));
    entry->tiles = std::make_unique<geo::TileSet>(std::move(tiles));
    if (universe_.rows_form()) shared_->bytes += bytes_below(universe_.root() / ("country=" + country.text()));
  }
  return entry->tiles.get();
}

std::uint64_t TileSets::bytes_read() const { return shared_->bytes; }

}  // namespace placewright::datasets
