#include "release/judge_chart.hpp"

#include "chart/chart_version.hpp"
#include "chart/quote.hpp"
#include "chart/version_range.hpp"
#include "release/kubeconfig.hpp"
#include "release/release_targets.hpp"
#include "release/staged_archive.hpp"
#include "release/user_values.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <string>
#include <utility>

namespace pilothouse::release {

namespace {

namespace json = boost::json;

// For one that is near and well. Those who ask for an installation wait for this.
constexpr std::chrono::milliseconds version_time{3000};

// Of a line of the index, which is JSON. Empty: it is not.
json::object fields_of(std::string_view line) {
    boost::system::error_code bad;
    auto value = json::parse({line.data(), line.size()}, bad);
    return bad || !value.is_object() ? json::object() : std::move(value.get_object());
}

std::string word(json::object const& line, char const* key) {
    auto const* const value = line.if_contains(key);
    if (value == nullptr || !value->is_string()) return {};
    return {value->get_string().data(), value->get_string().size()};
}

bool advises_against(json::object const& line) {
    auto const* const deprecated = line.if_contains("deprecated");
    return deprecated != nullptr && deprecated->is_bool() && deprecated->get_bool();
}

bool says(failure const& f, char const* part) { return f.detail.find(part) != f.detail.npos; }

// Whether the refusal holds in any cluster. One of templates may depend on what a cluster has, one
// of `kubeVersion` on which it is.
bool holds_anywhere(failure const& f) {
    switch (f.code) {
        case errc::invalid_argument: return says(f, "meet the specifications");
        case errc::wrong_state: return !says(f, "kubeVersion");
        case errc::timed_out: return true;
        default: return false;
    }
}

}  // namespace

result<void> judge_chart(std::string_view index_line, bool deprecated_charts) {
    auto const line = fields_of(index_line);
    if (word(line, "type") == "library")
        return failure(errc::wrong_state, "the chart is a library: there is nothing to install");
    if (advises_against(line) && !deprecated_charts)
        return failure(errc::wrong_state,
                       "the version is deprecated, and this server installs no deprecated ones");
    return {};
}

bool is_deprecated(std::string_view index_line) { return advises_against(fields_of(index_line)); }

bool fits_cluster(std::string const& kube_version, std::string_view cluster_version) {
    auto const range = chart::version_range::parse(kube_version);
    auto const whole = chart::chart_version::parse(cluster_version);
    if (!range) return false;
    if (!whole) return true;  // nobody here can tell
    auto const numbers = chart::chart_version::parse(std::to_string(whole->major_number()) + "." +
                                                     std::to_string(whole->minor_number()) + "." +
                                                     std::to_string(whole->patch_number()));
    return range->contains(*whole) || range->contains(*numbers);
}

task<result<void>> judge_cluster(release_parts const& parts, storage::cluster_id cluster,
                                 std::string index_line) {
    auto const wanted = word(fields_of(index_line), "kubeVersion");
    if (wanted.empty() || parts.looks == nullptr) co_return result<void>();
    PILOTHOUSE_CO_TRY(auto const kubeconfig, co_await open_kubeconfig(parts, cluster));
    PILOTHOUSE_CO_TRY(auto access, reread_kubeconfig(kubeconfig));
    auto const version = co_await parts.looks->version(std::move(access), version_time);
    if (!version || fits_cluster(wanted, *version)) co_return result<void>();
    co_return failure(errc::wrong_state, "the chart's kubeVersion is " + chart::quoted(wanted) +
                                             ", and the cluster has " + *version);
}

task<result<void>> judge_values(release_parts const& parts, storage::release_source source,
                                target where, secret document) {
    PILOTHOUSE_CO_TRY(auto const archive, co_await stage_archive(parts, source.archive));
    payload what{archive.file(), document, secret_texts(document)};
    auto const rendered = co_await parts.helm.render_offline(std::move(where), std::move(what));
    if (!rendered && holds_anywhere(rendered.error())) co_return rendered.error();
    co_return result<void>();
}

}  // namespace pilothouse::release
