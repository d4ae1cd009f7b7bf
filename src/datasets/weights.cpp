#include "datasets/weights.hpp"

#include <algorithm>
#include <optional>

#include "datasets/schemas.hpp"
#include "hash/sha256.hpp"
#include "table/table.hpp"

namespace placewright::datasets {
namespace {

namespace fs = std::filesystem;

__extension__ using Wide = __int128;

// The country that a relative path names: part-XX.parquet, a folder country=XX, or part-XX inside the name.
std::optional<Iso> country_of(const std::string& relative) {
  for (const std::string_view mark : {"country=", "part-"}) {
    const auto at = relative.rfind(mark);
    if (at == std::string::npos) continue;
    const auto text = std::string_view(relative).substr(at + mark.size(), 2);
    const auto end = at + mark.size() + 2;
    const bool ends = end >= relative.size() || relative[end] == '.' || relative[end] == '/' || relative[end] == '-';
    if (const auto iso = Iso::parse(text); iso && ends) return iso;
  }
  return std::nullopt;
}

}  // namespace

void WeightAligner::add(TileId first, std::uint64_t length, std::int64_t weight) {
  if (!stored_.empty()) {
    auto& last = stored_.back();
    if (first == last.first + last.length && weight == last.weight) {
      last.length += length;
      return;
    }
    if (first < last.first + last.length) out_of_order_ = true;
    if (order_ == Order::ascending) {
      if (!out_of_order_) align(last);
      stored_.clear();
    }
  }
  any_ = true;
  stored_.push_back({first, length, weight});
}

void WeightAligner::dp(std::int64_t value) {
  if (dp_seen_ && value != dp_) dp_differs_ = true;
  if (!dp_seen_) dp_ = value;
  dp_seen_ = true;
}

Error WeightAligner::fault(const char* code, const char* detail, const std::string& what) const {
  return Error(code, "tile weights of " + country_.text() + ": " + what).with("detail", detail).with("legal_country_iso", country_);
}

void WeightAligner::put(std::uint64_t position, std::uint64_t length, std::int64_t weight) {
  covered_ += length;
  auto& runs = out_.runs;
  if (!runs.empty() && runs.back().weight == weight && runs.back().position + runs.back().length == position) {
    runs.back().length += length;
  } else {
    runs.push_back({position, length, weight});
  }
}

void WeightAligner::align(const Stored& stored) {
  TileId first = stored.first;
  const TileId end = stored.first + stored.length;
  if (first < next_) {
    twice_ += std::min(end, next_) - first;
    first = std::min(end, next_);
  }
  const auto spans = tiles_.spans();
  while (first < end) {
    while (span_ < spans.size() && spans[span_].first + spans[span_].length <= first) ++span_;
    if (span_ == spans.size() || spans[span_].first >= end) {
      extra_ += end - first;
      break;
    }
    const auto& span = spans[span_];
    if (span.first > first) extra_ += span.first - first;
    first = std::max(first, span.first);
    const TileId stop = std::min<TileId>(end, span.first + span.length);
    put(tiles_.start_of(span_) + (first - span.first), stop - first, stored.weight);
    first = stop;
  }
  next_ = std::max(next_, end);
}

Result<void> WeightAligner::check_dp() const {
  if (dp_differs_) return fault("E414_WEIGHT_TAMPER", "dp_inconsistent", "the rows have different dp");
  if (dp_ < 0 || dp_ > 18) {
    return fault("E414_WEIGHT_TAMPER", "dp_out_of_range", "dp must be 0 to 18, found " + std::to_string(dp_));
  }
  return {};
}

Result<void> WeightAligner::check_sum() const {
  std::int64_t units = 1;
  for (std::int64_t i = 0; i < dp_; ++i) units *= 10;
  Wide sum = 0;
  for (const auto& run : out_.runs) {
    if (run.weight < 0) {
      return fault("E414_WEIGHT_TAMPER", "weight_negative",
                   "tile " + std::to_string(tiles_.id_at(run.position)) + " has weight " + std::to_string(run.weight));
    }
    sum += static_cast<Wide>(run.weight) * run.length;
  }
  if (sum != units) return fault("E414_WEIGHT_TAMPER", "weight_sum_mismatch", "weights must sum to " + std::to_string(units));
  return {};
}

Result<CountryWeights> WeightAligner::finish() {
  if (tiles_.empty()) {
    return Error("E403_ZERO_TILE_UNIVERSE", "country " + country_.text() + " has no tiles").with("legal_country_iso", country_);
  }
  if (!any_) {
    return Error("E402_MISSING_TILE_WEIGHTS", "country " + country_.text() + " has no tile weights").with("legal_country_iso", country_);
  }
  PW_CHECK(check_dp());
  std::ranges::stable_sort(stored_, {}, &Stored::first);
  for (const auto& stored : stored_) align(stored);
  stored_ = {};
  if (twice_ > 0) {
    return fault("E407_PK_DUPLICATE", "tile_weights_duplicate_tile_id", std::to_string(twice_) + " tiles are listed twice");
  }
  if (covered_ < tiles_.size()) {
    const auto missing = tiles_.size() - covered_;
    return fault("E402_MISSING_TILE_WEIGHTS", "tile_weights_missing_tile_ids", std::to_string(missing) + " tiles have no weight")
        .with("missing_count", missing);
  }
  if (extra_ > 0) {
    return fault("E413_TILE_NOT_IN_INDEX", "tile_weights_extra_tile_ids", std::to_string(extra_) + " tiles are not the country's")
        .with("extra_count", extra_);
  }
  PW_CHECK(check_sum());
  out_.dp = dp_;
  return std::move(out_);
}

Result<WeightSource> WeightSource::open(const store::RunFolder& run) {
  WeightSource source;
  std::error_code error;
  std::string looked;
  for (const std::string_view dataset : {"weight_runs", "tile_weights"}) {
    if (!run.dictionary().find(dataset)) continue;  // a foreign dictionary knows rows only
    PW_TRY(const auto path, run.target(dataset));
    looked += (looked.empty() ? "" : ", ") + path.string();
    if (!fs::exists(path, error)) continue;
    source.root_ = path;
    source.rows_form_ = dataset == "tile_weights";
    break;
  }
  if (source.root_.empty()) return Error("PW_INPUT", "S2 has published no tile weights; looked for " + looked);
  PW_TRY(const auto names, hash::files_below(source.root_));
  for (const auto& name : names) {
    if (!name.ends_with(".parquet")) continue;
    const auto iso = country_of(name);
    if (!iso) return Error("PW_INPUT", (source.root_ / name).string() + ": the name does not tell the country (part-XX.parquet)");
    source.files_[*iso].push_back(source.root_ / name);
  }
  for (const auto& [iso, files] : source.files_) source.countries_.push_back(iso);
  return source;
}

std::uint64_t WeightSource::file_bytes(Iso country) const {
  const auto it = files_.find(country);
  std::uint64_t bytes = 0;
  if (it == files_.end()) return bytes;
  for (const auto& file : it->second) {
    std::error_code error;
    const auto size = fs::file_size(file, error);
    if (!error) bytes += size;
  }
  return bytes;
}

Result<void> WeightSource::add_to(WeightAligner& aligner, const fs::path& file) const {
  static const Schema kRows = {{"tile_id", Kind::u64}, {"weight_fp", Kind::i64}, {"dp", Kind::i64}};
  static const Schema kRuns = {{"first_tile_id", Kind::u64}, {"weight_fp", Kind::i64}, {"dp", Kind::i64}, {"length", Kind::i64}};
  PW_TRY(const auto dataset, table::Dataset::open(file));
  for (std::size_t group = 0; group < dataset.groups(); ++group) {
    PW_TRY(const auto batch, dataset.read(group, rows_form_ ? kRows : kRuns));
    const auto &first = batch.u64(0);
    const auto &weight = batch.i64(1), &dp = batch.i64(2);
    std::size_t end = 0;
    for (std::size_t i = 0; i < batch.rows; i = end) {
      std::uint64_t length = 1;
      end = i + 1;
      if (rows_form_) {
        while (end < batch.rows && first[end] == first[i] + (end - i) && weight[end] == weight[i] && dp[end] == dp[i]) ++end;
        length = end - i;
      } else if (batch.i64(3)[i] < 1) {
        return Error("PW_TABLE", file.string() + ": row " + std::to_string(i) + " of group " + std::to_string(group) +
                                     " has no positive length");
      } else {
        length = static_cast<std::uint64_t>(batch.i64(3)[i]);
      }
      aligner.dp(dp[i]);
      aligner.add(first[i], length, weight[i]);
    }
  }
  return {};
}

Result<CountryWeights> WeightSource::load(Iso country, const geo::TileSet& tiles) const {
  using Order = WeightAligner::Order;
  const auto it = files_.find(country);
  for (const auto order : {Order::ascending, Order::any}) {
    WeightAligner aligner(country, tiles, order);
    if (it != files_.end() && !tiles.empty()) {
      for (const auto& file : it->second) PW_CHECK(add_to(aligner, file));
    }
    if (order == Order::any || !aligner.out_of_order()) return aligner.finish();
  }
  return Error("PW_DEFECT", "weights were aligned in no order");
}

}  // namespace placewright::datasets
