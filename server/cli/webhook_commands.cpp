// `pilothouse webhook …`
#include "server/cli/command.hpp"
#include "server/cli/release_words.hpp"
#include "server/cli/table.hpp"
#include "server/shapes/webhook_shapes.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace pilothouse::cli {

namespace {

namespace json = boost::json;
using auth::permission;
using storage::delivery_record;
using storage::occasion;
using storage::webhook_record;

constexpr std::array occasions{occasion::push, occasion::promotion, occasion::deployment};

std::vector<std::string> occasion_words() {
    std::vector<std::string> all;
    for (auto const what : occasions) all.emplace_back(storage::name_of(what));
    return all;
}

bool among(std::vector<std::string> const& words, occasion what) {
    return std::ranges::find(words, storage::name_of(what)) != words.end();
}

std::string occasions_of(webhook_record const& h) {
    std::string all;
    for (auto const what : occasions)
        if (wants(h, what)) all += (all.empty() ? "" : ", ") + std::string(storage::name_of(what));
    return all.empty() ? "nothing" : all;
}

std::string state_of(webhook_record const& h) {
    if (has_given_up(h)) return "off: " + std::to_string(h.failures) + " attempts failed";
    if (!h.enabled) return "off";
    return h.disabled_until ? "failing, again " + when(*h.disabled_until) : "on";
}

std::string webhook_table(std::vector<webhook_record> const& hooks) {
    std::vector<std::vector<std::string>> rows;
    for (auto const& h : hooks)
        rows.push_back({std::to_string(h.id.value), h.name, h.url, occasions_of(h), state_of(h)});
    return table({"ID", "NAME", "URL", "TOLD OF", "STATE"}, rows);
}

output shown(webhook_record const& h, bool as_json) {
    return {as_json ? json::serialize(shapes::shape_of(h)) + "\n" : webhook_table({h}), ""};
}

// A secret that was made is shown here, and nowhere else.
output shown(notify::told_webhook const& told, bool as_json) {
    if (!told.made) return shown(told.hook, as_json);
    std::string const text(told.made->reveal());
    if (as_json) {
        auto shape = shapes::shape_of(told.hook);
        shape["signing_token"] = text;
        return {json::serialize(shape) + "\n", ""};
    }
    return {webhook_table({told.hook}) + "\nsecret: " + text + "\n",
            "Its receiver needs the secret to check signatures; it is not shown again.\n"};
}

std::string state_of(delivery_record const& d) {
    std::string text(storage::name_of(d.state));
    if (d.state == storage::delivery_state::waiting && d.attempts > 0)
        text += ", again " + when(d.next);
    return text;
}

// What its document tells of, in a few words; "-" where that is not known, or not to be seen.
std::string subject_of(delivery_record const& d) {
    boost::system::error_code bad;
    auto const document = json::parse(d.document, bad);
    auto const text = [&](char const* where) {
        auto const at = document.find_pointer(where, bad);
        return at != nullptr && at->is_string() ? std::string(at->get_string()) : std::string();
    };
    if (d.test || bad) return "-";
    if (d.what == occasion::push) return text("/data/chart") + " " + text("/data/version");
    if (d.what == occasion::promotion)
        return "from " + text("/data/from") + " to " + text("/data/channel");
    return text("/data/kind") + " of " + text("/data/cluster") + "/" + text("/data/namespace") +
           "/" + text("/data/name") + ": " + text("/data/outcome");
}

std::string delivery_table(std::vector<delivery_record> const& deliveries) {
    std::vector<std::vector<std::string>> rows;
    for (auto const& d : deliveries)
        rows.push_back({std::to_string(d.number), when(d.created),
                        std::string(storage::name_of(d.what)) + (d.test ? " (test)" : ""),
                        subject_of(d), state_of(d), std::to_string(d.attempts),
                        d.status == 0 ? "-" : std::to_string(d.status),
                        d.attempts == 0 ? "-" : std::to_string(d.duration.count()) + " ms",
                        d.error});
    return table({"ID", "AT", "WHAT", "OF", "STATE", "ATTEMPTS", "STATUS", "TOOK", "ERROR"}, rows);
}

class webhook_command : public command {
protected:
    [[nodiscard]] task<result<auth::grant>> right(services& s) {
        return s.in_project(permission::edit_project, project_);
    }
    void add_webhook(CLI::App& app) {
        add_project(app, project_);
        add_number(app, id_, "the webhook's number");
    }
    [[nodiscard]] storage::webhook_id id() const { return {id_}; }
    [[nodiscard]] task<result<webhook_record>> found(services& s, auth::grant g) {
        auto hook = co_await s.webhooks.find(g, id());
        if (!hook)
            co_return with_hint(std::move(hook).error(),
                                "`pilothouse webhook list " + project_ + "` shows all");
        co_return hook;
    }

