#include "server/cli/followed_deployments.hpp"

#include "server/cli/json_fields.hpp"
#include "server/cli/release_words.hpp"
#include "server/cli/sent_text.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <string_view>
#include <thread>
#include <utility>

namespace pilothouse::cli {

namespace {

namespace json = boost::json;

// 1 before 3 before 4 before 0.
int worse(int one, int other) {
    constexpr std::array<int, 4> from_worst = {1, 3, 4, 0};
    for (int const status : from_worst)
        if (one == status || other == status) return status;
    return one;
}

// What is said of a service when nobody waits.
void tell(json::object const& service, cli_result& all) {
    auto const name = text_at(service, "name");
    auto const refused = text_at(service, "refused");
    if (!refused.empty()) {
        all.err += "pilothouse: " + name + ": " + refused + "\n";
        all.exit_status = 1;
        return;
    }
    auto const told = text_at(service, "told");
    all.out += name + ": " + (told.empty() ? text_at(service, "state") : told) + "\n";
}

void append(cli_result one, cli_result& to) {
    to.exit_status = worse(to.exit_status, one.exit_status);
    to.out += one.out;
    to.err += one.err;
}

// As it is when all is done. That it was removed is seen when it is looked at, and by this.
void look_again(command_link& house, json::object& service) {
    auto const now = ask_house(house, {"service", "status", text_at(service, "id")}, true);
    boost::system::error_code wrong;
    auto seen = now.exit_status == 0 ? json::parse(now.out, wrong) : json::value();
    if (!wrong && seen.is_object()) service = std::move(seen.get_object());
}

// One that waits for its turn gets its operation then; empty: it never will, or nobody knows.
std::string operation_to_follow(command_link& house, json::object const& service) {
    auto const waiting = text_at(service, "waiting_deployment");
    while (!waiting.empty()) {
        auto const now = ask_house(house, {"service", "history", text_at(service, "id")}, true);
        boost::system::error_code wrong;
        auto const all = json::parse(now.out, wrong);
        if (now.exit_status != 0 || wrong || !all.is_array()) return {};
        auto const& rows = all.get_array();
        auto const found = std::ranges::find_if(rows, [&waiting](json::value const& d) {
            return d.is_object() && text_at(d.get_object(), "id") == waiting;
        });
        if (found == rows.end()) return {};
        auto const& deployment = found->get_object();
        auto operation = text_at(deployment, "operation_id");
        if (!operation.empty() || !text_at(deployment, "finished_at").empty()) return operation;
        std::this_thread::sleep_for(between_looks);
    }
    return text_at(service, "operation_id");
}

void follow(command_link& house, json::object& service, bool as_json, cli_result& all) {
    auto const operation = operation_to_follow(house, service);
    if (operation.empty() && !text_at(service, "waiting_deployment").empty()) {
        look_again(house, service);
        append({failed_status, "",
                "pilothouse: " + text_at(service, "name") +
                    ": what waited was not begun; `pilothouse service history " +
                    text_at(service, "id") + "` says why\n"},
               all);
        return;
    }
    if (operation.empty()) {
        cli_result told;
        tell(service, told);
        if (as_json) told.out.clear();
        append(std::move(told), all);
        return;
    }
    auto ended = follow_operation(house, operation, false);
    look_again(house, service);
    if (as_json) ended.out.clear();
    append(std::move(ended), all);
}

}  // namespace

void add_watch(CLI::App& app, bool& watch) {
    app.add_flag("--watch", watch,
                 "tell what happens until it is done; exit status 0: it went well, 3: it failed, "
                 "4: it was cancelled");
}

cli_result ask_to_cancel(command_link& house, std::vector<std::string> arguments, bool watch,
                         bool as_json) {
    auto told = ask_for_deployments(house, std::move(arguments), watch, as_json);
    if (told.exit_status == cancelled_status) told.exit_status = 0;
    return told;
}

cli_result ask_for_deployments(command_link& house, std::vector<std::string> arguments, bool watch,
                               bool as_json) {
    auto asked = ask_house(house, std::move(arguments), true);
    if (asked.exit_status != 0) return asked;
    boost::system::error_code wrong;
    auto answer = json::parse(asked.out, wrong);
    if (wrong || (!answer.is_array() && !answer.is_object()))
        return {1, "", "pilothouse: the server's answer is not understood\n"};
    bool const several = answer.is_array();
    auto services = several ? std::move(answer.get_array()) : json::array{std::move(answer)};
    cli_result all;
    all.err = asked.err;
    for (auto& service : services) {
        if (!service.is_object()) continue;
        if (watch)
            follow(house, service.get_object(), as_json, all);
        else
            tell(service.get_object(), all);
    }
    if (as_json)
        all.out = json::serialize(several ? json::value(services) : services.front()) + "\n";
    else if (several && services.empty())
        all.out = "nothing of the environment is concerned\n";
    return all;
}

}  // namespace pilothouse::cli
