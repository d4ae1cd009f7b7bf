#include "states/s4_allocation/blocks.hpp"

#include <algorithm>
#include <map>
#include <numeric>

namespace placewright::states::s4_allocation {
namespace {

constexpr std::int64_t kSitesPerBlock = 1'000'000;
constexpr std::size_t kPairsPerBlock = 250'000;
constexpr std::int64_t kSitesPerChunk = 50'000;
constexpr std::size_t kPairsPerChunk = 2'000;

Error pair_fault(const char* code, const Requirement& pair, const std::string& what) {
  return Error(code, "merchant " + std::to_string(pair.merchant) + " in " + pair.country.text() + ": " + what)
      .with("merchant_id", pair.merchant)
      .with("legal_country_iso", pair.country);
}

// Pairs of one country with like numbers of sites: the unit of parallel work.
struct Chunk {
  Iso country;
  std::vector<std::size_t> pairs;  // into the block, ascending by (sites, position)
  std::vector<TileSites> rows;
  std::vector<std::size_t> ends;  // by pair: rows written up to its end
  std::vector<PairFigures> figures;
  std::optional<std::pair<std::size_t, Error>> fault;  // the first pair that failed
};

class Block {
 public:
  Block(std::span<const Requirement> pairs, Countries& countries, const contracts::PolicyS4& policy, work::Pool& pool)
      : pairs_(pairs), countries_(countries), policy_(policy), pool_(pool) {
    for (std::size_t i = 0; i < pairs.size(); ++i) by_country_[pairs[i].country].push_back(i);
  }

  Result<void> run() {
    std::vector<Iso> wave;
    std::uint64_t bytes = 0;
    for (const auto& [country, pairs] : by_country_) {
      const auto more = countries_.estimate(country);
      if (!wave.empty() && bytes + more > countries_.budget()) {
        PW_CHECK(run_wave(wave));
        wave.clear();
        bytes = 0;
      }
      wave.push_back(country);
      bytes += more;
    }
    PW_CHECK(run_wave(wave));
    if (fault_) return std::move(fault_->second);
    return {};
  }

  BlockAnswer answer() const {
    BlockAnswer out{pairs_, std::vector<std::span<const TileSites>>(pairs_.size()),
                    std::vector<PairFigures>(pairs_.size())};
    for (const auto& chunk : done_) {
      std::size_t begin = 0;
      for (std::size_t k = 0; k < chunk.pairs.size(); ++k) {
        out.rows[chunk.pairs[k]] = std::span(chunk.rows).subspan(begin, chunk.ends[k] - begin);
        out.figures[chunk.pairs[k]] = chunk.figures[k];
        begin = chunk.ends[k];
      }
    }
    return out;
  }

 private:
  void note(std::size_t pair, Error error) {
    if (!fault_ || pair < fault_->first) fault_.emplace(pair, std::move(error));
  }

  Result<void> run_wave(const std::vector<Iso>& wave) {
    countries_.load(pool_, wave);
    std::vector<Chunk> chunks;
    for (const auto country : wave) {
      if (const auto& loaded = countries_.at(country); !loaded) {
        note(by_country_[country].front(), loaded.error());
      } else {
        cut(country, chunks);
      }
    }
    PW_CHECK(work::for_each(pool_, chunks.size(), [&](std::size_t i) -> Result<void> {
      fill(chunks[i]);
      return {};
    }));
    for (auto& chunk : chunks) {
      if (chunk.fault) note(chunk.fault->first, chunk.fault->second);
      done_.push_back(std::move(chunk));
    }
    return {};
  }

  void cut(Iso country, std::vector<Chunk>& chunks) {
    auto pairs = by_country_[country];
    std::ranges::stable_sort(pairs, {}, [&](std::size_t i) { return pairs_[i].sites; });
    std::int64_t sites = 0;
    bool open = false;
    for (const auto i : pairs) {
      if (!open || sites + pairs_[i].sites > kSitesPerChunk || chunks.back().pairs.size() >= kPairsPerChunk) {
        chunks.push_back({country, {}, {}, {}, {}, {}});
        sites = 0;
        open = true;
      }
      sites += pairs_[i].sites;
      chunks.back().pairs.push_back(i);
    }
  }

