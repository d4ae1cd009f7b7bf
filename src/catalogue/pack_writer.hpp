// Writes a catalogue pack beside its place and moves it there when it is whole.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "catalogue/pack.hpp"
#include "table/table.hpp"

namespace placewright::catalogue {

class PackWriter {
 public:
  // `out` may exist only if it is a pack (PW_OTHER_RUN); finish() then compares.
  static Result<PackWriter> create(const std::filesystem::path& out, bool orientation, bool outlet_keys);
  ~PackWriter();
  PackWriter(PackWriter&&) noexcept = default;

  // Merchants ascending by id. IMP_PACK_DAMAGED for one that breaks a law of the pack.
  Result<void> add(const Merchant& merchant);
  // Outlet keys in the order of the pairs and, inside a pair, of site_order from 1.
  Result<void> add_outlet_key(MerchantId merchant, Iso country, std::int64_t site_order, std::string_view key);
  // Adds merchants, pairs and outlets to `provenance`; moves the pack to its place. A pack there with the same content
  // is left alone, one with other content is PW_OTHER_RUN.
  Result<Pack> finish(Json provenance);

 private:
  PackWriter() = default;
  Result<void> flush_pairs();
  Result<void> flush_merchants();
  Result<void> flush_keys();

  struct Aside {  // removed unless published
    std::filesystem::path path;
    Aside() = default;
    Aside(Aside&& other) noexcept : path(std::exchange(other.path, {})) {}
    ~Aside();
  };

  std::filesystem::path out_;
  Aside aside_;
  std::optional<table::FileWriter> pairs_, merchants_, keys_;
  bool orientation_ = false;
  std::uint64_t merchant_count_ = 0, pair_count_ = 0, outlet_count_ = 0;
  MerchantId last_ = 0;

  std::vector<std::uint64_t> pair_merchant_, merchant_id_, key_merchant_;
  std::vector<Iso> pair_country_, merchant_home_, key_country_;
  std::vector<std::int64_t> pair_outlets_, merchant_total_, key_order_;
  std::vector<double> merchant_orientation_;
  std::vector<std::string> key_text_;
};

}  // namespace placewright::catalogue
