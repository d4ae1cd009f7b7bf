#include "states/s2_weights/pairwise.hpp"

namespace placewright::states::s2_weights {
namespace detail {

double leaf_sum(const double* values, std::uint64_t n) {
  if (n < 8) {
    double sum = 0.0;
    for (std::uint64_t i = 0; i < n; ++i) sum += values[i];
    return sum;
  }
  std::array<double, 8> r;
  for (std::size_t j = 0; j < 8; ++j) r[j] = values[j];
  std::uint64_t i = 8;
  for (; i < n - n % 8; i += 8) {
    for (std::size_t j = 0; j < 8; ++j) r[j] += values[i + j];
  }
  double sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
  for (; i < n; ++i) sum += values[i];
  return sum;
}

double constant_sum(double value, std::uint64_t n, std::vector<std::pair<std::uint64_t, double>>& known) {
  if (value == 0) return 0.0;
  if (n < 8) {
    double sum = 0.0;
    for (std::uint64_t i = 0; i < n; ++i) sum += value;
    return sum;
  }
  if (n <= kLeaf) {
    double r = value;
    for (std::uint64_t i = 8; i < n - n % 8; i += 8) r += value;
    double sum = ((r + r) + (r + r)) + ((r + r) + (r + r));
    for (std::uint64_t i = n - n % 8; i < n; ++i) sum += value;
    return sum;
  }
  for (const auto& [length, sum] : known) {
    if (length == n) return sum;
  }
  const auto half = left_half(n);
  const double left = constant_sum(value, half, known);
  const double sum = left + constant_sum(value, n - half, known);
  known.emplace_back(n, sum);
  return sum;
}

}  // namespace detail

double pairwise_sum(std::span<const double> values) {
  const auto n = values.size();
  if (n <= detail::kLeaf) return detail::leaf_sum(values.data(), n);
  const auto half = detail::left_half(n);
  const double left = pairwise_sum(values.first(half));
  return left + pairwise_sum(values.subspan(half));
}

}  // namespace placewright::states::s2_weights
