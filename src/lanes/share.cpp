#include "lanes/share.hpp"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>

#include "hash/sha256.hpp"
#include "store/files.hpp"

namespace placewright::lanes {
namespace {

namespace fs = std::filesystem;

bool reflink(const fs::path& from, const fs::path& to) {
  const int source = ::open(from.c_str(), O_RDONLY | O_CLOEXEC);
  if (source < 0) return false;
  const int target = ::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  const bool done = target >= 0 && ::ioctl(target, FICLONE, source) == 0;
  ::close(source);
  if (target >= 0) ::close(target);
  if (!done && target >= 0) ::unlink(to.c_str());
  return done;
}

Result<void> share_file(const fs::path& from, const fs::path& to, Shared& tally) {
  PW_CHECK(store::make_folder(to.parent_path()));
  std::error_code error;
  const auto bytes = fs::file_size(from, error);
  if (error) return store::file_error(from, "cannot read", error.value());
  ++tally.files;
  tally.bytes += bytes;
  if (reflink(from, to)) {
    ++tally.reflinked;
  } else if (::link(from.c_str(), to.c_str()) == 0) {
    ++tally.hard_linked;
  } else {
    if (!fs::copy_file(from, to, error) || error) return store::file_error(to, "cannot copy to", error.value());
    PW_CHECK(store::sync_path(to));
    ++tally.copied;
    tally.bytes_copied += bytes;
  }
  return {};
}

void replace_all(std::string& text, const std::string& old_id, const std::string& new_id) {
  for (auto at = text.find(old_id); at != std::string::npos; at = text.find(old_id, at + new_id.size())) {
    text.replace(at, old_id.size(), new_id);
  }
}

}  // namespace

Result<void> share(const fs::path& from, const fs::path& to, Shared& tally) {
  std::error_code error;
  if (!fs::is_directory(from, error)) return share_file(from, to, tally);
  PW_CHECK(store::make_folder(to));
  PW_TRY(const auto names, hash::files_below(from));
  for (const auto& name : names) PW_CHECK(share_file(from / name, to / name, tally));
  return {};
}

Result<void> rekey(const fs::path& from, const fs::path& to, const Replacements& replacements,
                   const std::string& without, Shared& tally) {
  PW_CHECK(store::make_folder(to.parent_path()));
  std::ifstream in(from, std::ios::binary);
  if (!in) return Error("PW_IO", "cannot read " + from.string());
  std::ofstream out(to, std::ios::binary);
  std::string line;
  std::uint64_t bytes = 0;
  while (std::getline(in, line)) {
    if (!without.empty() && line.find(without) != std::string::npos) continue;
    for (const auto& [before, after] : replacements) replace_all(line, before, after);
    if (!in.eof()) line += '\n';
    out.write(line.data(), static_cast<std::streamsize>(line.size()));
    bytes += line.size();
  }
  out.close();
  if (in.bad() || !out) return store::file_error(to, "cannot write", errno);
  ++tally.files;
  ++tally.copied;
  tally.bytes += bytes;
  tally.bytes_copied += bytes;
  return store::sync_path(to);
}

}  // namespace placewright::lanes
