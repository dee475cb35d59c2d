// How far a command has come, on standard error.
#pragma once

#include "transfer/progress.hpp"

#include <string>

namespace pilothouse::cli {

// On a terminal a bar that is drawn anew; elsewhere a line each hundred, for logs.
class progress_line final : public transfer::progress {
public:
    explicit progress_line(std::string verb);  // "importing"
    ~progress_line() override;                 // wipes the bar
    progress_line(progress_line const&) = delete;
    progress_line& operator=(progress_line const&) = delete;

    void at(std::size_t done, std::size_t all, std::string_view name) override;

private:
    void draw(std::size_t done, std::size_t all, std::string_view name);

    std::string verb_;
    bool terminal_;
    bool drawn_ = false;
};

}  // namespace pilothouse::cli