    std::string project_;

private:
    std::int64_t id_ = 0;
};

// What `add` and `edit` say of it.
struct webhook_options {
    std::optional<std::string> name;
    std::vector<std::string> on;

    void declare(CLI::App& app) {
        add_text(app, "--name", name, "what people call it");
        app.add_option("--on", on, "what it is told of; again for each")
            ->check(CLI::IsMember(occasion_words()));
    }
    void read(notify::webhook_changes& changes) const {
        changes.name = name;
        if (on.empty()) return;
        changes.on_push = among(on, occasion::push);
        changes.on_promotion = among(on, occasion::promotion);
        changes.on_deployment = among(on, occasion::deployment);
    }
};

class add_webhook_here final : public webhook_command {
public:
    void declare(CLI::App& app) override {
        add_project(app, project_);
        app.add_option("URL", url_, "where it takes requests")->required()->check(not_empty);
        options_.declare(app);
    }
    task<result<output>> run(services& s, bool as_json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await right(s));
        notify::webhook_changes wanted;
        wanted.url = url_;
        options_.read(wanted);
        PILOTHOUSE_CO_TRY(auto const made, co_await s.webhooks.add(g, std::move(wanted)));
        co_return shown(made, as_json);
    }

private:
    std::string url_;
    webhook_options options_;
};

class list_webhooks final : public webhook_command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    void declare(CLI::App& app) override { add_project(app, project_); }
    task<result<output>> run(services& s, bool as_json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await right(s));
        PILOTHOUSE_CO_TRY(auto const all, co_await s.webhooks.list(g));
        if (!as_json) co_return output{webhook_table(all), ""};
        json::array shapes;
        for (auto const& h : all) shapes.emplace_back(shapes::shape_of(h));
        co_return output{json::serialize(shapes) + "\n", ""};
    }
};

class show_webhook final : public webhook_command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    void declare(CLI::App& app) override { add_webhook(app); }
    task<result<output>> run(services& s, bool as_json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await right(s));
        PILOTHOUSE_CO_TRY(auto const hook, co_await found(s, g));
        co_return shown(hook, as_json);
    }
};

class edit_webhook final : public webhook_command {
public:
    void declare(CLI::App& app) override {
        add_webhook(app);
        auto* const changes = app.add_option_group("changes", "at least one");
        changes->add_option("--url", url_, "where it takes requests")->check(not_empty);
        options_.declare(*changes);
        add_choice(*changes, "--enabled", enabled_, "whether it is told of anything");
        changes->add_flag("--new-secret", fresh_secret_, "make another secret, and show it");
        changes->require_option(1, 0);
    }
    task<result<output>> run(services& s, bool as_json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await right(s));
        notify::webhook_changes changes;
        if (!url_.empty()) changes.url = url_;
        if (!enabled_.empty()) changes.enabled = enabled_ == "true";
        changes.fresh_secret = fresh_secret_;
        options_.read(changes);
        PILOTHOUSE_CO_TRY(auto const edited, co_await s.webhooks.edit(g, id(), std::move(changes)));
        co_return shown(edited, as_json);
    }

private:
    std::string url_, enabled_;
    bool fresh_secret_ = false;
    webhook_options options_;
};

class remove_webhook final : public webhook_command {
public:
    void declare(CLI::App& app) override {
        add_webhook(app);
        add_yes(app, yes_);
    }
    std::optional<std::string> question() const override {
        if (yes_) return std::nullopt;
        return "This removes the webhook " + std::to_string(id().value) + " of " + project_ +
               ", with what waits for it.";
    }
    std::vector<std::string> look_first() const override {
        return {"webhook", "show", project_, std::to_string(id().value)};
    }
    task<result<output>> run(services& s, bool as_json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await right(s));
        PILOTHOUSE_CO_TRY(auto const hook, co_await found(s, g));
        auto const gone = co_await s.webhooks.remove(g, id());
        if (!gone) co_return gone.error();
        if (as_json) co_return shown(hook, true);
        co_return output{hook.url + " is not told of " + g.project().path + " any more\n", ""};
    }

