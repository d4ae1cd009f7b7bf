#include "states/same_rows.hpp"

#include <algorithm>
#include <cstring>

namespace placewright::states {
namespace {

bool equal(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0);
}
bool equal(const table::TextColumn& a, const table::TextColumn& b) {
  if (a.codes.size() != b.codes.size()) return false;
  for (std::size_t i = 0; i < a.codes.size(); ++i) {
    if (a.at(i) != b.at(i)) return false;
  }
  return true;
}
template <class T>
bool equal(const T& a, const T& b) {
  return a == b;
}

bool equal(const table::Batch& a, const table::Batch& b) {
  for (std::size_t c = 0; c < a.columns.size(); ++c) {
    const bool same = std::visit(
        [&](const auto& left) {
          const auto* right = std::get_if<std::decay_t<decltype(left)>>(&b.columns[c]);
          return right && equal(left, *right);
        },
        a.columns[c]);
    if (!same) return false;
  }
  return true;
}

// Hands out rows of a dataset in pieces that end where its row groups end.
class Rows {
 public:
  Rows(const table::Dataset& dataset, const table::Schema& schema) : dataset_(dataset), schema_(schema) {}
  // Rows at hand, reading on when there are none; 0 at the end.
  Result<std::size_t> at_hand() {
    while (next_ == batch_.rows && group_ < dataset_.groups()) {
      PW_TRY(batch_, dataset_.read(group_++, schema_));
      next_ = 0;
    }
    return batch_.rows - next_;
  }
  table::Batch take(std::size_t count) {
    auto piece = table::slice(batch_, next_, count);
    next_ += count;
    return piece;
  }

 private:
  const table::Dataset& dataset_;
  const table::Schema& schema_;
  table::Batch batch_;
  std::size_t group_ = 0, next_ = 0;
};

bool same_columns(const table::Dataset& dataset, const table::Schema& schema) {
  return std::ranges::equal(dataset.column_names(), schema, {}, {}, &table::Field::name);
}

}  // namespace

store::SameRows same_rows(table::Schema schema) {
  return [schema = std::move(schema)](const store::fs::path& staged, const store::fs::path& published) -> Result<bool> {
    const auto a = table::Dataset::open(staged);
    const auto b = table::Dataset::open(published);
    if (!a || !b || a->rows() != b->rows() || !same_columns(*b, schema)) return false;
    Rows left(*a, schema), right(*b, schema);
    while (true) {
      const auto in_left = left.at_hand();
      const auto in_right = right.at_hand();
      if (!in_left || !in_right) return false;
      const auto count = std::min(*in_left, *in_right);
      if (count == 0) return *in_left == *in_right;
      if (!equal(left.take(count), right.take(count))) return false;
    }
  };
}

}  // namespace placewright::states
