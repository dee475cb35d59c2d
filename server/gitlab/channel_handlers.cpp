#include "server/gitlab/channel_handlers.hpp"

#include "base/quantity.hpp"
#include "registry/channel_words.hpp"
#include "server/gitlab/channel_shapes.hpp"

#include <array>
#include <chrono>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

namespace pilothouse::gitlab {

namespace {

using auth::permission;
using registry::retention_changes;

using count_rule = retention_changes::one<std::int64_t> retention_changes::*;
using age_rule = retention_changes::one<std::chrono::seconds> retention_changes::*;

constexpr std::array<std::pair<std::string_view, count_rule>, 4> counts = {{
    {"retention[newest]", &retention_changes::newest_of_chart},
    {"retention[newest_of_major]", &retention_changes::newest_of_major},
    {"retention[newest_of_minor]", &retention_changes::newest_of_minor},
    {"retention[prereleases]", &retention_changes::newest_prereleases},
}};
constexpr std::array<std::pair<std::string_view, age_rule>, 2> ages = {{
    {"retention[younger_than]", &retention_changes::younger_than},
    {"retention[prereleases_younger_than]", &retention_changes::prereleases_younger_than},
}};
constexpr std::string_view range_rule = "retention[matching]";

// Null and empty take a rule away, and `retention` itself as null all of them. nullopt: none is
// named.
std::optional<retention_changes> rules_asked(parameters& asked) {
    retention_changes rules;
    bool named = asked.is_empty("retention");
    rules.all_go = named;
    if (asked.has("retention") && !named && !asked.is_object("retention"))
        asked.complain("retention is invalid");
    for (auto const& [name, rule] : counts) {
        if (!asked.has(name) && !asked.is_empty(name)) continue;
        named = true;
        (rules.*rule).emplace(asked.integer(name));
    }
    for (auto const& [name, rule] : ages) {
        if (!asked.has(name) && !asked.is_empty(name)) continue;
        named = true;
        auto const text = asked.text(name).value_or("");
        auto const age = registry::parse_age(text);
        (rules.*rule).emplace(age);
        if (!text.empty() && !age) asked.complain(std::string(name) + " is invalid");
    }
    if (asked.has(range_rule) || asked.is_empty(range_rule)) {
        named = true;
        rules.matching = asked.text(range_rule).value_or("");
    }
    return named ? std::optional(std::move(rules)) : std::nullopt;
}

// Null inherits, as the word does.
registry::channel_changes channel_changes_asked(parameters& asked) {
    registry::channel_changes c;
    c.description = asked.is_empty("description") ? "" : asked.text("description");
    if (asked.is_empty("duplicates"))
        c.duplicates.emplace();
    else if (auto const d =
                 asked.word("duplicates", {"inherit", "refuse", "prerelease_only", "allow"}))
        c.duplicates = registry::parse_channel_duplicates(*d);
    if (asked.is_empty("index_format"))
        c.index_format = storage::index_choice::inherit;
    else if (auto const f = asked.word("index_format", {"inherit", "json", "yaml"}))
        c.index_format = registry::parse_index_choice(*f);
    c.read_only = asked.flag("read_only");
    c.retention = rules_asked(asked);
    return c;
}

bool changes_something(registry::channel_changes const& c) {
    return c.description || c.duplicates || c.index_format || c.read_only || c.retention;
}

// Seconds, or with a unit: 3600, 1h, 1 h.
std::chrono::seconds grace_asked(parameters& asked) {
    constexpr std::chrono::seconds usual = std::chrono::hours(1);  // no push lasts as long
    constexpr std::chrono::seconds longest(std::numeric_limits<std::uint32_t>::max());
    auto const text = asked.text("grace");
    if (!text || text->empty()) return usual;
    auto const grace = parse_duration(*text);
    if (grace && *grace <= longest) return *grace;
    asked.complain("grace is invalid");
    return usual;
}

json::array shapes_of(std::vector<registry::doomed_version> const& versions) {
    json::array all;
    for (auto const& v : versions) all.push_back(doomed_shape(v));
    return all;
}

}  // namespace

result<chart::channel_name> channel_parts::channel_of(rest_request const& r) {
    return chart::channel_name::parse(r.path(1));
}

task<result<auth::grant>> channel_parts::also(rest_request& r, auth::permission what,
                                              auth::project_reference where) {
    auto allowed = co_await uses_.policy.authorize(r.x.who, what, std::move(where));
    if (allowed) allowed->came_from(r.x.peer);
    co_return allowed;
}

rest_result channel_handlers::list(rest_request& r) {
    auto const page = page_of(r);
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    auto const all = co_await uses_.charts.channels(r.grant());
    co_return paged(r, page, all, channel_shape);
}

rest_result channel_handlers::show(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const channel, channel_of(r));
    PILOTHOUSE_CO_TRY(auto const found, co_await uses_.channels.find(r.grant(), channel));
    co_return shown(200, channel_shape(found));
}

rest_result channel_handlers::edit(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const channel, channel_of(r));
    auto changes = channel_changes_asked(r.asked);
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    if (!changes_something(changes))
        co_return validation_error(
            "description, duplicates, index_format, read_only, retention are missing, at least one "
            "parameter must be provided");
    PILOTHOUSE_CO_TRY(auto const edited,
                      co_await uses_.channels.edit(r.grant(), channel, std::move(changes)));
    co_return shown(200, channel_shape(edited));
}

// Whoever reads may see what would go.
rest_result channel_handlers::retain(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const channel, channel_of(r));
    bool const dry_run = r.asked.flag("dry_run").value_or(false);
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    auto const right = dry_run ? permission::read_chart : permission::remove_chart;
    PILOTHOUSE_CO_TRY(auto const g, co_await also(r, right, r.grant().project().id));
    PILOTHOUSE_CO_TRY(auto const done, co_await uses_.retain(g, channel, dry_run));
    co_return shown(201, json::object{{"dry_run", dry_run},
                                      {"removed", shapes_of(done.gone)},
                                      {"protected", shapes_of(done.kept)}});
}

rest_result channel_handlers::collect_garbage(rest_request& r) {
    auto const grace = grace_asked(r.asked);
    bool const dry_run = r.asked.flag("dry_run").value_or(false);
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    auto const done = co_await uses_.collect(r.grant(), grace, dry_run);
    auto answer = shown(201, garbage_shape(done, dry_run));
    answer.because(done.first_error);
    co_return answer;
}

}  // namespace pilothouse::gitlab
