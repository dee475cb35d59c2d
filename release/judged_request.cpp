#include "release/judged_request.hpp"

#include "release/judge_chart.hpp"
#include "release/product.hpp"
#include "release/release_name.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <utility>

namespace pilothouse::release {

namespace {

using auth::permission;
using storage::release_record;

// What was named in two ways must be one thing.
result<std::string> one_of_both(std::string given, std::optional<std::string> const& reserved,
                                char const* key, std::string const& otherwise) {
    if (reserved && !given.empty() && given != *reserved)
        return failure(errc::invalid_argument,
                       "user value \"" + std::string(key) + "\": the request names another one");
    if (!given.empty()) return given;
    return reserved ? *reserved : otherwise;
}

// Of a release that is there the reserved values are what they were.
result<void> check_unchanged(merged_values const& values, release_record const& release) {
    if (values.name.value_or(release.name) != release.name)
        return failure(errc::invalid_argument,
                       "user value \"applicationName\": the name of a release cannot change");
    if (values.name_space.value_or(release.name_space) != release.name_space)
        return failure(errc::invalid_argument,
                       "user value \"namespace\": the namespace of a release cannot change");
    return {};
}

result<void> check_place(storage::cluster_record const& cluster, std::string const& name,
                         std::string const& name_space) {
    if (auto const good = check_release_name(name); !good) return good.error();
    if (auto const good = check_namespace(name_space); !good) return good.error();
    return check_namespace_policy(cluster, name_space);
}

task<result<product>> judged_version(release_parts const& parts, auth::grant const& g,
                                     std::string version) {
    auto const who = std::make_shared<auth::principal const>(g.who());
    PILOTHOUSE_CO_TRY(auto found, co_await find_product(parts, who, std::move(version)));
    auto const judged = judge_chart(found.entry.line(), parts.limits.deprecated_charts);
    if (!judged) co_return judged.error();
    co_return found;
}

}  // namespace

result<operation_options> check_options(operation_options how, release_limits const& limits) {
    using std::chrono::duration_cast;
    using std::chrono::seconds;
    if (how.timeout == seconds(0)) how.timeout = duration_cast<seconds>(limits.timeout);
    if (how.timeout >= seconds(1) && how.timeout <= limits.timeout_max) return how;
    return failure(errc::invalid_argument,
                   "a timeout is between one second and " +
                       std::to_string(duration_cast<seconds>(limits.timeout_max).count()));
}

task<result<void>> check_helm(release_parts const& parts) {
    auto const version = co_await parts.helm.version();
    if (version) co_return result<void>();
    co_return version.error();
}

task<result<release_record>> find_in_cluster(release_parts const& parts, auth::grant const& g,
                                             std::string id) {
    PILOTHOUSE_CO_TRY(auto found, co_await parts.releases.find(std::move(id)));
    if (found.cluster != g.cluster().id)
        co_return failure(errc::not_found, "there is no such release");
    co_return found;
}

task<result<judged_install>> judge_install(release_parts const& parts, auth::grant const& g,
                                           install_request wanted) {
    g.expect({permission::use_cluster});
    judged_install judged;
    PILOTHOUSE_CO_TRY(judged.options, check_options(wanted.options, parts.limits));
    PILOTHOUSE_CO_TRY(auto values, merge_values(wanted.values));
    PILOTHOUSE_CO_TRY(auto found, co_await judged_version(parts, g, std::move(wanted.version)));
    judged.source = std::move(found.source);
    judged.deprecated = is_deprecated(found.entry.line());
    PILOTHOUSE_CO_TRY(judged.name, one_of_both(std::move(wanted.name), values.name,
                                               "applicationName", judged.source.chart));
    PILOTHOUSE_CO_TRY(judged.name_space, one_of_both(std::move(wanted.name_space),
                                                     values.name_space, "namespace", "default"));
    auto const place = check_place(g.cluster(), judged.name, judged.name_space);
    if (!place) co_return place.error();
    if (auto const good = co_await check_helm(parts); !good) co_return good.error();
    judged.document = std::move(values.document);
    target where{secret(), judged.name_space, judged.name};
    auto const fits =
        co_await judge_values(parts, judged.source, std::move(where), judged.document);
    if (!fits) co_return fits.error();
    auto const there = co_await judge_cluster(parts, g.cluster().id, found.entry.line());
    if (!there) co_return there.error();
    co_return judged;
}

task<result<judged_update>> judge_update(release_parts const& parts, auth::grant const& g,
                                         update_request wanted) {
    g.expect({permission::use_cluster});
    judged_update judged;
    PILOTHOUSE_CO_TRY(judged.options, check_options(wanted.options, parts.limits));
    PILOTHOUSE_CO_TRY(auto values, merge_values(wanted.values));
    PILOTHOUSE_CO_TRY(judged.release,
                      co_await find_in_cluster(parts, g, std::move(wanted.release)));
    auto const& release = judged.release;
    if (auto const good = check_unchanged(values, release); !good) co_return good.error();
    judged.source = release.source;
    std::string line;  // of the version, where one is named
    if (!wanted.version.empty()) {
        PILOTHOUSE_CO_TRY(auto found, co_await judged_version(parts, g, std::move(wanted.version)));
        line = found.entry.line();
        judged.deprecated = is_deprecated(line);
        judged.source = std::move(found.source);
        if (judged.source.product != release.source.product)
            co_return failure(errc::invalid_argument,
                              "the version is one of another chart than the release's");
    }
    auto const place = check_namespace_policy(g.cluster(), release.name_space);
    if (!place) co_return place.error();
    if (auto const good = co_await check_helm(parts); !good) co_return good.error();
    auto const there = co_await judge_cluster(parts, g.cluster().id, std::move(line));
    if (!there) co_return there.error();
    // Those that are kept Helm alone knows; the run judges them.
    judged.keeps_values = values.empty && wanted.values.documents.empty() && !wanted.reset_values;
    if (judged.keeps_values) co_return judged;
    judged.document = std::move(values.document);
    target where{secret(), release.name_space, release.name};
    auto const fits =
        co_await judge_values(parts, judged.source, std::move(where), judged.document);
    if (!fits) co_return fits.error();
    co_return judged;
}

}  // namespace pilothouse::release