  void fill(Chunk& chunk) const {
    const auto& country = *countries_.at(chunk.country);
    std::optional<Plan> plan;
    std::optional<PairAllocation> shared;  // the answer of every pair of this plan when none rotates
    for (const auto i : chunk.pairs) {
      const auto& pair = pairs_[i];
      if (!plan || plan->sites() != pair.sites) {
        plan.emplace(country.weights, pair.sites, country.units);
        shared.reset();
      }
      if (!shared) {
        auto allocation = allocate(country, *plan, pair, policy_);
        if (!allocation) {
          // Later pairs of the chunk may stand earlier in the catalogue.
          if (!chunk.fault || i < chunk.fault->first) chunk.fault.emplace(i, std::move(allocation).error());
          chunk.ends.push_back(chunk.rows.size());
          chunk.figures.emplace_back();
          continue;
        }
        shared = *std::move(allocation);
      }
      chunk.figures.push_back(shared->figures);
      put_rows(country, shared->shares, chunk.rows);
      chunk.ends.push_back(chunk.rows.size());
      if (plan->window(policy_) > 0) shared.reset();
    }
  }

  static void put_rows(const CountryIndex& country, const std::vector<Share>& shares, std::vector<TileSites>& rows) {
    const auto begin = static_cast<std::ptrdiff_t>(rows.size());
    for (const auto& share : shares)
      rows.push_back({country.tiles.id_at(country.weights.position_of(share.rank)), share.sites});
    std::ranges::sort(rows.begin() + begin, rows.end(), {}, &TileSites::tile);
  }

  std::span<const Requirement> pairs_;
  Countries& countries_;
  const contracts::PolicyS4& policy_;
  work::Pool& pool_;
  std::map<Iso, std::vector<std::size_t>> by_country_;
  std::vector<Chunk> done_;
  std::optional<std::pair<std::size_t, Error>> fault_;
};

std::size_t block_end(std::span<const Requirement> pairs, std::size_t begin) {
  std::int64_t sites = 0;
  std::size_t end = begin;
  while (end < pairs.size() && end - begin < kPairsPerBlock &&
         (end == begin || pairs[end].sites <= kSitesPerBlock - sites)) {
    sites += std::min(pairs[end++].sites, kSitesPerBlock);
  }
  return end;
}

}  // namespace

Result<PairAllocation> allocate(const CountryIndex& country, const Plan& plan, const Requirement& pair,
                                const contracts::PolicyS4& policy) {
  if (plan.shortfall() < 0 || static_cast<std::uint64_t>(plan.shortfall()) > country.weights.tiles()) {
    return pair_fault("E404_ALLOCATION_MISMATCH", pair, "the tile weights do not sum to 10^dp");
  }
  PairAllocation out;
  const auto window = plan.window(policy);
  const auto offset = window > 1 ? rotation_hash(policy.seed_namespace, pair.merchant, pair.country) % window : 0;
  out.shares = plan.shares(offset, window);
  if (out.shares.empty()) return pair_fault("E412_ZERO_ROW_EMITTED", pair, "no tile received a site");
  out.figures.shortfall = plan.shortfall();
  out.figures.diversified = window > 0;
  out.figures.before = concentration(out.shares, pair.sites);
  out.figures.moves = spread(out.shares, country.weights.tiles(), pair.sites, policy);
  out.figures.after = concentration(out.shares, pair.sites);
  std::int64_t sum = 0;
  for (const auto& share : out.shares) sum += share.sites;
  if (sum != pair.sites)
    return pair_fault("E404_ALLOCATION_MISMATCH", pair, "the allocated sites do not sum to n_sites");
  return out;
}

Result<void> allocate_all(std::span<const Requirement> pairs, Countries& countries, const contracts::PolicyS4& policy,
                          work::Pool& pool, const TakeBlock& take) {
  for (std::size_t begin = 0; begin < pairs.size();) {
    const auto end = block_end(pairs, begin);
    Block block(pairs.subspan(begin, end - begin), countries, policy, pool);
    PW_CHECK(block.run());
    PW_CHECK(take(block.answer()));
    begin = end;
  }
  return {};
}

}  // namespace placewright::states::s4_allocation
