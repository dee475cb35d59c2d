// `pilothouse chart …`, but for what curation_commands.cpp has
#include "release/product.hpp"
#include "server/cli/chart_command.hpp"
#include "server/cli/json_words.hpp"
#include "server/cli/table.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace pilothouse::cli {

namespace {

using auth::permission;
using storage::catalogue_entry;

class list_chart_versions final : public chart_command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    void declare(CLI::App& app) override {
        declare_place(app);
        app.add_option("NAME", name_, "only this chart")->check(not_empty);
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await s.in_project(permission::read_chart, project_));
        PILOTHOUSE_CO_TRY(auto const channel, chart::channel_name::parse(channel_));
        auto const there = co_await s.channels.find(g, channel);
        if (!there)
            co_return with_hint(there.error(),
                                "`pilothouse channel list " + project_ + "` shows what there is");
        auto const versions = co_await s.list_charts.versions(g, channel, unless_empty(name_));
        co_return output{json ? to_json(versions) + "\n" : table_of(versions), ""};
    }
};

class show_chart final : public chart_command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    void declare(CLI::App& app) override {
        declare_place(app);
        app.add_option("NAME", name_, "the chart")->required();
        app.add_option("VERSION", version_, "one version [the newest]")->check(not_empty);
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await s.in_project(permission::read_chart, project_));
        PILOTHOUSE_CO_TRY(auto const channel, chart::channel_name::parse(channel_));
        auto found = version_.empty() ? co_await newest(s, g, channel)
                                      : co_await s.list_charts.version(g, channel, name_, version_);
        if (!found) co_return with_hint(std::move(found).error(), everything_here());
        PILOTHOUSE_CO_TRY(auto const package,
                          co_await s.packages.find(g, found->chart, found->version));
        auto const number = package.id;
        if (json) co_return output{to_json(*found, number) + "\n", ""};
        co_return output{table_of({*found}) + "package " + std::to_string(number.value) +
                             "\nproduct version " + release::product_version_of(found->id) + "\n",
                         ""};
    }

private:
    task<result<catalogue_entry>> newest(services& s, auth::grant const& g,
                                         chart::channel_name const& channel) {
        auto versions = co_await s.list_charts.versions(g, channel, name_);
        if (versions.empty()) co_return failure(errc::not_found, "the channel holds no such chart");
        for (auto& v : versions)
            if (!v.yanked) co_return std::move(v);
        co_return std::move(versions.front());
    }
};

class remove_charts final : public chart_command {
public:
    void declare(CLI::App& app) override {
        declare_place(app);
        app.add_option("NAME", name_, "only this chart [all]")->check(not_empty);
        app.add_option("VERSION", version_, "only this version [all]")->check(not_empty);
        add_yes(app, yes_);
    }
    // One version is what the caller meant; more of them may be a forgotten word.
    std::optional<std::string> question() const override {
        if (yes_ || !version_.empty()) return std::nullopt;
        auto const what = name_.empty() ? "all charts" : "all versions of " + name_;
        return "This removes " + what + " of the channel " + channel_ + " of " + project_ + ".";
    }
    std::vector<std::string> look_first() const override {
        return {"channel", "show", project_, channel_};
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await s.in_project(permission::remove_chart, project_));
        PILOTHOUSE_CO_TRY(auto const channel, chart::channel_name::parse(channel_));
        auto const removed =
            co_await s.remove_chart(g, channel, unless_empty(name_), unless_empty(version_));
        if (!removed) co_return with_hint(removed.error(), everything_here());
        if (json) co_return output{to_json(*removed) + "\n", ""};
        std::string text;
        for (auto const& e : *removed) text += "removed " + e.chart + " " + e.version + "\n";
        co_return output{std::move(text), ""};
    }

private:
    bool yes_ = false;
};

}  // namespace

command_family chart_commands() {
    auto commands = commands_of(
        push_command(),
        describe<list_chart_versions>({"list", "Lists the versions in a channel.",
                                       "pilothouse chart list team/charts stable"}),
        describe<show_chart>(
            {"show", "Shows one version.", "pilothouse chart show team/charts stable nginx 1.2.3"}),
        describe<remove_charts>({"remove", "Takes versions out of a channel, at once and for good.",
                                 "pilothouse chart remove team/charts stable nginx 1.2.3"}));
    std::ranges::move(curation_commands(), std::back_inserter(commands));
    return {"chart", "The charts of a channel.", std::move(commands)};
}

}  // namespace pilothouse::cli
