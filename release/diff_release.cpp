#include "release/diff_release.hpp"

#include "release/chart_definitions.hpp"
#include "release/judged_request.hpp"
#include "release/line_diff.hpp"
#include "release/product.hpp"
#include "release/redaction.hpp"
#include "release/release_targets.hpp"
#include "release/staged_archive.hpp"
#include "release/user_values.hpp"

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <utility>

namespace pilothouse::release {

namespace {

constexpr std::size_t cells_of_a_diff = 16'000'000;  // some tenths of a second

using objects = std::vector<rendered_object>;
using differences = std::vector<object_difference>;
using object_key = std::tuple<std::string, std::string, std::string>;

std::map<object_key, rendered_object const*> by_key(objects const& all,
                                                    std::string const& name_space) {
    std::map<object_key, rendered_object const*> keyed;
    for (auto const& o : all) {
        auto const& where = o.name_space.empty() ? name_space : o.name_space;
        keyed.insert_or_assign({o.kind, where, o.name}, &o);
    }
    return keyed;
}

object_difference difference_of(object_change what, rendered_object const& o, std::string text) {
    return {what, o.api_version, o.kind, o.name_space, o.name, std::move(text)};
}

// An object in the release's own namespace may say so, or not.
differences compare(objects const& before, objects const& after, std::string const& name_space) {
    differences all;
    auto cells = cells_of_a_diff;
    auto const old = by_key(before, name_space);
    auto const fresh = by_key(after, name_space);
    for (auto const& [key, o] : fresh) {
        auto const was = old.find(key);
        bool const added = was == old.end();
        auto text = diff_lines(added ? std::string_view() : was->second->text, o->text, cells);
        if (added || !text.empty())
            all.push_back(difference_of(added ? object_change::added : object_change::changed, *o,
                                        std::move(text)));
    }
    for (auto const& [key, o] : old)
        if (!fresh.contains(key))
            all.push_back(
                difference_of(object_change::removed, *o, diff_lines(o->text, "", cells)));
    return all;
}

// Both sides by the same secrets, the old ones and the new: else what stays would seem to change,
// and what is secret on one side alone would be shown on the other.
result<differences> shown(objects before, objects after, target const& where,
                          std::initializer_list<secret const*> values) {
    auto hidden = secret_texts(where.kubeconfig);
    for (auto const* document : values)
        for (auto& text : secret_texts(*document)) hidden.push_back(std::move(text));
    redaction const redact(hidden);
    if (redact.withholds())
        return failure(errc::wrong_state,
                       "the values hold more secret texts than a diff can hide: at most " +
                           std::to_string(secret_texts_max) + ", of " +
                           std::to_string(secret_bytes_max / 1024) + " KiB in all");
    for (auto* side : {&before, &after})
        for (auto& object : *side) object.text = redact(object.text);
    return compare(before, after, where.name_space);
}

task<result<bool>> has_definitions(release_parts const& parts, std::filesystem::path archive) {
    auto const job = [&] { return find_definition(archive); };
    PILOTHOUSE_CO_TRY(auto const first, co_await parts.files.run(job));
    co_return !first.empty();
}

// Those that a template makes are there already.
void add_definitions(objects& to, objects whole) {
    auto const known = to.size();
    for (auto& o : whole) {
        if (o.kind != "CustomResourceDefinition") continue;
        auto const same = [&](rendered_object const& x) {
            return x.kind == o.kind && x.name == o.name;
        };
        if (std::none_of(to.begin(), to.begin() + static_cast<std::ptrdiff_t>(known), same))
            to.push_back(std::move(o));
    }
}

task<result<objects>> rendered(release_parts const& parts, target where,
                               storage::release_source source, secret document, bool upgrade) {
    PILOTHOUSE_CO_TRY(auto const archive, co_await stage_archive(parts, source.archive));
    auto hidden = secret_texts(document);
    for (auto& text : secret_texts(where.kubeconfig)) hidden.push_back(std::move(text));
    payload const what{archive.file(), std::move(document), std::move(hidden)};
    auto made = co_await parts.helm.render(where, what, upgrade);
    if (!made || upgrade) co_return made;
    PILOTHOUSE_CO_TRY(bool const brings, co_await has_definitions(parts, archive.file()));
    if (!brings) co_return made;
    // What Helm makes of `crds/` it tells without a cluster alone; a chart that takes one to be
    // rendered keeps that to itself.
    auto whole = co_await parts.helm.render_offline(where, what);
    if (whole) add_definitions(*made, *std::move(whole));
    co_return made;
}

}  // namespace

task<result<differences>> diff_release::update(auth::grant const& g, update_request wanted) {
    PILOTHOUSE_CO_TRY(auto judged, co_await judge_update(parts_, g, std::move(wanted)));
    PILOTHOUSE_CO_TRY(auto const where, co_await target_of(parts_, judged.release));
    PILOTHOUSE_CO_TRY(auto const values, co_await parts_.helm.values(where));
    if (judged.keeps_values) judged.document = values;
    PILOTHOUSE_CO_TRY(auto before, co_await parts_.helm.manifest(where, 0));
    PILOTHOUSE_CO_TRY(auto after,
                      co_await rendered(parts_, where, judged.source, judged.document, true));
    auto const job = [&] {
        return shown(std::move(before), std::move(after), where, {&values, &judged.document});
    };
    co_return co_await parts_.files.run(job);
}

task<result<differences>> diff_release::install(auth::grant const& g, install_request wanted) {
    PILOTHOUSE_CO_TRY(auto const judged, co_await judge_install(parts_, g, std::move(wanted)));
    PILOTHOUSE_CO_TRY(auto kubeconfig, co_await open_kubeconfig(parts_, g.cluster().id));
    target const where{std::move(kubeconfig), judged.name_space, judged.name};
    PILOTHOUSE_CO_TRY(auto after,
                      co_await rendered(parts_, where, judged.source, judged.document, false));
    auto const job = [&] { return shown({}, std::move(after), where, {&judged.document}); };
    co_return co_await parts_.files.run(job);
}

task<result<bool>> diff_release::leaves_definitions(auth::grant const& g, update_request wanted) {
    g.expect({auth::permission::use_cluster});
    PILOTHOUSE_CO_TRY(auto const release, co_await find_in_cluster(parts_, g, wanted.release));
    auto source = release.source;
    if (!wanted.version.empty()) {
        auto const who = std::make_shared<auth::principal const>(g.who());
        PILOTHOUSE_CO_TRY(auto found, co_await find_product(parts_, who, wanted.version));
        source = std::move(found.source);
    }
    PILOTHOUSE_CO_TRY(auto const archive, co_await stage_archive(parts_, source.archive));
    co_return co_await has_definitions(parts_, archive.file());
}

}  // namespace pilothouse::release
