#include "catalogue/reject_log.hpp"

#include <algorithm>
#include <cerrno>

#include "store/files.hpp"

namespace placewright::catalogue {
namespace {

bool by_line(const Reject& a, const Reject& b) { return a.line < b.line; }

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    out += c;
    if (c == '"') out += c;
  }
  return out + '"';
}

}  // namespace

Result<void> RejectLog::add(Reject reject) {
  if (total_ == 0 && !file_.empty()) {
    if (file_.has_parent_path()) PW_CHECK(store::make_folder(file_.parent_path()));
    out_.open(file_, std::ios::binary | std::ios::trunc);
    out_ << "line,column,value,code\n";
  }
  ++total_;
  ++by_code_[reject.code];
  if (!file_.empty()) {
    out_ << reject.line << ',' << csv_field(reject.column) << ',' << csv_field(reject.value) << ',' << reject.code << '\n';
    if (!out_) return store::file_error(file_, "cannot write", errno);
  }
  if (first_.size() == kRejectsShown) {
    if (!by_line(reject, first_.front())) return {};
    std::pop_heap(first_.begin(), first_.end(), by_line);
    first_.back() = std::move(reject);
  } else {
    first_.push_back(std::move(reject));
  }
  std::push_heap(first_.begin(), first_.end(), by_line);
  return {};
}

Result<void> RejectLog::finish(ImportReport& report) {
  std::error_code ignored;
  if (total_ == 0 && !file_.empty()) std::filesystem::remove(file_, ignored);
  if (out_.is_open()) {
    out_.close();
    if (!out_) return store::file_error(file_, "cannot write", errno);
    report.rejects_file = file_;
  }
  std::ranges::sort(first_, by_line);
  report.rejects_total = total_;
  report.rejects_by_code = std::move(by_code_);
  report.rejects = std::move(first_);
  return {};
}

}  // namespace placewright::catalogue
