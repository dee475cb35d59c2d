// How far a command has come, on standard error.
#pragma once

#include "server/cli/live_line.hpp"
#include "transfer/progress.hpp"

#include <string>
#include <utility>

namespace pilothouse::cli {

// On a terminal a bar that is drawn anew; elsewhere a line each hundred, for logs.
class progress_line final : public transfer::progress {
public:
    explicit progress_line(std::string verb) : verb_(std::move(verb)) {}  // "importing"

    void at(std::size_t done, std::size_t all, std::string_view name) override;

private:
    void draw(std::size_t done, std::size_t all, std::string_view name);

    std::string verb_;
    live_line line_;
};

}  // namespace pilothouse::cli
