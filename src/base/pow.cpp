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

// Two numbers worked on at once. Each operation is that of a double, lane by lane, so the bits are the same.
typedef double Lanes __attribute__((vector_size(16)));

// hi + lo, |lo| <= ulp(hi) / 2: about 106 bits. T is double or Lanes.
template <class T>
struct PairOf {
  T hi{}, lo{};
};
using Pair = PairOf<double>;

template <class T>
constexpr PairOf<T> quick_sum(T a, T b) {  // REQUIRES: |a| >= |b| or a == 0
  const T s = a + b;
  return {s, b - (s - a)};
}

template <class T>
constexpr PairOf<T> two_sum(T a, T b) {
  const T s = a + b;
  const T bb = s - a;
  return {s, (a - (s - bb)) + (b - bb)};
}

template <class T>
constexpr PairOf<T> split(T a) {  // Veltkamp: two halves of 26 bits
  const T c = 134217729.0 * a;
  const T hi = c - (c - a);
  return {hi, a - hi};
}

template <class T>
constexpr PairOf<T> two_product(T a, T b) {
  const T p = a * b;
  const PairOf<T> x = split(a), y = split(b);
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
template <class T>
struct ReducedOf {
  T exponent;
  PairOf<T> log_node;
  T offset;  // exact
  T node;
};
using Reduced = ReducedOf<double>;

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

bool near_one(const Reduced& at) { return at.exponent == 0 && at.log_node.hi == 0; }

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

template <class T>
PairOf<T> quick_log(const ReducedOf<T>& at, bool is_near_one) {
  const T q = at.offset / at.node;
  const PairOf<T> back = two_product(q, at.node);
  const PairOf<T> r = quick_sum<T>(q, ((at.offset - back.hi) - back.lo) / at.node);
  const PairOf<T> square = two_product(r.hi, r.hi);
  const T d = r.hi, q2 = square.hi, q4 = q2 * q2;
  // Pairs of terms at a time: a chain of eight would wait for itself.
  const T tail = q2 * d *
                 ((1.0 / 3 - d * (1.0 / 4) + q2 * (1.0 / 5 - d * (1.0 / 6))) +
                  q4 * (1.0 / 7 - d * (1.0 / 8) + q2 * (1.0 / 9 - d * (1.0 / 10))));
  const PairOf<T> near = quick_sum<T>(r.hi, -square.hi / 2);
  const T low = near.lo + (r.lo - square.lo / 2 - r.hi * r.lo + tail);
  if (is_near_one) return quick_sum<T>(near.hi, low);
  const PairOf<T> whole = two_sum<T>(at.exponent * kLn2High, at.log_node.hi);
  const PairOf<T> all = two_sum<T>(whole.hi, near.hi);
  return quick_sum<T>(all.hi, all.lo + (whole.lo + (at.exponent * kLn2Low + at.log_node.lo + low)));
}

// exp(t) = (hi + lo) 2^binade, given the step's k and root; `doubt` bounds the error of lo.
template <class T>
struct Power {
  T hi, lo, doubt;
};

template <class T>
Power<T> quick_exp(PairOf<T> t, T k, PairOf<T> root) {
  const PairOf<T> r = two_sum<T>(t.hi - k * kLn2StepHigh, t.lo - k * kLn2StepLow);
  const PairOf<T> square = two_product(r.hi, r.hi);
  const T d = r.hi, q2 = square.hi, q4 = q2 * q2;
  const T tail = q2 * d *
                 ((1.0 / 6 + d * (1.0 / 24) + q2 * (1.0 / 120 + d * (1.0 / 720))) +
                  q4 * (1.0 / 5040 + d * (1.0 / 40320) + q2 * (1.0 / 362880)));
  const PairOf<T> near = quick_sum<T>(r.hi, square.hi / 2);
  const T near_low = near.lo + (r.lo + square.lo / 2 + r.hi * r.lo + tail);
  const PairOf<T> product = two_product(root.hi, near.hi);
  const PairOf<T> sum = quick_sum<T>(root.hi, product.hi);
  const T low = sum.lo + (product.lo + (root.lo + root.hi * near_low + root.lo * near.hi));
  return {sum.hi, low, sum.hi * (1 - t.hi) * 0x1p-63};
}

template <class T>
PairOf<T> quick_exponent(const ReducedOf<T>& base, bool is_near_one, T exponent) {
  const PairOf<T> log = quick_log<T>(base, is_near_one);
  PairOf<T> t = two_product(log.hi, exponent);
  t.lo += log.lo * exponent;
  return t;
}

// Rounded, or nothing when the power lies too near the middle of two doubles.
std::optional<double> rounded(double hi, double lo, double doubt, int binade) {
  const double below = hi + (lo - doubt);
  if (below != hi + (lo + doubt)) return std::nullopt;
  return below * power_of_two(binade);
}

std::optional<double> quick_pow(double base, double exponent) {
  const Reduced from = reduced(base);
  const Pair t = quick_exponent<double>(from, near_one(from), exponent);
  if (t.hi < -700) return 0;
  const Split at = split_exponent(t.hi);
  const auto power = quick_exp<double>(t, at.k, kRoots[at.step]);
  return rounded(power.hi, power.lo, power.doubt, at.binade);
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

namespace {

bool is_plain(double base, double exponent) { return base > 0 && base < 1 && exponent != 1 && exponent != 2; }

// Both powers, or neither when one of them needs another way.
std::optional<Powers> quick_powers(double base_a, double exponent_a, double base_b, double exponent_b) {
  if (!is_plain(base_a, exponent_a) || !is_plain(base_b, exponent_b)) return std::nullopt;
  const Reduced a = reduced(base_a), b = reduced(base_b);
  if (near_one(a) || near_one(b)) return std::nullopt;
  const ReducedOf<Lanes> from = {{a.exponent, b.exponent},
                                 {{a.log_node.hi, b.log_node.hi}, {a.log_node.lo, b.log_node.lo}},
                                 {a.offset, b.offset},
                                 {a.node, b.node}};
  const auto t = quick_exponent<Lanes>(from, false, Lanes{exponent_a, exponent_b});
  if (t.hi[0] < -700 || t.hi[1] < -700) return std::nullopt;
  const Split at_a = split_exponent(t.hi[0]), at_b = split_exponent(t.hi[1]);
  const Pair root_a = kRoots[at_a.step], root_b = kRoots[at_b.step];
  const auto power = quick_exp<Lanes>(t, Lanes{at_a.k, at_b.k},
                                      PairOf<Lanes>{Lanes{root_a.hi, root_b.hi}, Lanes{root_a.lo, root_b.lo}});
  const auto first = rounded(power.hi[0], power.lo[0], power.doubt[0], at_a.binade);
  const auto second = rounded(power.hi[1], power.lo[1], power.doubt[1], at_b.binade);
  if (!first || !second) return std::nullopt;
  return Powers{*first, *second};
}

}  // namespace

Powers portable_pow(double base_a, double exponent_a, double base_b, double exponent_b) {
  const auto both = quick_powers(base_a, exponent_a, base_b, exponent_b);
  return both ? *both : Powers{portable_pow(base_a, exponent_a), portable_pow(base_b, exponent_b)};
}

double portable_pow(double base, double exponent) {
  if (base <= 0) return 0;
  if (base >= 1) return 1;
  if (exponent == 1) return base;
  if (exponent == 2) return base * base;
  const auto quick = quick_pow(base, exponent);
  return quick ? *quick : precise_pow(base, exponent);
}

}  // namespace placewright
