// What the commands about charts have in common: where they look, for what, and how they show it.
#pragma once

#include "server/cli/command.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pilothouse::cli {

class chart_command : public command {
protected:
    void declare_place(CLI::App& app);
    [[nodiscard]] std::string everything_here() const;
    [[nodiscard]] static std::optional<std::string> unless_empty(std::string const& text) {
        return text.empty() ? std::nullopt : std::optional(text);
    }

    std::string project_, channel_, name_, version_;
};

// For people.
[[nodiscard]] std::string table_of(std::vector<storage::catalogue_entry> const& versions);

// The command of `chart` that brings files.
[[nodiscard]] described_command push_command();

// The commands of `chart` that change what is said of versions, or where they are.
[[nodiscard]] std::vector<described_command> curation_commands();

}  // namespace pilothouse::cli
