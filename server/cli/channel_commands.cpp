// `pilothouse channel …`
#include "registry/channel_words.hpp"
#include "server/cli/command.hpp"
#include "server/cli/json_words.hpp"
#include "server/cli/table.hpp"

#include <CLI/CLI.hpp>

#include <array>
#include <charconv>
#include <utility>

namespace pilothouse::cli {

namespace {

using auth::permission;
using registry::retention_changes;
using storage::channel_record;
using storage::retention_rules;

// In place of a number, a time or a range: the rule goes.
constexpr std::string_view no_rule = "none";

template <class Value>
struct rule_option {
    char const* name;
    std::optional<Value> retention_rules::* rule;
    retention_changes::one<Value> retention_changes::* change;
};
constexpr std::array<rule_option<std::int64_t>, 4> counts = {{
    {"--keep-newest", &retention_rules::newest_of_chart, &retention_changes::newest_of_chart},
    {"--keep-newest-of-major", &retention_rules::newest_of_major,
     &retention_changes::newest_of_major},
    {"--keep-newest-of-minor", &retention_rules::newest_of_minor,
     &retention_changes::newest_of_minor},
    {"--keep-prereleases", &retention_rules::newest_prereleases,
     &retention_changes::newest_prereleases},
}};
constexpr std::array<rule_option<std::chrono::seconds>, 2> ages = {{
    {"--keep-younger-than", &retention_rules::younger_than, &retention_changes::younger_than},
    {"--keep-prereleases-younger-than", &retention_rules::prereleases_younger_than,
     &retention_changes::prereleases_younger_than},
}};

std::string short_time(std::optional<instant> const& t) { return t ? when(*t) : "never"; }

std::string channel_table(channel_record const& c) {
    auto const& s = c.settings;
    std::vector<std::vector<std::string>> rows = {
        {"name", c.name},
        {"charts", std::to_string(c.charts)},
        {"versions", std::to_string(c.versions)},
        {"bytes", std::to_string(c.size_bytes)},
        {"last push", short_time(c.last_push)},
        {"description", s.description.substr(0, s.description.find('\n'))},
        {"duplicates", std::string(registry::name_of(s.duplicates))},
        {"index format", std::string(registry::name_of(s.index_format))},
        {"read only", s.read_only ? "yes" : "no"},
    };
    for (auto const& option : counts)
        if (auto const& n = s.retention.*option.rule)
            rows.push_back({option.name, std::to_string(*n)});
    for (auto const& option : ages)
        if (auto const& age = s.retention.*option.rule)
            rows.push_back({option.name, registry::age_text(*age)});
    if (!s.retention.matching.empty()) rows.push_back({"--keep-matching", s.retention.matching});
    return table({"WHAT", "VALUE"}, rows);
}

output shown(channel_record const& c, bool json) {
    return {json ? to_json(c) + "\n" : channel_table(c), ""};
}

class list_channels final : public command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    void declare(CLI::App& app) override {
        app.add_option("PROJECT", project_, "its path, or its number")->required();
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await s.in_project(permission::read_chart, project_));
        auto const channels = co_await s.list_charts.channels(g);
        if (json) co_return output{to_json(channels) + "\n", ""};
        std::vector<std::vector<std::string>> rows;
        for (auto const& c : channels)
            rows.push_back({c.name, std::to_string(c.charts), std::to_string(c.versions),
                            std::to_string(c.size_bytes), short_time(c.last_push),
                            c.settings.read_only ? "read-only" : ""});
        co_return output{
            table({"CHANNEL", "CHARTS", "VERSIONS", "BYTES", "LAST PUSH", "STATE"}, rows), ""};
    }

private:
    std::string project_;
};

// What commands about one channel have in common.
class channel_command : public command {
public:
    void declare(CLI::App& app) override {
        app.add_option("PROJECT", project_, "its path, or its number")->required();
        app.add_option("CHANNEL", channel_, "a channel of it")->required();
    }

protected:
    [[nodiscard]] std::string everything_here() const {
        return "`pilothouse channel list " + project_ + "` shows what there is";
    }

    std::string project_, channel_;
};

class show_channel final : public channel_command {
public:
    [[nodiscard]] bool only_reads() const override { return true; }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await s.in_project(permission::read_chart, project_));
        PILOTHOUSE_CO_TRY(auto const channel, chart::channel_name::parse(channel_));
        auto const found = co_await s.channels.find(g, channel);
        if (!found) co_return with_hint(found.error(), everything_here());
        co_return shown(*found, json);
    }
};

