#include "table/run_pages.hpp"

#include <algorithm>
#include <bit>

namespace placewright::table {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr std::size_t kBlock = 128, kPack = 32;

void put_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}

void put_zigzag(std::string& out, std::uint64_t value) {
  put_varint(out, value << 1 ^ (static_cast<std::int64_t>(value) < 0 ? ~std::uint64_t{0} : 0));
}

// `width` bits of each value, lowest first.
void put_packed(std::string& out, std::span<const std::uint64_t> values, std::uint64_t least, unsigned width) {
  Wide held = 0;
  unsigned bits = 0;
  for (const auto value : values) {
    held |= static_cast<Wide>(value - least) << bits;
    for (bits += width; bits >= 8; bits -= 8, held >>= 8) out.push_back(static_cast<char>(held));
  }
}

}  // namespace

void put_rle(std::string& out, std::uint64_t count, std::uint32_t value, unsigned width) {
  put_varint(out, count << 1);
  for (unsigned byte = 0; byte < (width + 7) / 8; ++byte) out.push_back(static_cast<char>(value >> 8 * byte));
}

std::string all_present(std::uint64_t rows) {
  std::string levels;
  put_rle(levels, rows, 1, 1);
  std::string out;
  for (unsigned byte = 0; byte < 4; ++byte) out.push_back(static_cast<char>(levels.size() >> 8 * byte));
  return out + levels;
}

DeltaPage::DeltaPage(std::uint64_t rows) {
  put_varint(out_, kBlock);
  put_varint(out_, kBlock / kPack);
  put_varint(out_, rows);
  block_.reserve(kBlock);
}

void DeltaPage::add(std::uint64_t first, std::uint64_t step, std::uint32_t length) {
  if (!begun_) {
    put_zigzag(out_, first);
    begun_ = true;
  } else {
    push(first - last_);
  }
  last_ = first + step * (length - 1);
  std::uint32_t left = length - 1;
  for (; left > 0 && !block_.empty(); --left) push(step);
  // Whole blocks of one delta are its value and four widths of 0.
  for (; left >= kBlock; left -= kBlock) {
    put_zigzag(out_, step);
    out_.append(kBlock / kPack, '\0');
  }
  for (; left > 0; --left) push(step);
}

void DeltaPage::push(std::uint64_t delta) {
  block_.push_back(delta);
  if (block_.size() == kBlock) flush();
}

// A last block that is short: widths of packs without a value are 0, the last pack is filled up.
void DeltaPage::flush() {
  if (block_.empty()) return;
  const auto least = static_cast<std::uint64_t>(
      *std::ranges::min_element(block_, {}, [](std::uint64_t delta) { return static_cast<std::int64_t>(delta); }));
  put_zigzag(out_, least);
  const auto packs = (block_.size() + kPack - 1) / kPack;
  block_.resize(packs * kPack, least);
  std::vector<unsigned> widths(kBlock / kPack, 0);
  for (std::size_t pack = 0; pack < packs; ++pack) {
    std::uint64_t any = 0;
    for (std::size_t i = pack * kPack; i < (pack + 1) * kPack; ++i) any |= block_[i] - least;
    widths[pack] = static_cast<unsigned>(std::bit_width(any));
  }
  for (const auto width : widths) out_.push_back(static_cast<char>(width));
  for (std::size_t pack = 0; pack < packs; ++pack) {
    if (widths[pack] > 0) put_packed(out_, std::span(block_).subspan(pack * kPack, kPack), least, widths[pack]);
  }
  block_.clear();
}

std::string DeltaPage::take() {
  flush();
  return std::move(out_);
}

}  // namespace placewright::table
