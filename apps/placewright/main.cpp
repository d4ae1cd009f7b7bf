// placewright: from a catalogue of outlets to sealed site locations.
#include "command.hpp"

int main(int argc, char** argv) {
  using namespace placewright::cli;
  CLI::App app("Turns a catalogue (outlets per merchant and country) into site locations, worldwide and reproducibly.",
               "placewright");
  app.set_version_flag("--version", PLACEWRIGHT_VERSION);
  app.require_subcommand(1);
  app.failure_message(CLI::FailureMessage::help);
  Action action;
  add_run(app, action);
  add_verify(app, action);
  add_world(app, action);
  add_catalogue(app, action);
  add_export(app, action);
  add_lane(app, action);
  add_score(app, action);
  add_errors(app, action);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp& help) {
    return app.exit(help);
  } catch (const CLI::CallForVersion& version) {
    return app.exit(version);
  } catch (const CLI::ParseError& error) {
    return fail({2, "PW_USAGE", std::string(error.what()) + "\n  what to do: see placewright --help"});
  }
  return action();
}
