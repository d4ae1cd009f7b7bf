#include "base/codes.hpp"
#include "command.hpp"

namespace placewright::cli {
namespace {

void print_row(const CodeRow& row) {
  print(std::string(row.code) + "  (" + std::string(row.area) + ", exit " + std::to_string(static_cast<int>(row.exit)) + ")");
  print("  " + std::string(row.meaning));
  print("  what to do: " + std::string(row.next));
}

}  // namespace

void add_errors(CLI::App& app, Action& action) {
  struct Use {
    std::string code;
    bool markdown = false;
  };
  auto use = std::make_shared<Use>();
  auto* verb = app.add_subcommand("errors", "Explain a failure code, or list all");
  verb->add_option("CODE", use->code, "Code to explain");
  verb->add_flag("--markdown", use->markdown, "The text of docs/errors.md");
  verb->callback([use, &action] {
    action = [use] {
      if (use->markdown) {
        auto text = errors_markdown();
        text.pop_back();  // print ends the line
        print(text);
        return 0;
      }
      bool found = false;
      for (const auto& row : code_table()) {
        if (!use->code.empty() && row.code != use->code) continue;
        print_row(row);
        found = true;
      }
      return found ? 0 : fail({2, "PW_USAGE", "there is no code " + use->code});
    };
  });
}

}  // namespace placewright::cli
