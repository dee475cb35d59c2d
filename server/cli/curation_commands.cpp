// `pilothouse chart promote | deprecate | undeprecate | yank | unyank`
#include "server/cli/chart_command.hpp"
#include "server/cli/json_words.hpp"

#include <CLI/CLI.hpp>

#include <utility>

namespace pilothouse::cli {

namespace {

using auth::permission;

class promote final : public chart_command {
public:
    void declare(CLI::App& app) override {
        declare_place(app);
        app.add_option("TO", to_, "the channel that they are to be in too")->required();
        app.add_option("NAME", name_, "only this chart [all]")->check(not_empty);
        auto* const versions = app.add_option("VERSION", versions_, "only these versions [all]");
        versions->check(not_empty);
        app.add_option("--range", range_, "only versions in this range, like '^1.2'")
            ->check(not_empty)
            ->excludes(versions);
        app.add_option("--to-project", to_project_, "the project of TO [the same]")
            ->check(not_empty);
        app.add_flag("--move", move_, "take them out of CHANNEL");
        add_yes(app, yes_);
    }
    // As with `remove`: a whole channel may be a forgotten word.
    std::optional<std::string> question() const override {
        if (yes_ || !name_.empty()) return std::nullopt;
        return "This promotes the charts of the whole channel " + channel_ + " of " + project_ +
               ".";
    }
    std::vector<std::string> look_first() const override {
        return {"channel", "show", project_, channel_};
    }
    task<result<output>> run(services& s, bool json) override {
        auto const right = move_ ? permission::remove_chart : permission::read_chart;
        auto const to_project = to_project_.empty() ? project_ : to_project_;
        PILOTHOUSE_CO_TRY(auto const source, co_await s.in_project(right, project_));
        PILOTHOUSE_CO_TRY(auto const target,
                          co_await s.in_project(permission::push_chart, to_project));
        PILOTHOUSE_CO_TRY(auto from, chart::channel_name::parse(channel_));
        PILOTHOUSE_CO_TRY(auto to, chart::channel_name::parse(to_));
        registry::version_choice which{unless_empty(name_), versions_, std::nullopt};
        if (!range_.empty()) {
            PILOTHOUSE_CO_TRY(which.range, chart::version_range::parse(range_));
        }
        registry::promotion_request request{std::move(from), std::move(to), std::move(which),
                                            move_};
        auto const done = co_await s.promote_charts(source, target, std::move(request));
        if (!done) co_return with_hint(done.error(), everything_here());
        if (json) co_return output{to_json(*done) + "\n", ""};
        std::string text;
        for (auto const& [what, entry] : *done)
            text += entry.chart + " " + entry.version + ": " +
                    std::string(registry::name_of(what)) + "\n";
        co_return output{std::move(text), ""};
    }

private:
    std::string to_, range_, to_project_;
    std::vector<std::string> versions_;
    bool move_ = false;
    bool yes_ = false;
};

// Which mark, and whether it is set or taken.
enum class act : std::uint8_t { deprecate, undeprecate, yank, unyank };

class mark final : public chart_command {
public:
    explicit mark(act what) : what_(what) {}

    void declare(CLI::App& app) override {
        declare_place(app);
        app.add_option("NAME", name_, "the chart")->required()->check(not_empty);
        auto* const versions = app.add_option("VERSION", versions_, "only these versions [all]");
        versions->check(not_empty);
        app.add_option("--range", range_, "only versions in this range, like '^1.2'")
            ->check(not_empty)
            ->excludes(versions);
        if (what_ == act::yank) {
            versions->description("these versions");
            // Those of the whole chart would be a forgotten word.
            app.parse_complete_callback([this] {
                if (versions_.empty() && range_.empty())
                    throw CLI::RequiredError("VERSION or --range");
            });
        }
        if (what_ != act::deprecate && what_ != act::yank) return;
        auto* const reason = app.add_option("--reason", reason_, "why; readers are told");
        if (what_ == act::yank) reason->required();
    }
    task<result<output>> run(services& s, bool json) override {
        bool const yanks = what_ == act::yank || what_ == act::unyank;
        auto const right = yanks ? permission::remove_chart : permission::push_chart;
        PILOTHOUSE_CO_TRY(auto const g, co_await s.in_project(right, project_));
        PILOTHOUSE_CO_TRY(auto const channel, chart::channel_name::parse(channel_));
        auto const done = co_await set(s.mark_versions, g, channel);
        if (!done) co_return with_hint(done.error(), everything_here());
        co_return output{json ? to_json(*done) + "\n" : table_of(*done), ""};
    }

private:
    task<result<registry::mark_versions::marked>> set(registry::mark_versions& marks,
                                                      auth::grant const& g,
                                                      chart::channel_name const& channel) {
        registry::version_choice which{name_, versions_, std::nullopt};
        if (!range_.empty()) {
            PILOTHOUSE_CO_TRY(which.range, chart::version_range::parse(range_));
        }
        switch (what_) {
            case act::deprecate: co_return co_await marks.deprecate(g, channel, which, reason_);
            case act::undeprecate: co_return co_await marks.undeprecate(g, channel, which);
            case act::yank: co_return co_await marks.yank(g, channel, which, reason_);
            case act::unyank: co_return co_await marks.unyank(g, channel, which);
        }
        co_return failure(errc::invalid_argument, "nothing of the kind");
    }

    act what_;
    std::vector<std::string> versions_;
    std::string range_, reason_;
};

}  // namespace

std::vector<described_command> curation_commands() {
    return commands_of(
        describe<promote>({"promote",
                           "Puts versions of a channel into another one, all or none of them.",
                           "pilothouse chart promote team/charts edge stable nginx 1.2.3"}),
        describe<mark>({"deprecate", "Marks versions as deprecated; they stay where they are.",
                        "pilothouse chart deprecate team/charts stable nginx 1.2.3 --reason old"},
                       act::deprecate),
        describe<mark>({"undeprecate", "Takes that back.",
                        "pilothouse chart undeprecate team/charts stable nginx 1.2.3"},
                       act::undeprecate),
        describe<mark>(
            {"yank", "Takes versions out of the index; their files can still be pulled by name.",
             "pilothouse chart yank team/charts stable nginx 1.2.3 --reason broken"},
            act::yank),
        describe<mark>({"unyank", "Puts them back into the index.",
                        "pilothouse chart unyank team/charts stable nginx 1.2.3"},
                       act::unyank));
}

}  // namespace pilothouse::cli
