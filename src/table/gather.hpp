// Collects rows of many batches into one, keeping the dictionaries of its text columns between additions.
#pragma once

#include <memory>
#include <vector>

#include "table/table.hpp"
#include "table/text.hpp"

namespace placewright::table {

class Gather {
 public:
  // Columns marked in `skip` are left empty.
  explicit Gather(std::vector<bool> skip = {}) : skip_(std::move(skip)) {}

  std::size_t rows() const { return batch_.rows; }
  // REQUIRES: the kinds of the batches added before, and first + count <= batch.rows.
  void add(const Batch& batch, std::size_t first, std::size_t count);
  Batch take();  // and starts anew

 private:
  void add_text(std::size_t column, const TextColumn& more, std::size_t first, std::size_t count);

  std::vector<bool> skip_;
  Batch batch_;
  std::vector<std::unique_ptr<Interner>> interners_;  // by column; only text has one
};

// Column of the alternative that `kind` uses.
Column empty_column(Kind kind);
std::size_t length(const Column& column);

}  // namespace placewright::table
