// What the commands about releases take, and how it is sent: in the words of `pilothouse sent …`.
#pragma once

#include "base/result.hpp"

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace pilothouse::cli {

// How an operation is to be done; the same words for each kind.
class operation_arguments {
public:
    // Of all that helm does.
    void declare(CLI::App& app);
    // Of what waits for objects alone; `no_wait`: what --no-wait is told to mean.
    void declare_waiting(CLI::App& app, std::string const& no_wait);
    // Besides, of what puts a chart into a cluster.
    void declare_change(CLI::App& app);

    void append(std::vector<std::string>& to) const;
    [[nodiscard]] bool detached() const noexcept { return detach_; }

private:
    std::string timeout_;
    bool no_wait_ = false, no_hooks_ = false, detach_ = false;
    bool jobs_ = false, back_ = false, force_ = false, within_ = false;
};

// `-f FILE` and `--set KEY=YAML`.
class value_arguments {
public:
    void declare(CLI::App& app);
    // Reads the files. errc::invalid_argument: one is not there, or is too long.
    [[nodiscard]] result<void> append(std::vector<std::string>& to) const;

private:
    std::vector<std::string> files_, pairs_;
};

// The release, and what it is to become.
class update_arguments {
public:
    void declare(CLI::App& app);
    // As value_arguments.
    [[nodiscard]] result<void> append(std::vector<std::string>& to) const;

private:
    std::string release_, version_;
    bool reset_ = false;
    value_arguments values_;
};

}  // namespace pilothouse::cli
