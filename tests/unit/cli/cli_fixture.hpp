// A core over stores in memory, and the command line on it.
#pragma once

#include "base/runtime.hpp"
#include "server/cli/command_line.hpp"
#include "server/core.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/result_text.hpp"

#include <doctest/doctest.h>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace pilothouse::tests {

struct cli_fixture {
    fake_clock time;  // 2026-01-02T03:04:05Z
    std::unique_ptr<core> parts = core::open(settings{}, storage::memory_backend{}, time).value();
    cli::services services{*parts};

    cli::cli_result run(std::vector<std::string> arguments, bool confirmed = false) {
        return run_to_end(cli::run(std::move(arguments), confirmed, services));
    }
    // Standard output of a command that has to go well.
    std::string text(std::vector<std::string> arguments) {
        auto const r = run(std::move(arguments));
        CAPTURE(r.err);
        REQUIRE(r.exit_status == 0);
        return r.out;
    }
    boost::json::value json(std::vector<std::string> arguments) {
        arguments.push_back("--json");
        return boost::json::parse(text(std::move(arguments)));
    }
    // Standard error of a command that has to be refused with this status, with nothing printed.
    std::string refusal(int status, std::vector<std::string> arguments) {
        auto const r = run(std::move(arguments));
        CHECK(r.exit_status == status);
        CHECK(r.out.empty());
        CHECK(r.err.starts_with("pilothouse: "));
        CHECK(r.err.ends_with("\n"));
        return r.err;
    }

    auth::credentials credentials(std::string token) {
        auth::credentials c;
        c.how = auth::credentials::scheme::basic;
        c.token = secret(std::move(token));
        return c;
    }
    // What a request with this token would get: "good", or the failure's name.
    std::string verdict(std::string token) {
        auto const c = credentials(std::move(token));
        auto const who = run_to_end(parts->authenticator.authenticate(c));
        return who ? "good" : std::string(name_of(who.error().code));
    }
    // The same for one permission in one project.
    std::string verdict(std::string token, auth::permission what, std::string project) {
        auto const c = credentials(std::move(token));
        auto const who = run_to_end(parts->authenticator.authenticate(c));
        if (!who) return std::string(name_of(who.error().code));
        auto const g = run_to_end(parts->policy.authorize(*who, what, std::move(project)));
        return g ? "good" : std::string(name_of(g.error().code));
    }

    bool contains(std::string const& text, std::string_view part) {
        return text.find(part) != std::string::npos;
    }
};

}  // namespace pilothouse::tests
