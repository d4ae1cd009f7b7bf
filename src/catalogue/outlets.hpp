// The rows of outlet_catalogue, in blocks (spec upstream A.4).
#pragma once

#include <functional>
#include <vector>

#include "base/ids.hpp"
#include "catalogue/pack.hpp"
#include "table/table.hpp"

namespace placewright::catalogue {

class OutletRows {
 public:
  using Write = std::function<Result<void>(table::Batch)>;
  OutletRows(RunIdentity identity, Write write) : identity_(std::move(identity)), write_(std::move(write)) {}

  Result<void> add(const Merchant& merchant);
  Result<void> flush();

 private:
  void add_row(const Merchant& merchant, const CountryOutlets& pair, std::int32_t order);
  std::uint32_t site_id_code(std::int32_t order);

  RunIdentity identity_;
  Write write_;
  std::vector<std::uint64_t> merchant_;
  std::vector<Iso> home_, country_;
  std::vector<std::uint8_t> multi_;
  std::vector<std::int32_t> total_, count_, order_;
  table::TextColumn site_id_;
  // site_order -> code of its text in the block at hand, valid when its stamp is the block's number.
  struct Slot {
    std::uint32_t block = 0;
    std::uint32_t code = 0;
  };
  std::vector<Slot> slots_;
  std::uint32_t block_ = 1;
};

}  // namespace placewright::catalogue
