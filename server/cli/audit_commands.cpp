// `pilothouse audit …`
#include "server/cli/command.hpp"
#include "server/cli/json_words.hpp"
#include "server/cli/table.hpp"

#include <CLI/CLI.hpp>

#include <utility>

namespace pilothouse::cli {

namespace {

using auth::permission;
using storage::audit_event;

std::string event_table(std::vector<audit_event> const& events) {
    std::vector<std::vector<std::string>> rows;
    for (auto const& e : events)
        rows.push_back({std::to_string(e.id.value), when(e.at), e.what, e.by, e.from, e.where,
                        e.kind + " " + e.name, e.detail});
    return table({"ID", "TIME", "WHAT", "WHO", "FROM", "PLACE", "THING", "DETAIL"}, rows);
}

// Of one place, for those who own it; of the whole server, for those who administer it.
task<result<auth::grant>> right(services& s, std::string place) {
    if (place.empty()) co_return s.administration();
    co_return co_await s.in_place(permission::edit_project, permission::own_group,
                                  std::move(place));
}

class list_events final : public command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    void declare(CLI::App& app) override {
        add_place(app, place_)->check(not_empty);
        auto const add_time = [&app](char const* name, std::string& text, char const* help) {
            app.add_option(name, text, help)->type_name("TIME")->check(not_empty);
        };
        add_time("--since", since_, "a date, an RFC 3339 time, or how long ago: 7d, 12h");
        add_time("--until", until_, "the same");
        app.add_option("--user", user_, "what this user did")->check(not_empty);
        add_page(app, limit_, skip_);
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await right(s, place_));
        storage::audit_filter filter;
        if (!user_.empty()) {
            PILOTHOUSE_CO_TRY(auto const user, co_await s.user(user_));
            filter.author = user.id;
        }
        auto const now = s.time.now();
        if (!since_.empty()) {
            PILOTHOUSE_CO_TRY(filter.after, parse_start(since_, now));
        }
        if (!until_.empty()) {
            PILOTHOUSE_CO_TRY(filter.before, parse_start(until_, now));
        }
        auto const found = co_await s.audit.list(g, filter, skip_, limit_);
        if (json) co_return output{to_json(found.page) + "\n", ""};
        co_return output{event_table(found.page),
                         older_ones(skip_, found.page.size(), found.total)};
    }

private:
    std::string place_, since_, until_, user_;
    std::size_t limit_ = 50;
    std::size_t skip_ = 0;
};

class show_event final : public command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    void declare(CLI::App& app) override {
        add_number(app, id_.value, "the event's number");
        add_place(app, place_)->check(not_empty);
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await right(s, place_));
        auto const found = co_await s.audit.find(g, id_);
        if (!found) co_return with_hint(found.error(), "`pilothouse audit list` shows the newest");
        co_return output{json ? to_json(*found) + "\n" : event_table({*found}), ""};
    }

private:
    storage::audit_id id_;
    std::string place_;
};

}  // namespace

command_family audit_commands() {
    return {"audit", "The audit log: who changed what, where, from which address.",
            commands_of(
                describe<list_events>(
                    {"list", "Lists events of the server, or of one place; the newest first.",
                     "pilothouse audit list team/charts --since 7d"}),
                describe<show_event>({"show", "Shows one event.", "pilothouse audit show 12"}))};
}

}  // namespace pilothouse::cli
