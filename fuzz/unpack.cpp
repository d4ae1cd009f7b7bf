// gzip, Zstandard or plain bytes: reading in small pieces and in large ones gives the same bytes or the same failure.
#include "catalogue/source.hpp"
#include "target.hpp"

namespace {

using namespace placewright;

constexpr std::size_t kMost = std::size_t{1} << 20;  // of unpacked bytes; the importer itself stops at 64 GiB

struct Unpacked {
  std::string bytes;
  std::string code;  // empty when all was read
};

Unpacked unpack(const std::filesystem::path& file, std::size_t piece) {
  Unpacked out;
  const auto source = catalogue::open_source(file);
  if (!fuzz::good(source)) return {{}, source.error().code()};
  for (std::string buffer(piece, '\0'); out.bytes.size() < kMost;) {
    const auto got = (*source)->read(buffer.data(), piece);
    if (!fuzz::good(got)) {
      out.code = got.error().code();
      break;
    }
    out.bytes.append(buffer, 0, *got);
    if (*got < piece) break;
  }
  return out;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto file = fuzz::file_with(fuzz::text_of(data, size), "packed");
  const auto large = unpack(file, kMost);
  const auto small = unpack(file, 4093);
  if (large.code.empty() != small.code.empty()) fuzz::require(small.bytes.size() >= kMost, "pieces decide a failure");
  if (large.code.empty()) fuzz::require(small.bytes.starts_with(large.bytes), "pieces decide the bytes");
  return 0;
}
