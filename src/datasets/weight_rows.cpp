#include "datasets/weight_rows.hpp"

#include <algorithm>
#include <utility>

#include "datasets/schemas.hpp"

namespace placewright::datasets {
namespace {

constexpr std::uint64_t kRowsPerGroup = 200'000;

}  // namespace

WeightRows::WeightRows(table::RunsWriter writer, Iso country, std::int64_t dp, std::string basis)
    : writer_(std::move(writer)), country_(country), dp_(dp), basis_(std::move(basis)) {}

Result<WeightRows> WeightRows::create(const std::filesystem::path& file, Iso country, std::int64_t dp,
                                      std::string basis) {
  PW_TRY(auto writer, table::RunsWriter::create(file, kTileWeights));
  return WeightRows(std::move(writer), country, dp, std::move(basis));
}

Result<void> WeightRows::add(TileId first, std::uint64_t length, std::int64_t weight) {
  while (length > 0) {
    const auto part = std::min(length, kRowsPerGroup - rows_);
    lengths_.push_back(static_cast<std::uint32_t>(part));
    tiles_.push_back(first);
    weights_.push_back(weight);
    rows_ += part;
    first += part;
    length -= part;
    if (rows_ == kRowsPerGroup) PW_CHECK(flush());
  }
  return {};
}

Result<void> WeightRows::flush() {
  if (rows_ == 0) return {};
  table::Runs group;
  group.rows = std::exchange(rows_, 0);
  group.lengths = std::exchange(lengths_, {});
  const auto runs = group.lengths.size();
  group.columns = {table::SameText{country_.text()}, table::Counting{std::exchange(tiles_, {})},
                   table::RepeatedInteger{std::exchange(weights_, {})},
                   table::RepeatedInteger{std::vector<std::int64_t>(runs, dp_)}, table::SameText{basis_}};
  return writer_.write(group);
}

Result<std::uint64_t> WeightRows::close() {
  PW_CHECK(flush());
  PW_TRY(const auto written, writer_.close());
  return written.rows;
}

}  // namespace placewright::datasets
