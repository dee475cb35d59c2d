// The registry as imports and exports see it: by commands over a link.
#pragma once

#include "server/cli/command_link.hpp"
#include "transfer/house.hpp"

#include <string>

namespace pilothouse::cli {

class linked_house final : public transfer::house {
public:
    // The link outlives it.
    linked_house(command_link& link, std::string project, std::string channel)
        : link_(link), project_(std::move(project)), channel_(std::move(channel)) {}

    // The project's path, however it was called.
    [[nodiscard]] result<std::string> project_path();
    // A failure where the project has no such channel.
    [[nodiscard]] result<void> find_channel();

    [[nodiscard]] result<std::vector<transfer::held_version>> held() override;
    [[nodiscard]] result<std::string> index() override;
    [[nodiscard]] result<void> fetch_archive(std::string const& file_name,
                                             transfer::byte_sink const& sink) override;
    [[nodiscard]] result<void> fetch_provenance(std::string const& file_name,
                                                transfer::byte_sink const& sink) override;
    [[nodiscard]] result<verdict> push(transfer::offered_chart const& chart) override;

private:
    [[nodiscard]] result<std::string> ask(std::vector<std::string> const& arguments,
                                          std::vector<attachment> const& attached = {},
                                          byte_sink const& sink = {});

    // What comes as a file behind the answer.
    [[nodiscard]] result<std::string> ask_for_text(std::vector<std::string> const& arguments);

    command_link& link_;
    std::string project_, channel_;
};

}  // namespace pilothouse::cli
