// A batch with a column of every kind, and a scratch folder.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "support/scratch.hpp"
#include "table/table.hpp"

namespace placewright::table {

inline const Schema kEveryKind = {{"merchant", Kind::u64, Encoding::delta},
                                  {"order", Kind::i64},
                                  {"small", Kind::i32, Encoding::delta},
                                  {"tiny", Kind::i16},
                                  {"lon", Kind::f64, Encoding::byte_stream_split},
                                  {"lat", Kind::f64, Encoding::dictionary},
                                  {"home", Kind::boolean},
                                  {"iso", Kind::text},
                                  {"key", Kind::text, Encoding::plain},
                                  {"geom", Kind::bytes},
                                  {"since", Kind::date32},
                                  {"tags", Kind::text_list}};

// Rows [first, first + count) of one endless table.
inline Batch sample(std::size_t first, std::size_t count) {
  std::vector<std::uint64_t> merchant;
  std::vector<std::int64_t> order;
  std::vector<std::int32_t> small, since;
  std::vector<std::int16_t> tiny;
  std::vector<double> lon, lat;
  std::vector<std::uint8_t> home;
  TextColumn iso, key;
  std::vector<std::string> geom;
  TextLists tags;
  // The dictionary's order depends on where the batch starts; the file's bytes must not.
  const std::vector<std::string> codes = {"AD", "BE", "CH", "DE", "ÅÄ", ""};
  for (std::size_t i = 0; i < codes.size(); ++i) iso.dictionary.push_back(codes[(i + first) % codes.size()]);
  for (std::size_t row = first; row < first + count; ++row) {
    merchant.push_back(~std::uint64_t{0} - row * 3);
    order.push_back(static_cast<std::int64_t>(row) - 5);
    small.push_back(static_cast<std::int32_t>(row * 7) - 1000);
    tiny.push_back(static_cast<std::int16_t>(row % 30000) - 15000);
    lon.push_back(static_cast<double>(row) / 3.0 - 100);
    lat.push_back(static_cast<double>(row % 9) * 0.1);
    home.push_back(row % 3 == 0);
    iso.codes.push_back(static_cast<std::uint32_t>((row / 50 + codes.size() - first % codes.size()) % codes.size()));
    key.codes.push_back(static_cast<std::uint32_t>(key.dictionary.size()));
    key.dictionary.push_back("outlet-" + std::to_string(row));
    geom.push_back(std::string(row % 40, '\0') + "\xff");
    since.push_back(static_cast<std::int32_t>(row % 1000));
    tags.emplace_back(row % 4, "tag" + std::to_string(row % 10));
  }
  Batch batch;
  batch.rows = count;
  batch.columns = {merchant, order, small, tiny, lon, lat, home, iso, key, geom, since, tags};
  return batch;
}

inline void expect_equal(const Batch& a, const Batch& b) {
  ASSERT_EQ(a.rows, b.rows);
  ASSERT_EQ(a.columns.size(), b.columns.size());
  for (std::size_t i = 0; i < a.columns.size(); ++i) {
    ASSERT_EQ(a.columns[i].index(), b.columns[i].index()) << "column " << i;
    if (std::holds_alternative<TextColumn>(a.columns[i])) {
      ASSERT_EQ(a.text(i).codes.size(), b.text(i).codes.size());
      for (std::size_t row = 0; row < a.rows; ++row) ASSERT_EQ(a.text(i).at(row), b.text(i).at(row)) << "row " << row;
      continue;
    }
    std::visit(
        [&]<class C>(const C& column) {
          if constexpr (!std::is_same_v<C, TextColumn>) {
            EXPECT_TRUE(column == std::get<C>(b.columns[i])) << "column " << i;
          }
        },
        a.columns[i]);
  }
}

}  // namespace placewright::table
