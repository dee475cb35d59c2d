#include "server/cli/setting_flags.hpp"

#include "server/cli/arguments.hpp"

#include <CLI/CLI.hpp>

#include <cstdlib>

namespace pilothouse::cli {

namespace {

// For completion.
char const* type_of(std::string const& key) {
    if (key == "data") return folder_type;
    return key == "tls.certificate" || key == "tls.key" ? file_type : nullptr;
}

}  // namespace

void setting_flags::declare(CLI::App& app) {
    app.add_option("--config", file_,
                   "a YAML file with settings; config/pilothouse.yaml documents each")
        ->type_name(file_type);
    values_.resize(all_settings().size());
    for (std::size_t i = 0; i < values_.size(); ++i) {
        auto const& s = all_settings()[i];
        auto const standard = s.get(settings{});
        auto* const option = app.add_option(
            s.flag(), values_[i], s.help + (standard.empty() ? "" : " [" + standard + "]"));
        if (char const* const type = type_of(s.key)) option->type_name(type);
        options_.push_back(option);
    }
    app.footer(
        "Each flag is also a key of the file and an environment variable: --limits-idle-time is\n"
        "limits.idle_time and PILOTHOUSE_LIMITS_IDLE_TIME. A flag wins over the environment, the\n"
        "environment over the file.");
}

setting_sources setting_flags::sources() const {
    setting_sources sources;
    for (std::size_t i = 0; i < values_.size(); ++i)
        if (options_[i]->count() > 0) sources.flags[all_settings()[i].key] = values_[i];
    sources.environment = [](char const* name) -> char const* { return std::getenv(name); };
    if (!file_.empty()) sources.file = file_;
    return sources;
}

void check_config_flags::declare(CLI::App& app) {
    app.add_flag("--show", show, "print each setting, its value, and where it came from");
    app.add_flag("--json", json, "the same for programs");
}

}  // namespace pilothouse::cli
