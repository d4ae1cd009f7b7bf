// Masses of the tiles of one country as runs of equal values, and their sums to the last bit.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "contracts/policy_s2.hpp"

namespace placewright::states::s2_weights {

// Values of consecutive tiles; equal neighbours are held once. Twelve bytes a run.
class Runs {
 public:
  void add(double value, std::uint64_t length);
  // Runs whose neighbours differ. REQUIRES: as many lengths as values, none 0.
  void append(std::span<const double> values, std::span<const std::uint32_t> lengths);
  void reserve(std::size_t runs);
  std::uint64_t tiles() const { return tiles_; }
  std::size_t count() const { return values_.size(); }
  std::span<const double> values() const { return values_; }
  std::span<const std::uint32_t> lengths() const { return lengths_; }

 private:
  std::vector<std::uint32_t> lengths_;
  std::vector<double> values_;
  std::uint64_t tiles_ = 0;
};

// Reads pieces of runs one after the other: value() holds for the next left() tiles.
class RunCursor {
 public:
  explicit RunCursor(std::span<const Runs> pieces) : pieces_(pieces) { settle(); }
  double value() const { return value_; }
  std::uint64_t left() const { return left_; }  // 0 at the end
  void skip(std::uint64_t length);              // REQUIRES: length <= left()
  void take(std::span<double> values);          // REQUIRES: as many are left, in this run and later ones

 private:
  void settle();

  std::span<const Runs> pieces_;
  std::size_t piece_ = 0, run_ = 0;
  double value_ = 0;
  std::uint64_t left_ = 0;
};

// Values of a cursor over runs divided by one number.
class ShareCursor {
 public:
  ShareCursor(std::span<const Runs> pieces, double divisor) : values_(pieces), divisor_(divisor) {}
  double value() const { return values_.value() / divisor_; }
  std::uint64_t left() const { return values_.left(); }
  void skip(std::uint64_t length) { values_.skip(length); }
  void take(std::span<double> values) {
    values_.take(values);
    for (auto& value : values) value /= divisor_;
  }

 private:
  RunCursor values_;
  double divisor_;
};

// safe_normalize of spec S2-S4 §0.6 for n values of that sum.
struct Share {
  double total = 0;
  double n = 0;
  double operator()(double value) const;
};

// Everything known of one country's tiles before they are weighed.
struct Components {
  std::uint64_t tiles = 0;
  std::vector<Runs> area;    // m2; all 1.0 when the policy has no use for it
  std::vector<Runs> people;  // all 0.0 likewise
  double area_sum = 0;       // pairwise
  double people_sum = 0;
};

// Mass of a tile from its area and people under a blend, in the reference's order of operations (§1.3).
class BlendLaw {
 public:
  BlendLaw(const contracts::Blend& blend, const Components& components);
  double mass(double area, double people) const {
    return (blend_.uniform * uniform_share_ + blend_.area_m2 * area_(area)) + blend_.population * people_(people);
  }

 private:
  contracts::Blend blend_;
  double uniform_share_ = 0;
  Share area_, people_;
};

// The masses of a country's tiles, in order: one of its components as it is, or their blend.
class Masses {
 public:
  Masses(const contracts::PolicyS2& policy, const Components& components);  // which must outlive it
  std::span<const Runs> runs() const { return own_.empty() ? runs_ : own_; }
  std::uint64_t tiles() const { return tiles_; }
  bool are(const std::vector<Runs>& component) const { return runs().data() == component.data(); }
  // Every tile weighs 1: the way out for a country without mass.
  void make_equal();

 private:
  std::uint64_t tiles_;
  std::span<const Runs> runs_;
  std::vector<Runs> own_;
};

// Called once or more for each of tens of millions of runs, hence here.

inline void RunCursor::settle() {
  while (piece_ < pieces_.size() && run_ == pieces_[piece_].count()) {
    ++piece_;
    run_ = 0;
  }
  if (piece_ == pieces_.size()) {
    left_ = 0;
    return;
  }
  value_ = pieces_[piece_].values()[run_];
  left_ = pieces_[piece_].lengths()[run_];
}

inline void RunCursor::skip(std::uint64_t length) {
  left_ -= length;
  if (left_ > 0 || piece_ == pieces_.size()) return;
  ++run_;
  settle();
}

inline void RunCursor::take(std::span<double> values) {
  for (std::size_t i = 0; i < values.size();) {
    const auto part = std::min<std::uint64_t>(values.size() - i, left_);
    std::fill_n(values.begin() + static_cast<std::ptrdiff_t>(i), part, value_);
    skip(part);
    i += part;
  }
}

}  // namespace placewright::states::s2_weights
