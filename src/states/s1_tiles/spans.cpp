#include "states/s1_tiles/spans.hpp"

#include "datasets/schemas.hpp"

namespace placewright::states::s1_tiles {
namespace {

constexpr std::size_t kRowsPerGroup = 1'000'000;

}  // namespace

Result<void> write_spans(const std::filesystem::path& file, const std::vector<Iso>& countries,
                         const std::vector<geo::Coverage>& coverages) {
  std::vector<Iso> isos;
  std::vector<std::uint64_t> first;
  std::vector<std::int64_t> length;
  for (std::size_t i = 0; i < countries.size(); ++i) {
    for (const auto& span : coverages[i].tiles.spans()) {
      isos.push_back(countries[i]);
      first.push_back(span.first);
      length.push_back(span.length);
    }
  }
  table::Batch batch{isos.size(), {}};
  batch.columns.emplace_back(table::iso_column(isos));
  batch.columns.emplace_back(std::move(first));
  batch.columns.emplace_back(std::move(length));
  PW_TRY(auto writer, table::FileWriter::create(file, datasets::kTileSpans,
                                                {.rows_per_group = kRowsPerGroup, .metadata = {}, .null_columns = {}}));
  PW_CHECK(writer.write(batch));
  PW_TRY(const auto written, writer.close());
  if (written.rows == batch.rows) return {};
  return Error("PW_DEFECT",
               file.string() + " got " + std::to_string(written.rows) + " rows of " + std::to_string(batch.rows));
}

}  // namespace placewright::states::s1_tiles
