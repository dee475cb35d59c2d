#include "registry/mark_versions.hpp"

#include "base/plain_text.hpp"
#include "index/entry_fragment.hpp"
#include "registry/channel_words.hpp"
#include "registry/manage_protections.hpp"

#include <algorithm>
#include <utility>

namespace pilothouse::registry {

namespace {

using auth::permission;
using storage::mark_kind;

constexpr std::size_t reason_characters_max = 500;

result<void> check_reason(std::string_view reason) {
    return check_text("a reason", reason, reason_characters_max, text_shape::one_line);
}

storage::marking to_lose(mark_kind what) {
    storage::marking m;
    m.what = what;
    return m;
}

std::optional<storage::mark> const& mark_of(storage::catalogue_entry const& e, mark_kind what) {
    return what == mark_kind::deprecated ? e.deprecated : e.yanked;
}

bool is_other(std::optional<storage::mark> const& before,
              std::optional<storage::mark> const& after) {
    if (!before || !after) return before.has_value() != after.has_value();
    return before->reason != after->reason;
}

std::string_view event_of(storage::marking const& m) {
    if (m.what == mark_kind::deprecated)
        return m.wanted ? "version_deprecated" : "version_undeprecated";
    return m.wanted ? "version_yanked" : "version_unyanked";
}

bool blank(std::string_view text) { return text.find_first_not_of(' ') == std::string_view::npos; }

}  // namespace

task<result<mark_versions::marked>> mark_versions::deprecate(auth::grant const& g,
                                                             chart::channel_name const& channel,
                                                             version_choice const& which,
                                                             std::string reason) {
    g.expect({permission::push_chart});
    if (auto const good = check_reason(reason); !good) co_return good.error();
    auto wanted = to_lose(mark_kind::deprecated);
    wanted.wanted = said(g, std::move(reason));
    co_return co_await set(g, channel, which, std::move(wanted));
}

task<result<mark_versions::marked>> mark_versions::undeprecate(auth::grant const& g,
                                                               chart::channel_name const& channel,
                                                               version_choice const& which) {
    g.expect({permission::push_chart});
    auto wanted = to_lose(mark_kind::deprecated);
    co_return co_await set(g, channel, which, std::move(wanted));
}

task<result<mark_versions::marked>> mark_versions::yank(auth::grant const& g,
                                                        chart::channel_name const& channel,
                                                        version_choice const& which,
                                                        std::string reason) {
    g.expect({permission::remove_chart});
    if (auto const good = check_reason(reason); !good) co_return good.error();
    if (blank(reason))
        co_return failure(errc::invalid_argument,
                          "a yank needs a reason: whoever still pulls the version is told");
    auto wanted = to_lose(mark_kind::yanked);
    wanted.wanted = said(g, std::move(reason));
    co_return co_await set(g, channel, which, std::move(wanted));
}

task<result<mark_versions::marked>> mark_versions::unyank(auth::grant const& g,
                                                          chart::channel_name const& channel,
                                                          version_choice const& which) {
    g.expect({permission::remove_chart});
    auto wanted = to_lose(mark_kind::yanked);
    co_return co_await set(g, channel, which, std::move(wanted));
}

storage::mark mark_versions::said(auth::grant const& g, std::string reason) const {
    return {std::move(reason), g.who().user.value, time_.now()};
}

// `mark` says what every version is to have; the versions, and their lines, are found here.
task<result<mark_versions::marked>> mark_versions::set(auth::grant const& g,
                                                       chart::channel_name const& channel,
                                                       version_choice const& which,
                                                       storage::marking mark) {
    auto all = co_await catalogue_.list(g.project().id, channel.text(), which.chart);
    PILOTHOUSE_CO_TRY(auto chosen, choose(std::move(all), which, yanked_versions::too));
    if (auto const good = check_number(chosen); !good) co_return good.error();
    auto const allowed =
        g.what() == permission::push_chart ? check_push(g, chosen) : check_removal(g, chosen);
    if (!allowed) co_return allowed.error();
    bool const needs_line = mark.what == mark_kind::deprecated && mark.wanted.has_value();
    std::vector<storage::marking> markings;
    for (auto& entry : chosen) {
        if (needs_line) {
            PILOTHOUSE_CO_TRY(
                entry, co_await catalogue_.find(g.project().id, channel.text(), entry.file_name));
            mark.line = index::deprecated_fragment(entry.fragment, mark.wanted->reason);
        }
        mark.version = {entry.file_name, entry.digest};
        markings.push_back(mark);
    }
    auto done = co_await curator_.mark(g.project().id, channel.text(), std::move(markings));
    if (done) co_await note(g, channel, mark, chosen, *done);
    co_return done;
}

task<void> mark_versions::note(auth::grant const& g, chart::channel_name const& channel,
                               storage::marking const& mark, marked const& before,
                               marked const& after) {
    marked changed;
    for (std::size_t i = 0; i < after.size(); ++i)
        if (is_other(mark_of(before[i], mark.what), mark_of(after[i], mark.what)))
            changed.push_back(after[i]);
    if (changed.empty()) co_return;
    auto detail = summary_of(changed);
    if (mark.wanted && !mark.wanted->reason.empty()) detail += ": " + mark.wanted->reason;
    co_await audit_.note(g, event_of(mark), channel_thing(channel.text()), std::move(detail));
}

}  // namespace pilothouse::registry
