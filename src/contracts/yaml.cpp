#include "contracts/yaml.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <sstream>

#include "base/text.hpp"

namespace placewright::contracts {
namespace {

constexpr std::size_t kMaxBytes = 16U << 20;
constexpr std::size_t kMaxValues = 1'000'000;
constexpr int kMaxDepth = 200;
constexpr std::string_view kCore = "tag:yaml.org,2002:";

class Converter {
 public:
  explicit Converter(std::string_view source) : source_(source) {}

  Result<Json> convert(const YAML::Node& node, int depth) {
    if (depth > kMaxDepth) return fault(node, "nested more than 200 levels deep");
    if (++values_ > kMaxValues) return fault(node, "more than a million values once its aliases are expanded");
    switch (node.Type()) {
      case YAML::NodeType::Sequence:
        return sequence(node, depth);
      case YAML::NodeType::Map:
        return mapping(node, depth);
      case YAML::NodeType::Scalar:
        return scalar(node);
      default:
        return Json();
    }
  }

 private:
  Error fault(const YAML::Node& node, const std::string& what) const {
    const auto line = node.Mark().line + 1;
    return Error("PW_YAML", source_ + ": line " + std::to_string(line) + ": " + what);
  }

  Result<Json> sequence(const YAML::Node& node, int depth) {
    if (const auto& tag = node.Tag(); !tag.empty() && tag != "?" && tag != "!" && tag != std::string(kCore) + "seq") {
      return fault(node, "tag " + tag + " is not allowed");
    }
    Json out = Json::array();
    for (const auto& item : node) {
      PW_TRY(auto value, convert(item, depth + 1));
      out.push_back(std::move(value));
    }
    return out;
  }

  static bool is_merge(const YAML::Node& key) {
    if (!key.IsScalar()) return false;
    return (key.Tag() == "?" && key.Scalar() == "<<") || key.Tag() == std::string(kCore) + "merge";
  }

  Result<Json> mapping(const YAML::Node& node, int depth) {
    if (const auto& tag = node.Tag(); !tag.empty() && tag != "?" && tag != "!" && tag != std::string(kCore) + "map") {
      return fault(node, "tag " + tag + " is not allowed");
    }
    Json out = Json::object();
    // Merged keys count as written before the mapping's own, wherever `<<` stands.
    for (const auto& pair : node) {
      if (is_merge(pair.first)) PW_CHECK(merge(out, pair.second, depth));
    }
    for (const auto& pair : node) {
      if (is_merge(pair.first)) continue;
      PW_TRY(const auto key, key_text(pair.first));
      PW_TRY(auto value, convert(pair.second, depth + 1));
      out[key] = std::move(value);
    }
    return out;
  }

  Result<void> merge(Json& out, const YAML::Node& merged, int depth) {
    std::vector<YAML::Node> mappings;
    if (merged.IsSequence()) {
      for (const auto& item : merged) mappings.push_back(item);
    } else {
      mappings.push_back(merged);
    }
    // From the back: an earlier mapping of the list wins over a later one. (Assigning a node would change the document,
    // so the list is not reversed.)
    for (auto it = mappings.rbegin(); it != mappings.rend(); ++it) {
      if (!it->IsMap()) return fault(merged, "<< takes a mapping or a list of mappings");
      PW_TRY(auto values, convert(*it, depth + 1));
      for (auto& [key, value] : values.items()) out[key] = std::move(value);
    }
    return {};
  }

  Result<std::string> key_text(const YAML::Node& key) {
    if (key.IsSequence() || key.IsMap()) return fault(key, "a key must be a scalar");
    PW_TRY(const auto value, convert(key, 0));
    if (value.is_string()) return value.get<std::string>();
    if (value.is_object()) return value["$date"].get<std::string>();
    return compact(value);
  }

  Result<Json> scalar(const YAML::Node& node) {
    const auto& tag = node.Tag();
    const auto& text = node.Scalar();
    if (tag == "!") return Json(text);  // quoted, or a block scalar
    if (tag == "?" || tag.empty()) {
      auto value = resolve_scalar(text);
      if (!value) return fault(node, text + " is no integer of 64 bits");
      return *std::move(value);
    }
    return tagged(node, tag, text);
  }

  Result<Json> tagged(const YAML::Node& node, const std::string& tag, const std::string& text) {
    if (!tag.starts_with(kCore)) return fault(node, "tag " + tag + " is not allowed");
    const auto type = tag.substr(kCore.size());
    if (type == "str") return Json(text);
    auto value = resolve_scalar(text);
    const bool fits = value && ((type == "int" && value->is_number_integer()) ||
                                (type == "float" && value->is_number()) || (type == "bool" && value->is_boolean()) ||
                                (type == "null" && value->is_null()) || (type == "timestamp" && value->is_object()));
    if (!fits) return fault(node, text + " does not suit its tag " + tag);
    if (type == "float") return Json(value->get<double>());
    return *std::move(value);
  }

  std::string source_;
  std::size_t values_ = 0;
};

// Characters that YAML 1.1 keeps out of a stream. yaml-cpp lets them pass, and takes zeros for a sign of UTF-16 or
// UTF-32.
bool is_printable(std::string_view utf8) {
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto at = [&](std::size_t k) { return static_cast<unsigned char>(utf8[k]); };
    if (at(i) < 0x20 && at(i) != '\t' && at(i) != '\n' && at(i) != '\r') return false;
    if (at(i) == 0x7f) return false;
    if (at(i) == 0xc2 && at(i + 1) < 0xa0 && at(i + 1) != 0x85) return false;
    if (at(i) == 0xef && at(i + 1) == 0xbf && at(i + 2) >= 0xbe) return false;
  }
  return true;
}

class Ignore : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}
};

// Not LoadAll: yaml-cpp 0.7 finds documents without end in ",2 02:a".
int documents_up_to_two(const std::string& text) {
  std::istringstream stream(text);
  YAML::Parser parser(stream);
  Ignore ignore;
  int documents = 0;
  while (documents < 2 && parser.HandleNextDocument(ignore)) ++documents;
  return documents;
}

Result<YAML::Node> load(std::string_view text, std::string_view source) {
  const std::string where(source);
  if (text.size() > kMaxBytes) return Error("PW_YAML", where + ": larger than 16 MiB");
  if (!is_utf8(text)) return Error("PW_YAML", where + ": is not UTF-8 text");
  if (!is_printable(text)) return Error("PW_YAML", where + ": holds control characters");
  try {
    if (documents_up_to_two(std::string(text)) > 1) return Error("PW_YAML", where + ": holds more than one document");
    return YAML::Load(std::string(text));
  } catch (const YAML::Exception& e) {
    return Error("PW_YAML", where + ": line " + std::to_string(e.mark.line + 1) + ": " + e.msg);
  }
}

}  // namespace

Result<Json> parse_yaml(std::string_view text, std::string_view source) {
  PW_TRY(const auto node, load(text, source));
  try {
    return Converter(source).convert(node, 0);
  } catch (const YAML::Exception& e) {
    return Error("PW_YAML", std::string(source) + ": line " + std::to_string(e.mark.line + 1) + ": " + e.msg);
  }
}

Result<std::vector<std::string>> yaml_keys(std::string_view text, std::string_view source) {
  PW_TRY(const auto node, load(text, source));
  std::vector<std::string> keys;
  if (!node.IsMap()) return keys;
  for (const auto& pair : node) {
    if (!pair.first.IsScalar()) continue;
    if (std::ranges::find(keys, pair.first.Scalar()) == keys.end()) keys.push_back(pair.first.Scalar());
  }
  return keys;
}

}  // namespace placewright::contracts
