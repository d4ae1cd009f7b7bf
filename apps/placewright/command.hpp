// The table of verbs. Each adds its options to a subcommand and sets what happens when it is chosen.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "base/json.hpp"
#include "placewright/status.hpp"

namespace placewright::cli {

// What the program does once the command line is understood; the value is its exit code.
using Action = std::function<int()>;

void add_run(CLI::App& app, Action& action);
void add_verify(CLI::App& app, Action& action);
void add_world(CLI::App& app, Action& action);
void add_catalogue(CLI::App& app, Action& action);
void add_export(CLI::App& app, Action& action);
void add_lane(CLI::App& app, Action& action);
void add_score(CLI::App& app, Action& action);
void add_errors(CLI::App& app, Action& action);

// Says on stderr what failed, where, and what to do; returns the exit code.
int fail(const Status& status);

// Adds --json, which every verb has.
void add_json(CLI::App& verb, bool& json);
void print(const std::string& line);
void print_json(const Json& json);

// "4GiB", "512MiB", "1000000000": bytes. Empty for anything else.
std::string parse_size(const std::string& text, std::uint64_t& bytes);

}  // namespace placewright::cli
