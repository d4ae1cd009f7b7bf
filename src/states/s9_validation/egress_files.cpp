#include "states/s9_validation/egress_files.hpp"

#include <cerrno>
#include <fstream>

#include "hash/sha256.hpp"
#include "store/files.hpp"

namespace placewright::states::s9_validation {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kChunk = 1 << 20;

Result<EgressFile> digest_file(const fs::path& path, const std::string& name, hash::Sha256& composite) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return store::file_error(path, "cannot read", errno);
  hash::Sha256 own;
  EgressFile file{name, {}, 0};
  std::string chunk(kChunk, '\0');
  while (in.read(chunk.data(), static_cast<std::streamsize>(chunk.size())) || in.gcount() > 0) {
    const std::string_view bytes(chunk.data(), static_cast<std::size_t>(in.gcount()));
    own.update(bytes);
    composite.update(bytes);
    file.bytes += bytes.size();
  }
  std::error_code error;
  if (in.bad() || fs::file_size(path, error) != file.bytes || error) {
    return Error("PW_IO", path.string() + " changed or failed while it was read");
  }
  file.sha256_hex = hash::hex(own.digest());
  return file;
}

}  // namespace

Result<EgressDigests> digest_egress(const fs::path& partition) {
  PW_TRY(const auto names, hash::files_below(partition));
  EgressDigests digests;
  hash::Sha256 composite;
  for (const auto& name : names) {
    if (!name.ends_with(".parquet")) continue;
    PW_TRY(auto file, digest_file(partition / name, name, composite));
    digests.files.push_back(std::move(file));
  }
  digests.composite_sha256_hex = hash::hex(composite.digest());
  return digests;
}

}  // namespace placewright::states::s9_validation
