// Masses of the tiles of one country as runs of equal values, and their sums to the last bit.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "contracts/policy_s2.hpp"

namespace placewright::states::s2_weights {

// Values of consecutive tiles; equal neighbours are held once. Twelve bytes a run.
class Runs {
 public:
  void add(double value, std::uint64_t length);
  std::uint64_t tiles() const { return tiles_; }
  std::size_t count() const { return values_.size(); }
  double value(std::size_t run) const { return values_[run]; }
  std::uint64_t length(std::size_t run) const { return lengths_[run]; }
  void shrink();

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

 private:
  void settle();

  std::span<const Runs> pieces_;
  std::size_t piece_ = 0, run_ = 0;
  double value_ = 0;
  std::uint64_t left_ = 0;
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

// Mass of a tile from its area and people, in the reference's order of operations (§1.3).
class MassLaw {
 public:
  MassLaw(const contracts::PolicyS2& policy, const Components& components);
  // Every tile weighs 1: the way out for a country without mass.
  void fall_back() { fallen_back_ = true; }
  double mass(double area, double people) const;

 private:
  bool fallen_back_ = false;
  contracts::Basis basis_;
  contracts::Blend blend_;
  double uniform_share_ = 0;
  Share area_, people_;
};

// The masses in tile order. When `divisor` is not 1, each mass is divided by it.
class MassCursor {
 public:
  MassCursor(const Components& components, const MassLaw& law, double divisor = 1);
  double value() const { return value_; }
  std::uint64_t left() const { return left_; }
  void skip(std::uint64_t length);
  bool outside_domain() const { return outside_domain_; }  // a mass seen so far was negative, infinite or no number

 private:
  void settle();

  RunCursor area_, people_;
  const MassLaw* law_;
  double divisor_;
  double value_ = 0;
  std::uint64_t left_ = 0;
  bool outside_domain_ = false;
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
  value_ = pieces_[piece_].value(run_);
  left_ = pieces_[piece_].length(run_);
}

inline void RunCursor::skip(std::uint64_t length) {
  left_ -= length;
  if (left_ > 0 || piece_ == pieces_.size()) return;
  ++run_;
  settle();
}

inline void MassCursor::settle() {
  left_ = std::min(area_.left(), people_.left());
  if (left_ == 0) return;
  value_ = law_->mass(area_.value(), people_.value());
  if (!(std::isfinite(value_) && value_ >= 0)) outside_domain_ = true;
  if (divisor_ != 1) value_ /= divisor_;
}

inline void MassCursor::skip(std::uint64_t length) {
  left_ -= length;
  area_.skip(length);
  people_.skip(length);
  if (left_ == 0) settle();
}

}  // namespace placewright::states::s2_weights
