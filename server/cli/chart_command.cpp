#include "server/cli/chart_command.hpp"

#include "server/cli/table.hpp"

#include <CLI/CLI.hpp>

namespace pilothouse::cli {

namespace {

std::string state_of(storage::catalogue_entry const& e) {
    if (e.yanked) return "yanked";
    return e.deprecated ? "deprecated" : "";
}

}  // namespace

void chart_command::declare_place(CLI::App& app) {
    app.add_option("PROJECT", project_, "its path, or its number")->required();
    app.add_option("CHANNEL", channel_, "a channel of it")->required();
}

std::string chart_command::everything_here() const {
    return "`pilothouse chart list " + project_ + " " + channel_ + "` shows what there is";
}

std::string table_of(std::vector<storage::catalogue_entry> const& versions) {
    std::vector<std::vector<std::string>> rows;
    for (auto const& e : versions)
        rows.push_back({e.chart, e.version, std::to_string(e.size_bytes), when(e.created),
                        e.digest.hex(), e.provenance ? "yes" : "no", state_of(e)});
    return table({"NAME", "VERSION", "BYTES", "PUSHED", "DIGEST", "PROVENANCE", "STATE"}, rows);
}

}  // namespace pilothouse::cli
