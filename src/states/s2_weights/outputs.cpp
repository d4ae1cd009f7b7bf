#include "states/s2_weights/outputs.hpp"

#include <utility>

#include "datasets/schemas.hpp"
#include "datasets/weight_rows.hpp"
#include "geo/span_cursor.hpp"
#include "table/table.hpp"

namespace placewright::states::s2_weights {
namespace {

constexpr std::size_t kBufferedRuns = 200'000;

// Rows of weight_runs, gathered to batches.
class RunRows {
 public:
  RunRows(table::FileWriter writer, const Country& country, const contracts::PolicyS2& policy)
      : writer_(std::move(writer)), country_(country), policy_(policy) {}

  Result<void> add(TileId first, std::uint64_t length, std::int64_t weight) {
    tiles_.push_back(first);
    lengths_.push_back(static_cast<std::int64_t>(length));
    weights_.push_back(weight);
    return tiles_.size() < kBufferedRuns ? Result<void>() : flush();
  }

  Result<std::uint64_t> close() {
    PW_CHECK(flush());
    PW_TRY(const auto written, writer_.close());
    return written.rows;
  }

 private:
  Result<void> flush() {
    if (tiles_.empty()) return {};
    table::Batch batch;
    batch.rows = tiles_.size();
    batch.columns.emplace_back(table::TextColumn::repeated(country_.iso.text(), batch.rows));
    batch.columns.emplace_back(std::exchange(tiles_, {}));
    batch.columns.emplace_back(std::exchange(lengths_, {}));
    batch.columns.emplace_back(std::exchange(weights_, {}));
    batch.columns.emplace_back(std::vector<std::int64_t>(batch.rows, policy_.dp));
    batch.columns.emplace_back(
        table::TextColumn::repeated(std::string(contracts::basis_text(policy_.basis)), batch.rows));
    return writer_.write(batch);
  }

  table::FileWriter writer_;
  const Country& country_;
  const contracts::PolicyS2& policy_;
  std::vector<TileId> tiles_;
  std::vector<std::int64_t> lengths_, weights_;
};

// Gathers stretches of weights, cuts them at span borders and hands them to a file of either form.
template <class Rows>
class WeightFile {
 public:
  WeightFile(Rows rows, const Country& country) : rows_(std::move(rows)), tiles_(country.tiles) {}

  Result<void> add(std::uint64_t length, std::int64_t weight) {
    if (held_ > 0 && weight != weight_) PW_CHECK(release());
    weight_ = weight;
    held_ += length;
    return {};
  }

  Result<std::uint64_t> close() {
    PW_CHECK(release());
    return rows_.close();
  }

 private:
  Result<void> release() {
    return tiles_.take(std::exchange(held_, 0),
                       [this](TileId first, std::uint64_t length) { return rows_.add(first, length, weight_); });
  }

  Rows rows_;
  geo::SpanCursor tiles_;
  std::uint64_t held_ = 0;  // tiles of weight_ not yet released
  std::int64_t weight_ = 0;
};

template <class Rows>
Result<std::uint64_t> write_all(Rows rows, const Country& country, const Masses& masses, const Weighing& weighing) {
  WeightFile<Rows> file(std::move(rows), country);
  PW_CHECK(for_each_weight(country.iso, masses, weighing,
                           [&](std::uint64_t length, std::int64_t weight) { return file.add(length, weight); }));
  return file.close();
}

}  // namespace

Result<std::uint64_t> write_weights(const std::filesystem::path& folder, PublishForm form, const Country& country,
                                    const Masses& masses, const Weighing& weighing, const contracts::PolicyS2& policy) {
  const auto file = folder / ("part-" + country.iso.text() + ".parquet");
  if (form == PublishForm::rows) {
    PW_TRY(auto rows, datasets::WeightRows::create(file, country.iso, policy.dp,
                                                   std::string(contracts::basis_text(policy.basis))));
    return write_all(std::move(rows), country, masses, weighing);
  }
  PW_TRY(auto writer, table::FileWriter::create(file, datasets::kWeightRuns));
  return write_all(RunRows(std::move(writer), country, policy), country, masses, weighing);
}

}  // namespace placewright::states::s2_weights
