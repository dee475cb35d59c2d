#include "registry/retention.hpp"

#include "chart/chart_version.hpp"
#include "chart/version_range.hpp"
#include "registry/channel_words.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <utility>

namespace pilothouse::registry {

namespace {

using limit = std::optional<std::int64_t>;
using age = std::optional<std::chrono::seconds>;

// Longer than any clock here runs: 200 years of nanoseconds fit 64 bits.
constexpr std::chrono::seconds age_max = std::chrono::years(200);

failure invalid_rule(std::string detail) { return {errc::invalid_argument, std::move(detail)}; }

// "beyond the newest release", "beyond the newest 3 releases of 1.x"
std::string count_words(std::int64_t count, std::string_view what, std::string_view within) {
    std::string text = "beyond the newest ";
    if (count != 1) text += std::to_string(count) + " ";
    text.append(what).append(count != 1 ? "s" : "").append(within);
    return text;
}

std::string age_words(std::chrono::seconds age) {
    return "in the channel for more than " + age_text(age);
}

// How many versions of each kind were seen that count as newer than the one at hand.
class ranks {
public:
    // Newer ones of the same group; then the version itself counts, unless it is yanked.
    std::int64_t next(std::string group, bool counts) {
        auto& seen = seen_[std::move(group)];
        return counts ? seen++ : seen;
    }

private:
    std::map<std::string, std::int64_t> seen_;
};

// Gathers reasons to go; one reason to stay outweighs them all.
class verdict {
public:
    void keep() { kept_ = true; }
    void newest(limit const& count, std::int64_t rank, std::string_view what,
                std::string_view within = "") {
        if (!count) return;
        rank < *count ? keep() : say(count_words(*count, what, within));
    }
    void younger(age const& limit, std::chrono::nanoseconds had) {
        if (!limit) return;
        had < *limit ? keep() : say(age_words(*limit));
    }
    [[nodiscard]] bool goes() const { return !kept_ && !why_.empty(); }
    [[nodiscard]] std::string why() && { return std::move(why_); }

private:
    void say(std::string reason) { why_ += (why_.empty() ? "" : "; ") + std::move(reason); }

    bool kept_ = false;
    std::string why_;
};

void judge_release(verdict& v, storage::retention_rules const& rules,
                   storage::catalogue_entry const& entry, chart::chart_version const& version,
                   ranks& seen) {
    bool const counts = !entry.yanked;
    auto const major = std::to_string(version.major_number());
    auto const minor = major + "." + std::to_string(version.minor_number());
    auto const rank = seen.next(entry.chart, counts);
    if (rank == 0 && counts) v.keep();
    v.newest(rules.newest_of_chart, rank, "release");
    v.newest(rules.newest_of_major, seen.next(entry.chart + "/" + major, counts), "release",
             " of " + major + ".x");
    v.newest(rules.newest_of_minor, seen.next(entry.chart + "/" + minor, counts), "release",
             " of " + minor + ".x");
}

}  // namespace

result<void> check_rules(storage::retention_rules const& rules) {
    for (auto const& count : {rules.newest_of_chart, rules.newest_of_major, rules.newest_of_minor})
        if (count && *count < 1)
            return invalid_rule("how many of the newest releases are kept is a number from 1");
    if (rules.newest_prereleases && *rules.newest_prereleases < 0)
        return invalid_rule("how many of the newest pre-releases are kept is a number from 0");
    for (auto const& age : {rules.younger_than, rules.prereleases_younger_than})
        if (age && (age->count() < 1 || *age > age_max))
            return invalid_rule("an age is at least a second, and at most 200 years");
    if (rules.matching.empty()) return {};
    auto const range = chart::version_range::parse(rules.matching);
    if (!range) return range.error();
    return {};
}

std::vector<doomed_version> doomed_by(storage::retention_rules const& rules,
                                      std::vector<storage::catalogue_entry> const& versions,
                                      instant now, usage_test const& in_use) {
    std::optional<chart::version_range> range;
    if (!rules.matching.empty()) range = chart::version_range::parse(rules.matching).value();

    std::vector<doomed_version> doomed;
    ranks releases;
    ranks prereleases;
    for (auto const& entry : versions) {
        auto const version = chart::chart_version::parse(entry.version);
        if (!version) continue;  // nothing here is pushed without
        verdict v;
        auto const had = now - entry.arrived();
        if (version->prerelease()) {
            v.newest(rules.newest_prereleases, prereleases.next(entry.chart, !entry.yanked),
                     "pre-release");
            v.younger(rules.prereleases_younger_than, had);
        } else {
            judge_release(v, rules, entry, *version, releases);
            v.younger(rules.younger_than, had);
        }
        if (range && range->contains(*version)) v.keep();
        if (v.goes() && !(in_use && in_use(entry))) doomed.push_back({entry, std::move(v).why()});
    }
    return doomed;
}

}  // namespace pilothouse::registry
