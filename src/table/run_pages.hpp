// Values of one Parquet page from runs (Parquet's "Encodings.md": RLE, DELTA_BINARY_PACKED, BYTE_STREAM_SPLIT). Private to
// this folder.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace placewright::table {

// Rows of a page that lie in one run: `length` of them from row `offset` of the run on.
struct RunPart {
  std::size_t run;
  std::uint32_t offset, length;
};

// Appends `count` times `value` to a hybrid of run lengths and packed values of `width` bits (1 to 32).
void put_rle(std::string& out, std::uint64_t count, std::uint32_t value, unsigned width);

// Definition levels of `rows` values that are all there, with their length in front.
std::string all_present(std::uint64_t rows);

// DELTA_BINARY_PACKED of values added in order; blocks of 128, four packs of 32.
class DeltaPage {
 public:
  explicit DeltaPage(std::uint64_t rows);  // of the page
  // first, first + step, ...: `length` values.
  void add(std::uint64_t first, std::uint64_t step, std::uint32_t length);
  std::string take();  // when all rows were added

 private:
  void push(std::uint64_t delta);
  void flush();

  std::string out_;
  bool begun_ = false;
  std::uint64_t last_ = 0;
  std::vector<std::uint64_t> block_;  // deltas modulo 2^64
};

}  // namespace placewright::table
