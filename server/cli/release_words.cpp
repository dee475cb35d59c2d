#include "server/cli/release_words.hpp"

#include "server/cli/json_fields.hpp"
#include "server/cli/live_line.hpp"
#include "server/cli/sent_text.hpp"
#include "server/cli/table.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <chrono>
#include <iostream>
#include <string_view>
#include <thread>
#include <utility>

namespace pilothouse::cli {

namespace {

namespace json = boost::json;

constexpr std::size_t columns = 79;  // a line that wraps is not wiped

result<json::value> asked(command_link& house, std::vector<std::string> arguments) {
    arguments.emplace_back("--json");
    PILOTHOUSE_TRY(auto const answer, house.ask(arguments));
    if (answer.exit_status != 0) return failure(errc::unavailable, answer.err);
    boost::system::error_code wrong;
    auto value = json::parse(answer.out, wrong);
    if (wrong) return failure(errc::unavailable, "the server's answer is not understood");
    return value;
}

// Returns the number of the last one.
result<std::int64_t> tell_events(command_link& house, std::string const& id, std::int64_t after,
                                 live_line& line) {
    PILOTHOUSE_TRY(auto const events,
                   asked(house, {"operation", "events", id, "--after", std::to_string(after)}));
    if (!events.is_array()) return after;
    for (auto const& e : events.get_array()) {
        if (!e.is_object()) continue;
        auto const& event = e.get_object();
        line.wipe();
        std::cerr << text_at(event, "at") << "  " << text_at(event, "what") << "  "
                  << text_at(event, "text") << "\n";
        if (auto const* const number = event.if_contains("number"))
            if (auto const* const n = number->if_int64()) after = *n;
    }
    return after;
}

// "update of shop/hello"
std::string words_for(json::object const& operation) {
    return text_at(operation, "kind") + " of " + text_at(operation, "namespace") + "/" +
           text_at(operation, "name");
}

// What a terminal shows between two events.
std::string progress_of(json::object const& operation, std::chrono::seconds watched) {
    auto const seconds = watched.count() % 60;
    auto text = words_for(operation) + ": " + text_at(operation, "state") + ", watched for " +
                std::to_string(watched.count() / 60) + (seconds < 10 ? ":0" : ":") +
                std::to_string(seconds);
    if (text.size() > columns) text.erase(0, text.size() - columns);
    return text;
}

cli_result ended(json::object const& operation, bool as_json) {
    auto const what = words_for(operation);
    auto const* const error = operation.if_contains("error");
    cli_result r;
    if (as_json) r.out = json::serialize(operation) + "\n";
    if (error == nullptr || !error->is_object()) {
        auto const warning = text_at(operation, "warning");
        if (!warning.empty()) r.err = "pilothouse: it went well, but: " + warning + "\n";
        if (!as_json) r.out = what + " is done\n";
        return r;
    }
    auto const& why = error->get_object();
    bool const cancelled = text_at(why, "code") == name_of(errc::cancelled);
    r.exit_status = cancelled ? cancelled_status : failed_status;
    r.err = "pilothouse: " + what +
            (cancelled ? " was cancelled" : " failed: " + text_at(why, "message")) + "\n";
    return r;
}

cli_result lost(failure const& why, std::string const& id) {
    return {1, "",
            "pilothouse: " + why.detail + "\nThe operation goes on: pilothouse operation watch " +
                id + "\n"};
}

std::string chart_text(storage::release_source const& s) { return s.chart + "-" + s.version; }

}  // namespace

std::string table_of(std::vector<storage::release_record> const& releases) {
    std::vector<std::vector<std::string>> rows;
    for (auto const& r : releases)
        rows.push_back({r.id, r.cluster_name, r.name_space, r.name, chart_text(r.source),
                        std::to_string(r.revision),
                        std::string(storage::name_of(r.status)) +
                            (r.changed_elsewhere ? ", changed elsewhere" : "") +
                            (r.stopped ? ", stopped" : ""),
                        when(r.updated)});
    return table({"ID", "CLUSTER", "NAMESPACE", "NAME", "CHART", "REVISION", "STATUS", "UPDATED"},
                 rows);
}

std::string table_of(std::vector<storage::operation_record> const& operations) {
    std::vector<std::vector<std::string>> rows;
    for (auto const& o : operations) {
        std::string state(storage::name_of(o.state));
        if (o.error) state = "failed: " + std::string(name_of(o.error->code));
        rows.push_back({o.id, std::string(storage::name_of(o.kind)),
                        o.cluster_name + "/" + o.name_space + "/" + o.name, std::move(state),
                        o.by_name, when(o.created), o.finished ? when(*o.finished) : ""});
    }
    return table({"ID", "KIND", "RELEASE", "STATE", "BY", "ASKED FOR", "ENDED"}, rows);
}

void add_release(CLI::App& app, std::string& reference) {
    app.add_option("RELEASE", reference, "its id, or cluster/namespace/name")
        ->required()
        ->check(not_empty);
}

void add_operation(CLI::App& app, std::string& id) {
    app.add_option("OPERATION", id, "an operation's id")->required()->check(not_empty);
}

cli_result follow_operation(command_link& house, std::string const& id, bool as_json) {
    std::int64_t told = 0;
    auto const began = std::chrono::steady_clock::now();
    live_line line;
    for (;;) {
        // First how it stands, then what happened: so nothing of its end is left untold.
        auto const operation = asked(house, {"operation", "show", id});
        if (!operation) return lost(operation.error(), id);
        auto const last = tell_events(house, id, told, line);
        if (!last) return lost(last.error(), id);
        told = *last;
        if (!operation->is_object()) return lost({errc::unavailable, "no operation"}, id);
        auto const& o = operation->get_object();
        if (text_at(o, "state") == "done") return ended(o, as_json);
        auto const watched = std::chrono::steady_clock::now() - began;
        line.draw(progress_of(o, std::chrono::floor<std::chrono::seconds>(watched)));
        std::this_thread::sleep_for(between_looks);
    }
}

}  // namespace pilothouse::cli
