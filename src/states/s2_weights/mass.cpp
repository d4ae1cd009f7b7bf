#include "states/s2_weights/mass.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

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

void Runs::append(std::span<const double> values, std::span<const std::uint32_t> lengths) {
  if (values.empty()) return;
  add(values.front(), lengths.front());
  values_.insert(values_.end(), values.begin() + 1, values.end());
  lengths_.insert(lengths_.end(), lengths.begin() + 1, lengths.end());
  for (const auto length : lengths.subspan(1)) tiles_ += length;
}

void Runs::reserve(std::size_t runs) {
  lengths_.reserve(runs);
  values_.reserve(runs);
}

double Share::operator()(double value) const {
  if (!std::isfinite(total) || total <= 0) return 1.0 / n;
  return value / total;
}

BlendLaw::BlendLaw(const contracts::Blend& blend, const Components& components) : blend_(blend) {
  const auto n = static_cast<double>(components.tiles);
  uniform_share_ = Share{n, n}(1.0);
  area_ = {components.area_sum, n};
  people_ = {components.people_sum, n};
}

Masses::Masses(const contracts::PolicyS2& policy, const Components& components) : tiles_(components.tiles) {
  if (policy.blend.enabled) {
    const BlendLaw law(policy.blend, components);
    RunCursor area(components.area), people(components.people);
    Runs blended;
    while (area.left() > 0) {
      const auto length = std::min(area.left(), people.left());
      blended.add(law.mass(area.value(), people.value()), length);
      area.skip(length);
      people.skip(length);
    }
    own_.push_back(std::move(blended));
  } else if (policy.basis == contracts::Basis::uniform) {
    make_equal();
  } else {
    runs_ = policy.basis == contracts::Basis::area_m2 ? components.area : components.people;
  }
}

void Masses::make_equal() {
  own_.assign(1, {});
  own_.front().add(1.0, tiles_);
}

}  // namespace placewright::states::s2_weights
