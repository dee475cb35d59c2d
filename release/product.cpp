#include "release/product.hpp"

#include "base/ascii.hpp"
#include "chart/chart_name.hpp"
#include "chart/chart_version.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace pilothouse::release {

namespace {

constexpr std::size_t reference_bytes_max = 2048;

failure no_such_version() {
    return failure(errc::not_found, "there is no such version of a chart");
}

std::optional<storage::version_id> number_in(std::string_view reference) {
    constexpr std::size_t digits_max = 18;
    if (!reference.starts_with("pv")) return std::nullopt;
    auto const digits = reference.substr(2);
    bool const good = !digits.empty() && digits.size() <= digits_max && digits.front() != '0' &&
                      std::ranges::all_of(digits, ascii::is_digit);
    if (!good) return std::nullopt;
    storage::version_id version;
    std::from_chars(digits.data(), digits.data() + digits.size(), version.value);
    return version;
}

// `group/project/channel/chart@version`, in its parts.
struct readable {
    std::string project, channel, chart;
    std::optional<std::string> version;
};

std::optional<readable> parts_in(std::string_view reference) {
    readable parts;
    auto const cut_last = [&reference](char at) -> std::optional<std::string> {
        auto const place = reference.rfind(at);
        if (place == reference.npos) return std::nullopt;
        std::string last(reference.substr(place + 1));
        reference = reference.substr(0, place);
        return last;
    };
    // A version holds no slash, a chart's name no `@`.
    auto const slash = reference.rfind('/');
    auto const at = reference.find('@', slash == reference.npos ? 0 : slash);
    if (at != reference.npos) {
        parts.version.emplace(reference.substr(at + 1));
        reference = reference.substr(0, at);
    }
    auto chart = cut_last('/');
    auto channel = cut_last('/');
    bool const whole = chart && channel && reference.find('/') != reference.npos;
    if (!whole || !chart::chart_name::parse(*chart) || !chart::channel_name::parse(*channel) ||
        (parts.version && !chart::chart_version::parse(*parts.version)))
        return std::nullopt;
    parts.project = reference;
    parts.chart = *std::move(chart);
    parts.channel = *std::move(channel);
    return parts;
}

product make_product(std::string reference, storage::project_record const& project,
                     std::string channel, storage::catalogue_entry entry) {
    storage::release_source source;
    source.reference = std::move(reference);
    source.product = product_of(project.id, entry.chart);
    source.project = project.id;
    source.project_path = project.path;
    source.channel = std::move(channel);
    source.chart = entry.chart;
    source.version = entry.version;
    source.archive = entry.digest;
    return {std::move(source), std::move(entry)};
}

task<result<product>> by_number(release_parts const& parts,
                                std::shared_ptr<auth::principal const> who, std::string reference,
                                storage::version_id version) {
    auto place = co_await parts.packages.locate(version);
    if (!place && place.error().code == errc::unavailable) co_return place.error();
    if (!place) {
        // Whoever is nobody learns nothing of what there is.
        if (who->what == auth::principal::kind::anonymous)
            co_return failure(errc::unauthenticated, "credentials are needed");
        co_return no_such_version();
    }
    auto const g =
        co_await parts.policy.authorize(who, auth::permission::read_chart, place->project);
    // In the words of one that is not there: who may not know of it cannot count the numbers.
    if (!g && g.error().code == errc::not_found) co_return no_such_version();
    if (!g) co_return g.error();
    auto entry = co_await parts.catalogue.find(place->project, place->channel, place->file_name);
    if (!entry && entry.error().code == errc::unavailable) co_return entry.error();
    // Another one may have come in its place just now.
    if (!entry || entry->id != version) co_return no_such_version();
    co_return make_product(std::move(reference), g->project(), std::move(place->channel),
                           std::move(*entry));
}

// Of one chart's versions, the newest first: the one that is meant. Yanked ones are not.
std::optional<std::string> file_meant(std::vector<storage::catalogue_entry> const& entries,
                                      std::optional<std::string> const& version) {
    auto const meant = [&](storage::catalogue_entry const& e) {
        if (e.yanked) return false;
        if (version) return e.version == *version;
        auto const parsed = chart::chart_version::parse(e.version);
        return parsed && !parsed->prerelease();
    };
    auto const found = std::ranges::find_if(entries, meant);
    if (found == entries.end()) return std::nullopt;
    return found->file_name;
}

task<result<product>> by_name(release_parts const& parts,
                              std::shared_ptr<auth::principal const> who, std::string reference,
                              readable named) {
    PILOTHOUSE_CO_TRY(auto const g, co_await parts.policy.authorize(
                                        who, auth::permission::read_chart, named.project));
    auto const id = g.project().id;
    auto const entries = co_await parts.catalogue.list(id, named.channel, named.chart);
    auto const file = file_meant(entries, named.version);
    if (!file) co_return no_such_version();
    auto entry = co_await parts.catalogue.find(id, named.channel, *file);
    if (!entry) co_return no_such_version();
    co_return make_product(std::move(reference), g.project(), std::move(named.channel),
                           std::move(*entry));
}

}  // namespace

std::string product_version_of(storage::version_id version) {
    return "pv" + std::to_string(version.value);
}

std::string product_of(storage::project_id project, std::string_view chart) {
    return "p" + std::to_string(project.value) + "-" + std::string(chart);
}

task<result<product>> find_product(release_parts const& parts,
                                   std::shared_ptr<auth::principal const> who,
                                   std::string reference) {
    if (reference.size() <= reference_bytes_max) {
        if (auto const number = number_in(reference))
            co_return co_await by_number(parts, std::move(who), std::move(reference), *number);
        if (auto named = parts_in(reference))
            co_return co_await by_name(parts, std::move(who), std::move(reference),
                                       *std::move(named));
    }
    co_return failure(errc::invalid_argument,
                      "a version of a chart is named by its id (pv123), or as "
                      "group/project/channel/chart@version");
}

}  // namespace pilothouse::release
