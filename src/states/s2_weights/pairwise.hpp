// Pairwise summation in the order that decides published digits (spec S2-S4 §0.6).
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace placewright::states::s2_weights {

// Sum of values one by one: eight accumulators up to 128 values, halves above.
double pairwise_sum(std::span<const double> values);

namespace detail {

constexpr std::uint64_t kLeaf = 128;
constexpr std::uint64_t left_half(std::uint64_t n) { return n / 2 - n / 2 % 8; }
double leaf_sum(const double* values, std::uint64_t n);
double constant_sum(double value, std::uint64_t n, std::vector<std::pair<std::uint64_t, double>>& known);

}  // namespace detail

// The same sum, to the last bit, of the next n values of a cursor over runs (value(), left(), skip(), take()). A
// stretch of equal values costs the logarithm of its length, so that a country of 42 million equal tiles takes
// microseconds. REQUIRES: the cursor holds n values.
template <class Cursor>
double pairwise_sum(Cursor& cursor, std::uint64_t n) {
  if (cursor.left() >= n) {
    std::vector<std::pair<std::uint64_t, double>> known;
    const double sum = detail::constant_sum(cursor.value(), n, known);
    if (n > 0) cursor.skip(n);
    return sum;
  }
  if (n <= detail::kLeaf) {
    std::array<double, detail::kLeaf> values;
    cursor.take(std::span(values).first(n));
    return detail::leaf_sum(values.data(), n);
  }
  const auto half = detail::left_half(n);
  const double left = pairwise_sum(cursor, half);
  return left + pairwise_sum(cursor, n - half);
}

}  // namespace placewright::states::s2_weights
