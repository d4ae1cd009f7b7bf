#include "base/error.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "base/text.hpp"

namespace placewright {

std::string json_text(std::string_view text) {
  return Json(text).dump(-1, ' ', true, Json::error_handler_t::replace);
}
std::string json_text(std::uint64_t value) { return std::to_string(value); }
std::string json_text(std::int64_t value) { return std::to_string(value); }
std::string json_text(double value) { return double_text(value); }
std::string json_text(const std::vector<std::string>& values) { return spaced(Json(values)); }
std::string json_text(const std::vector<std::uint64_t>& values) { return spaced(Json(values)); }
std::string json_text(const std::vector<double>& values) { return spaced(Json(values)); }
std::string json_text(const SiteKey& key) {
  return spaced(Json::array({key.merchant, key.country.text(), key.site_order}));
}

Error&& Error::add(std::string_view name, std::string json) {
  const auto it = std::ranges::find(facts_, name, [](const auto& fact) { return std::string_view(fact.first); });
  if (it != facts_.end()) {
    it->second = std::move(json);
  } else {
    facts_.emplace_back(std::string(name), std::move(json));
  }
  return std::move(*this);
}

}  // namespace placewright
