#include "base/pow.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>

// Two ways, tried in turn as Ziv (1991) does: a quick one with some 66 good bits, which suffices unless the power lies
// near the middle of two doubles, and one in double-double throughout.

namespace placewright {
namespace {

// hi + lo, |lo| <= ulp(hi) / 2: about 106 bits.
struct Pair {
  double hi = 0, lo = 0;
};

constexpr Pair quick_sum(double a, double b) {  // REQUIRES: |a| >= |b| or a == 0
  const double s = a + b;
  return {s, b - (s - a)};
}

constexpr Pair two_sum(double a, double b) {
  const double s = a + b;
  const double bb = s - a;
  return {s, (a - (s - bb)) + (b - bb)};
}

constexpr Pair split(double a) {  // Veltkamp: two halves of 26 bits
  const double c = 134217729.0 * a;
  const double hi = c - (c - a);
  return {hi, a - hi};
}

constexpr Pair two_product(double a, double b) {
  const double p = a * b;
  const Pair x = split(a), y = split(b);
  return {p, ((x.hi * y.hi - p) + x.hi * y.lo + x.lo * y.hi) + x.lo * y.lo};
}

constexpr Pair operator+(Pair a, Pair b) {
  Pair s = two_sum(a.hi, b.hi);
  const Pair t = two_sum(a.lo, b.lo);
  s = quick_sum(s.hi, s.lo + t.hi);
  return quick_sum(s.hi, s.lo + t.lo);
}

constexpr Pair operator*(Pair a, Pair b) {
  const Pair p = two_product(a.hi, b.hi);
  return quick_sum(p.hi, p.lo + (a.hi * b.lo + a.lo * b.hi));
}

constexpr Pair operator-(Pair a) { return {-a.hi, -a.lo}; }

constexpr Pair operator*(Pair a, double b) {
  const Pair p = two_product(a.hi, b);
  return quick_sum(p.hi, p.lo + a.lo * b);
}

constexpr Pair operator/(Pair a, Pair b) {
  const double q = a.hi / b.hi;
  const Pair r = a + b * -q;
  const double q2 = r.hi / b.hi;
  const Pair r2 = r + b * -q2;
  return quick_sum(q, q2) + Pair{r2.hi / b.hi, 0};
}

// log(1 + r) = 2 artanh(r / (2 + r)) for |r| below 2^-6; the terms from s^11 on fit into a double.
constexpr Pair log_near_one(Pair r) {
  const Pair s = r / (r + Pair{2, 0});
  const Pair q = s * s;
  const double d = q.hi;
  const double tail = d * (1.0 / 11 + d * (1.0 / 13 + d * (1.0 / 15 + d * (1.0 / 17 + d * (1.0 / 19)))));
  const auto one_over = [](double n) { return Pair{1, 0} / Pair{n, 0}; };
  Pair sum = one_over(9) + Pair{tail, 0};
  sum = sum * q + one_over(7);
  sum = sum * q + one_over(5);
  sum = sum * q + one_over(3);
  sum = sum * q + Pair{1, 0};
  const Pair half = s * sum;
  return {2 * half.hi, 2 * half.lo};
}

// exp(r) for |r| below 2^-7; the terms from r^9 on fit into a double.
constexpr Pair exp_near_zero(Pair r) {
  const double d = r.hi;
  const double tail = d * (1.0 / 9 + d * (1.0 / 90 + d * (1.0 / 990 + d * (1.0 / 11880))));
  Pair sum = Pair{1, 0} + Pair{tail, 0};
  for (int n = 8; n >= 1; --n) sum = Pair{1, 0} + sum * r * (Pair{1, 0} / Pair{static_cast<double>(n), 0});
  return sum;
}

constexpr int kSteps = 64;  // nodes of a binade, for both tables

constexpr Pair log_of_ratio(int numerator, int denominator) {
  return log_near_one(Pair{static_cast<double>(numerator - denominator), 0} /
                      Pair{static_cast<double>(denominator), 0});
}

// Logarithms of (kSteps + k) / kSteps; the last one is ln 2.
constexpr auto kLogs = [] {
  std::array<Pair, kSteps + 1> logs{};
  for (int k = 0; k < kSteps; ++k) {
    logs[static_cast<std::size_t>(k) + 1] =
        logs[static_cast<std::size_t>(k)] + log_of_ratio(kSteps + k + 1, kSteps + k);
  }
  return logs;
}();
constexpr Pair kLn2 = kLogs[kSteps];

// 2^(k / kSteps), as the 64th power of a number whose logarithm is small.
constexpr auto kRoots = [] {
  std::array<Pair, kSteps> roots{};
  for (int k = 0; k < kSteps; ++k) {
    Pair root = exp_near_zero(kLn2 * (static_cast<double>(k) / (64 * kSteps)));
    for (int square = 0; square < 6; ++square) root = root * root;
    roots[static_cast<std::size_t>(k)] = root;
  }
  return roots;
}();

// x = 2^exponent (node / scale) (1 + offset / node): the node next to the mantissa, which lies between the roots of 1/2
// and 2. Near one the node's logarithm is 0, so the logarithm of x keeps its relative precision.
struct Reduced {
  double exponent;
  Pair log_node;
  double offset;  // exact
  double node;
};

Reduced reduced(double x) {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  double exponent = static_cast<double>(static_cast<int>(bits >> 52) - 1023);
  double m = std::bit_cast<double>((bits & 0xfffffffffffffU) | 0x3ff0000000000000U);
  const bool upper = m > 1.4142135623730951;
  if (upper) {
    m /= 2;
    exponent += 1;
  }
  const double scaled = m * (upper ? 2 * kSteps : kSteps);
  const auto node = static_cast<int>(scaled + 0.5);
  Pair log_node = kLogs[static_cast<std::size_t>(node - kSteps)];
  if (upper) log_node = node == 2 * kSteps ? Pair{} : log_node + -kLn2;
  return {exponent, log_node, scaled - node, static_cast<double>(node)};
}

struct Split {
  int binade;
  std::size_t step;  // of kRoots
  double k;
};

// t = ln 2 (binade + step / kSteps) + a rest below 2^-7.
Split split_exponent(double t) {
  const auto k = static_cast<int>(t * (kSteps / kLn2.hi) - 0.5);  // t < 0
  const int binade = -((-k + kSteps - 1) / kSteps);
  return {binade, static_cast<std::size_t>(k - binade * kSteps), static_cast<double>(k)};
}

double power_of_two(int n) { return std::bit_cast<double>(static_cast<std::uint64_t>(n + 1023) << 52); }

// ---- The quick way.

constexpr double kLn2Step = kLn2.hi / kSteps;
constexpr double kLn2StepHigh = std::bit_cast<double>(std::bit_cast<std::uint64_t>(kLn2Step) &
                                                      ~std::uint64_t{0x1fffff});  // 32 bits: k times it is exact
constexpr double kLn2StepLow = (kLn2.hi / kSteps - kLn2StepHigh) + kLn2.lo / kSteps;
constexpr double kLn2High =
    std::bit_cast<double>(std::bit_cast<std::uint64_t>(kLn2.hi) & ~std::uint64_t{0x7ff});  // 42 bits
constexpr double kLn2Low = (kLn2.hi - kLn2High) + kLn2.lo;

Pair quick_log(double x) {
  const Reduced at = reduced(x);
  const double q = at.offset / at.node;
  const Pair back = two_product(q, at.node);
  const Pair r = quick_sum(q, ((at.offset - back.hi) - back.lo) / at.node);
  const Pair square = two_product(r.hi, r.hi);
  const double d = r.hi, q2 = square.hi, q4 = q2 * q2;
  // Pairs of terms at a time: a chain of eight would wait for itself.
  const double tail = q2 * d *
                      ((1.0 / 3 - d * (1.0 / 4) + q2 * (1.0 / 5 - d * (1.0 / 6))) +
                       q4 * (1.0 / 7 - d * (1.0 / 8) + q2 * (1.0 / 9 - d * (1.0 / 10))));
  const Pair near = quick_sum(r.hi, -square.hi / 2);
  const double low = near.lo + (r.lo - square.lo / 2 - r.hi * r.lo + tail);
  if (at.exponent == 0 && at.log_node.hi == 0) return quick_sum(near.hi, low);
  const Pair whole = two_sum(at.exponent * kLn2High, at.log_node.hi);
  const Pair all = two_sum(whole.hi, near.hi);
  return quick_sum(all.hi, all.lo + (whole.lo + (at.exponent * kLn2Low + at.log_node.lo + low)));
}

// The power, or nothing when it lies too near the middle of two doubles.
std::optional<double> quick_pow(double base, double exponent) {
  const Pair log = quick_log(base);
  Pair t = two_product(log.hi, exponent);
  t.lo += log.lo * exponent;
  if (t.hi < -700) return 0;
  const Split at = split_exponent(t.hi);
  const Pair r = two_sum(t.hi - at.k * kLn2StepHigh, t.lo - at.k * kLn2StepLow);
  const Pair square = two_product(r.hi, r.hi);
  const double d = r.hi, q2 = square.hi, q4 = q2 * q2;
  const double tail = q2 * d *
                      ((1.0 / 6 + d * (1.0 / 24) + q2 * (1.0 / 120 + d * (1.0 / 720))) +
                       q4 * (1.0 / 5040 + d * (1.0 / 40320) + q2 * (1.0 / 362880)));
  const Pair near = quick_sum(r.hi, square.hi / 2);
  const double near_low = near.lo + (r.lo + square.lo / 2 + r.hi * r.lo + tail);
  const Pair root = kRoots[at.step];
  const Pair product = two_product(root.hi, near.hi);
  const Pair sum = quick_sum(root.hi, product.hi);
  const double low = sum.lo + (product.lo + (root.lo + root.hi * near_low + root.lo * near.hi));
  const double margin = sum.hi * (1 - t.hi) * 0x1p-63;
  const double below = sum.hi + (low - margin);
  if (below != sum.hi + (low + margin)) return std::nullopt;
  return below * power_of_two(at.binade);
}

// ---- The precise way.

double precise_pow(double base, double exponent) {
  const Reduced from = reduced(base);
  const Pair log = kLn2 * from.exponent + from.log_node + log_near_one(Pair{from.offset, 0} / Pair{from.node, 0});
  const Pair t = log * exponent;
  const Split at = split_exponent(t.hi);
  const Pair value = exp_near_zero(t + kLn2 * (-at.k / kSteps)) * kRoots[at.step];
  return (value.hi + value.lo) * power_of_two(at.binade);
}

}  // namespace

double portable_pow(double base, double exponent) {
  if (base <= 0) return 0;
  if (base >= 1) return 1;
  if (exponent == 1) return base;
  if (exponent == 2) return base * base;
  const auto quick = quick_pow(base, exponent);
  return quick ? *quick : precise_pow(base, exponent);
}

}  // namespace placewright
