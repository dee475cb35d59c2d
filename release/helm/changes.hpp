// Runs of helm that change a release, from the command to what came of it.
#pragma once

#include "release/engine.hpp"
#include "release/helm/commands.hpp"
#include "release/helm/helm_program.hpp"
#include "release/helm/questions.hpp"
#include "release/redaction.hpp"

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::release::helm {

// One change of one release. Each of them blocks until helm has ended. What it is made of outlives
// it.
class changes {
public:
    struct context {
        helm_program& program;
        bool server_side;            // commands.hpp
        std::chrono::seconds grace;  // between asking a child to end and ending it
    };
    changes(context of, target const& where, operation_options const& how, run_control& control,
            redaction redact)
        : of_(of), where_(where), how_(how), control_(control), redact_(std::move(redact)) {}

    [[nodiscard]] run_end install(payload const& what, std::string const& operation);
    [[nodiscard]] run_end upgrade(payload const& what, std::string const& operation);
    [[nodiscard]] run_end rollback(int to);
    [[nodiscard]] run_end uninstall();

private:
    [[nodiscard]] run_end run(probe::found const& helm, arguments what, secret const* input);
    [[nodiscard]] run_end end_of(child_end const& end);
    [[nodiscard]] commands told(probe::found const& helm) const;
    [[nodiscard]] bool is_gone(probe::found const& helm);
    [[nodiscard]] std::chrono::seconds time_given() const;
    void hear(std::string_view line);
    void pass_on(std::string_view line);

    context of_;
    target const& where_;
    operation_options const& how_;
    run_control& control_;
    redaction redact_;
    std::string said_;       // the error part of the last run, not redacted
    std::size_t lines_ = 0;  // passed on
    bool holds_errors_ = false;
    std::vector<std::string> held_;  // an error, until it is known whether it is one
};

// Of one that did not begin.
[[nodiscard]] run_end not_run(failure const& why);

}  // namespace pilothouse::release::helm
