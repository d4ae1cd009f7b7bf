#include "states/s2_weights/outputs.hpp"

#include <algorithm>
#include <numeric>

#include "datasets/schemas.hpp"
#include "table/table.hpp"

namespace placewright::states::s2_weights {
namespace {

constexpr std::size_t kBufferedRows = 200'000;

// Gathers stretches of weights, cuts them at span borders and writes them in either form.
class WeightFile {
 public:
  WeightFile(table::FileWriter writer, PublishForm form, const Country& country, const contracts::PolicyS2& policy)
      : writer_(std::move(writer)), form_(form), country_(country), policy_(policy) {}

  Result<void> add(std::uint64_t length, std::int64_t weight) {
    if (held_ > 0 && weight != weight_) PW_CHECK(release());
    weight_ = weight;
    held_ += length;
    return {};
  }

  Result<std::uint64_t> close() {
    PW_CHECK(release());
    PW_CHECK(flush());
    PW_TRY(const auto written, writer_.close());
    return written.rows;
  }

 private:
  // The held stretch, span by span.
  Result<void> release() {
    const auto spans = country_.tiles.spans();
    while (held_ > 0) {
      const auto part = std::min<std::uint64_t>(held_, spans[span_].length - used_);
      PW_CHECK(put(spans[span_].first + used_, part));
      held_ -= part;
      used_ += part;
      if (used_ == spans[span_].length) {
        ++span_;
        used_ = 0;
      }
    }
    return {};
  }

  Result<void> put(TileId first, std::uint64_t length) {
    if (form_ == PublishForm::spans) {
      lengths_.push_back(static_cast<std::int64_t>(length));
      length = 1;
    }
    while (length > 0) {
      const auto part = std::min<std::uint64_t>(length, kBufferedRows - tiles_.size());
      const auto at = tiles_.size();
      tiles_.resize(at + part);
      std::iota(tiles_.begin() + static_cast<std::ptrdiff_t>(at), tiles_.end(), first);
      weights_.resize(at + part, weight_);
      first += part;
      length -= part;
      if (tiles_.size() == kBufferedRows) PW_CHECK(flush());
    }
    return {};
  }

  Result<void> flush() {
    if (tiles_.empty()) return {};
    table::Batch batch;
    batch.rows = tiles_.size();
    batch.columns.emplace_back(table::TextColumn::repeated(country_.iso.text(), batch.rows));
    batch.columns.emplace_back(std::move(tiles_));
    if (form_ == PublishForm::spans) batch.columns.emplace_back(std::move(lengths_));
    batch.columns.emplace_back(std::move(weights_));
    batch.columns.emplace_back(std::vector<std::int64_t>(batch.rows, policy_.dp));
    batch.columns.emplace_back(table::TextColumn::repeated(std::string(contracts::basis_text(policy_.basis)), batch.rows));
    tiles_.clear();
    lengths_.clear();
    weights_.clear();
    return writer_.write(batch);
  }

  table::FileWriter writer_;
  PublishForm form_;
  const Country& country_;
  const contracts::PolicyS2& policy_;
  std::uint64_t held_ = 0;  // tiles of weight_ not yet released
  std::int64_t weight_ = 0;
  std::size_t span_ = 0;
  std::uint64_t used_ = 0;  // tiles of spans[span_] released
  std::vector<TileId> tiles_;
  std::vector<std::int64_t> lengths_, weights_;
};

}  // namespace

Result<std::uint64_t> write_weights(const std::filesystem::path& folder, PublishForm form, const Country& country, const MassLaw& law,
                                    const Weighing& weighing, const contracts::PolicyS2& policy) {
  const auto& schema = form == PublishForm::spans ? datasets::kWeightRuns : datasets::kTileWeights;
  PW_TRY(auto writer, table::FileWriter::create(folder / ("part-" + country.iso.text() + ".parquet"), schema));
  WeightFile file(std::move(writer), form, country, policy);
  PW_CHECK(for_each_weight(country.iso, country.components, law, weighing,
                           [&](std::uint64_t length, std::int64_t weight) { return file.add(length, weight); }));
  return file.close();
}

}  // namespace placewright::states::s2_weights
