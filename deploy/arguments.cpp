// The arguments that a service may have Helm given.
#include "base/quantity.hpp"
#include "deploy/service_configuration.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace pilothouse::deploy {

namespace {

using namespace std::chrono_literals;
using options = storage::operation_options;

struct known_argument {
    std::string_view name;
    bool options::* sets = nullptr;  // null: it is as if it was always there
    bool takes_value = false;
};

constexpr std::array known{
    known_argument{"--wait", &options::wait},
    known_argument{"--wait-for-jobs", &options::wait_for_jobs},
    known_argument{"--atomic", &options::rollback_on_failure},
    known_argument{"--rollback-on-failure", &options::rollback_on_failure},
    known_argument{"--no-hooks", &options::skip_hooks},
    known_argument{"--force", &options::force_conflicts},
    known_argument{"--force-conflicts", &options::force_conflicts},
    known_argument{"--cleanup-on-fail"},
    known_argument{"--create-namespace"},
    known_argument{"--debug"},
    known_argument{"--disable-openapi-validation"},
    known_argument{"--install"},
    known_argument{"--render-subchart-notes"},
    known_argument{"--description", nullptr, true},
    known_argument{"--history-max", nullptr, true},
    known_argument{"--timeout", nullptr, true},
};

failure refused(std::string_view name, std::string_view why) {
    return failure(errc::invalid_argument,
                   "arguments: " + std::string(name) + " " + std::string(why));
}

result<bool> flag_in(std::string_view name, std::string_view text) {
    if (text.empty() || text == "true") return true;
    if (text == "false") return false;
    return refused(name, "is either true or false");
}

}  // namespace

result<options> options_of(service_configuration const& c) {
    options how;
    how.timeout = c.timeout;
    how.namespaced_only = !c.allow_cluster_wide;
    for (std::size_t i = 0; i < c.arguments.size(); ++i) {
        std::string_view const argument = c.arguments[i];
        auto const equals = argument.find('=');
        auto const name = argument.substr(0, equals);
        auto value = equals == argument.npos ? std::string_view() : argument.substr(equals + 1);
        auto const found = std::ranges::find(known, name, &known_argument::name);
        if (found == known.end())
            return refused(name, "is not among the arguments that may be given");
        if (found->takes_value && equals == argument.npos) {
            if (++i == c.arguments.size()) return refused(name, "needs a value");
            value = c.arguments[i];
        }
        if (name == "--timeout") {
            auto const time = parse_duration(value);
            if (!time || *time < 1s) return refused(name, "is a time like 90s or 5m");
            how.timeout = *time;
        } else if (!found->takes_value) {
            PILOTHOUSE_TRY(bool const on, flag_in(name, value));
            if (found->sets != nullptr) how.*(found->sets) = on;
        }
    }
    return how;
}

}  // namespace pilothouse::deploy