private:
    bool yes_ = false;
};

class test_webhook final : public webhook_command {
public:
    void declare(CLI::App& app) override {
        add_webhook(app);
        add_choice(app, "--as", what_, "what it is told of [push]", occasion_words());
    }
    task<result<output>> run(services& s, bool as_json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await right(s));
        auto what = occasion::push;
        for (auto const each : occasions)
            if (storage::name_of(each) == what_) what = each;
        PILOTHOUSE_CO_TRY(auto const hook, co_await found(s, g));
        PILOTHOUSE_CO_TRY(auto const tried, co_await s.webhooks.test(g, id(), what));
        if (tried.state != storage::delivery_state::delivered)
            co_return failure(errc::unavailable, "not delivered: " + tried.error);
        if (as_json)
            co_return output{json::serialize(shapes::shape_of(tried, hook.url)) + "\n", ""};
        co_return output{delivery_table({tried}), ""};
    }

private:
    std::string what_;
};

class resend_delivery final : public webhook_command {
public:
    void declare(CLI::App& app) override {
        add_webhook(app);
        add_number(app, delivery_, "the delivery's number", "DELIVERY");
    }
    task<result<output>> run(services& s, bool as_json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await right(s));
        PILOTHOUSE_CO_TRY(auto const hook, co_await found(s, g));
        PILOTHOUSE_CO_TRY(auto const sent, co_await s.webhooks.resend(g, id(), delivery_));
        if (!sent.error.empty())
            co_return failure(errc::unavailable, "not delivered: " + sent.error);
        if (as_json) co_return output{json::serialize(shapes::shape_of(sent, hook.url)) + "\n", ""};
        co_return output{delivery_table({sent}), ""};
    }

private:
    std::int64_t delivery_ = 0;
};

class list_deliveries final : public webhook_command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    void declare(CLI::App& app) override {
        add_webhook(app);
        add_page(app, limit_, skip_);
    }
    task<result<output>> run(services& s, bool as_json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await right(s));
        PILOTHOUSE_CO_TRY(auto const hook, co_await found(s, g));
        PILOTHOUSE_CO_TRY(auto const all, co_await s.webhooks.deliveries(g, id(), skip_, limit_));
        if (!as_json) co_return output{delivery_table(all), ""};
        json::array shapes;
        for (auto const& d : all) shapes.emplace_back(shapes::shape_of(d, hook.url));
        co_return output{json::serialize(shapes) + "\n", ""};
    }

private:
    std::size_t limit_ = 20, skip_ = 0;
};

}  // namespace

command_family webhook_commands() {
    return {
        "webhook", "Webhooks: who is told when something happens to a project's charts.",
        commands_of(
            describe<add_webhook_here>(
                {"add", "Adds one, and shows the secret that it is told things with.",
                 "pilothouse webhook add team/charts https://ci.example.com/hook --on push"}),
            describe<list_webhooks>(
                {"list", "Lists those of a project.", "pilothouse webhook list team/charts"}),
            describe<show_webhook>({"show", "Shows one.", "pilothouse webhook show team/charts 3"}),
            describe<edit_webhook>(
                {"edit", "Changes one.", "pilothouse webhook edit team/charts 3 --enabled false"}),
            describe<remove_webhook>({"remove", "Removes one, with what waits for it.",
                                      "pilothouse webhook remove team/charts 3 --yes"}),
            describe<test_webhook>({"test", "Sends it a document about nothing, once and now.",
                                    "pilothouse webhook test team/charts 3"}),
            describe<list_deliveries>({"deliveries", "Lists what was sent to it, the newest first.",
                                       "pilothouse webhook deliveries team/charts 3"}),
            describe<resend_delivery>({"resend", "Sends one of them again, once and now.",
                                       "pilothouse webhook resend team/charts 3 12"}))};
}

}  // namespace pilothouse::cli