class edit_channel final : public channel_command {
public:
    void declare(CLI::App& app) override {
        channel_command::declare(app);
        auto* const changes = app.add_option_group("changes", "at least one");
        // By a function: an empty text clears it, so it is not the same as none.
        changes->add_option_function<std::string>(
            "--description", [this](std::string const& text) { description_ = text; },
            "what it is for");
        changes->add_option("--duplicates", duplicates_, "other content under a published version")
            ->check(CLI::IsMember(registry::channel_duplicates_names()));
        changes->add_option("--index-format", index_format_, "how index.yaml is written")
            ->check(CLI::IsMember(registry::index_choice_names()));
        changes->add_option("--read-only", read_only_, "no pushes, promotions, removals")
            ->check(CLI::IsMember(std::vector<std::string>{"true", "false"}));
        static constexpr std::array<char const*, counts.size()> count_words = {
            "the newest N releases of each chart stay", "... of each major version of a chart",
            "... of each minor version of a chart", "the newest N pre-releases of each chart stay"};
        for (std::size_t i = 0; i < counts.size(); ++i)
            add_rule(*changes, counts[i].name, count_texts_[i], count_words[i]);
        add_rule(*changes, ages[0].name, age_texts_[0], "releases younger than that stay: 90d");
        add_rule(*changes, ages[1].name, age_texts_[1], "the same of pre-releases");
        add_rule(*changes, "--keep-matching", matching_, "versions in this range stay: '>=2'");
        changes->require_option(1, 0);
        app.footer(
            app.get_footer() +
            "\n\nThe --keep options say what retention keeps; what no rule keeps goes. Where "
            "none\nis set, nothing goes. `none` takes a rule away.");
    }
    task<result<output>> run(services& s, bool json) override {
        PILOTHOUSE_CO_TRY(auto const g, co_await s.in_project(permission::edit_project, project_));
        PILOTHOUSE_CO_TRY(auto const channel, chart::channel_name::parse(channel_));
        registry::channel_changes changes;
        changes.description = description_;
        changes.duplicates = registry::parse_channel_duplicates(duplicates_);
        changes.index_format = registry::parse_index_choice(index_format_);
        if (!read_only_.empty()) changes.read_only = read_only_ == "true";
        PILOTHOUSE_CO_TRY(changes.retention, rules_named());
        PILOTHOUSE_CO_TRY(auto const edited, co_await s.channels.edit(g, channel, changes));
        co_return shown(edited, json);
    }

private:
    static void add_rule(CLI::App& app, char const* name, std::string& text, char const* help) {
        app.add_option(name, text, help)->check(not_empty);
    }
    [[nodiscard]] static failure nonsense(char const* option, std::string const& form) {
        return {errc::invalid_argument, std::string(option) + " takes " + form + ", or `none`"};
    }
    [[nodiscard]] result<retention_changes> rules_named() const {
        retention_changes rules;
        for (std::size_t i = 0; i < counts.size(); ++i) {
            auto const& text = count_texts_[i];
            if (text.empty()) continue;
            auto& rule = (rules.*counts[i].change).emplace();
            if (text == no_rule) continue;
            auto const* const last = text.data() + text.size();
            auto const [end, error] = std::from_chars(text.data(), last, rule.emplace());
            if (error != std::errc() || end != last)
                return nonsense(counts[i].name, "a whole number");
        }
        for (std::size_t i = 0; i < ages.size(); ++i) {
            auto const& text = age_texts_[i];
            if (text.empty()) continue;
            auto const age = registry::parse_age(text);
            if (!age && text != no_rule)
                return nonsense(ages[i].name, "a time like `90d`, `12h`, `15m` or `30s`");
            (rules.*ages[i].change).emplace(age);
        }
        if (!matching_.empty()) rules.matching = matching_ == no_rule ? "" : matching_;
        return rules;
    }

    std::optional<std::string> description_;
    std::string duplicates_, index_format_, read_only_, matching_;  // empty: stays
    std::array<std::string, counts.size()> count_texts_;
    std::array<std::string, ages.size()> age_texts_;
};

class retain final : public channel_command {
public:
    void declare(CLI::App& app) override {
        channel_command::declare(app);
        app.add_flag("--dry-run", dry_run_, "only list what would go");
    }
    task<result<output>> run(services& s, bool json) override {
        auto const right = dry_run_ ? permission::read_chart : permission::remove_chart;
        PILOTHOUSE_CO_TRY(auto const g, co_await s.in_project(right, project_));
        PILOTHOUSE_CO_TRY(auto const channel, chart::channel_name::parse(channel_));
        auto const done = co_await s.retain_charts(g, channel, dry_run_);
        if (!done) co_return with_hint(done.error(), everything_here());
        if (json)
            co_return output{"{\"removed\":" + to_json(done->gone) +
                                 ",\n \"protected\":" + to_json(done->kept) + "}\n",
                             ""};
        std::string text;
        for (auto const& [entry, why] : done->gone)
            text += (dry_run_ ? "would remove " : "removed ") + entry.chart + " " + entry.version +
                    ": " + why + "\n";
        std::string besides;
        for (auto const& [entry, why] : done->kept)
            besides += "kept " + entry.chart + " " + entry.version + ": " + why + "\n";
        if (done->gone.empty()) besides += "nothing goes\n";
        co_return output{std::move(text), std::move(besides)};
    }

private:
    bool dry_run_ = false;
};

}  // namespace

command_family channel_commands() {
    return {"channel", "Channels: the chart repositories of a project.",
            commands_of(describe<list_channels>({"list",
                                                 "Lists the channels that hold a chart, or have "
                                                 "settings.",
                                                 "pilothouse channel list team/charts"}),
                        describe<show_channel>({"show", "Shows one channel and its settings.",
                                                "pilothouse channel show team/charts stable"}),
                        describe<edit_channel>(
                            {"edit", "Changes a channel's settings; makes it if there is none.",
                             "pilothouse channel edit team/charts stable --read-only true"}),
                        describe<retain>({"retain",
                                          "Removes what the channel's retention rules do not keep.",
                                          "pilothouse channel retain team/charts edge "
                                          "--dry-run"}))};
}

}  // namespace pilothouse::cli
