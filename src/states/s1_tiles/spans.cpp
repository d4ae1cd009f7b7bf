#include "states/s1_tiles/spans.hpp"

#include "datasets/schemas.hpp"

namespace placewright::states::s1_tiles {
namespace {

constexpr std::size_t kRowsPerGroup = 1'000'000;

table::Batch batch_of(const std::vector<Iso>& countries, const std::vector<geo::Coverage>& coverages) {
  std::size_t rows = 0;
  for (const auto& coverage : coverages) rows += coverage.tiles.spans().size();
  table::TextColumn isos;
  std::vector<std::uint64_t> first;
  std::vector<std::int64_t> length;
  isos.codes.reserve(rows), first.reserve(rows), length.reserve(rows);
  for (std::size_t i = 0; i < countries.size(); ++i) {
    const auto spans = coverages[i].tiles.spans();
    isos.codes.insert(isos.codes.end(), spans.size(), static_cast<std::uint32_t>(isos.dictionary.size()));
    isos.dictionary.push_back(countries[i].text());
    for (const auto& span : spans) {
      first.push_back(span.first);
      length.push_back(span.length);
    }
  }
  table::Batch batch{rows, {}};
  batch.columns.emplace_back(std::move(isos));
  batch.columns.emplace_back(std::move(first));
  batch.columns.emplace_back(std::move(length));
  return batch;
}

}  // namespace

Result<void> write_spans(const std::filesystem::path& file, const std::vector<Iso>& countries,
                         const std::vector<geo::Coverage>& coverages) {
  const auto batch = batch_of(countries, coverages);
  PW_TRY(auto writer, table::FileWriter::create(file, datasets::kTileSpans,
                                                {.rows_per_group = kRowsPerGroup, .metadata = {}, .null_columns = {}}));
  PW_CHECK(writer.close(batch));
  return {};
}

}  // namespace placewright::states::s1_tiles
