#include "states/s2_weights/mass.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace placewright::states::s2_weights {

void Runs::add(double value, std::uint64_t length) {
  constexpr std::uint64_t kMax = std::numeric_limits<std::uint32_t>::max();
  tiles_ += length;
  if (!values_.empty() && values_.back() == value) {
    const auto fits = std::min(length, kMax - lengths_.back());
    lengths_.back() += static_cast<std::uint32_t>(fits);
    length -= fits;
  }
  for (; length > 0; length -= std::min(length, kMax)) {
    values_.push_back(value);
    lengths_.push_back(static_cast<std::uint32_t>(std::min(length, kMax)));
  }
}

void Runs::shrink() {
  lengths_.shrink_to_fit();
  values_.shrink_to_fit();
}

double Share::operator()(double value) const {
  if (!std::isfinite(total) || total <= 0) return 1.0 / n;
  return value / total;
}

MassLaw::MassLaw(const contracts::PolicyS2& policy, const Components& components)
    : basis_(policy.basis), blend_(policy.blend) {
  const auto n = static_cast<double>(components.tiles);
  uniform_share_ = Share{n, n}(1.0);
  area_ = {components.area_sum, n};
  people_ = {components.people_sum, n};
}

double MassLaw::mass(double area, double people) const {
  if (fallen_back_) return 1.0;
  if (blend_.enabled) {
    return (blend_.uniform * uniform_share_ + blend_.area_m2 * area_(area)) + blend_.population * people_(people);
  }
  return basis_ == contracts::Basis::uniform ? 1.0 : basis_ == contracts::Basis::area_m2 ? area : people;
}

MassCursor::MassCursor(const Components& components, const MassLaw& law, double divisor)
    : area_(components.area), people_(components.people), law_(&law), divisor_(divisor) {
  settle();
}

}  // namespace placewright::states::s2_weights
