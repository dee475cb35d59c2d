#include "server/gitlab/package_handlers.hpp"

#include "release/product.hpp"
#include "server/serving/serve_blob.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace pilothouse::gitlab {

namespace {

using auth::permission;
using storage::package_file;
using storage::package_order;
using storage::package_record;

// Of one chart, beside the one that is shown.
constexpr std::size_t versions_shown_max = 100;

// What a list is asked for. Of other types, and in other states, there are no packages here.
struct wanted {
    storage::package_filter filter;
    storage::package_range range;
    bool nothing = false;
};

package_order order_named(std::string_view word) {
    if (word == "name") return package_order::name;
    if (word == "version") return package_order::version;
    if (word == "type") return package_order::number;
    if (word == "project_path") return package_order::project_path;
    return package_order::created;
}

wanted read_wanted(parameters& asked, page const& p, bool of_group) {
    wanted w;
    w.filter.name_part = asked.text("package_name").value_or("");
    auto const version = asked.text("package_version");
    if (version && !version->empty()) w.filter.version = version;
    (void)asked.flag("include_versionless");  // every version here has a text
    auto const type =
        asked.word("package_type",
                   {"maven", "npm", "conan", "nuget", "pypi", "composer", "generic", "golang",
                    "debian", "rubygems", "helm", "terraform_module", "rpm", "ml_model", "cargo"});
    auto const status = asked.word("status", {"default", "hidden", "processing", "error",
                                              "pending_destruction", "deprecated"});
    auto const order =
        of_group ? asked.word("order_by", {"created_at", "name", "version", "type", "project_path"})
                 : asked.word("order_by", {"created_at", "name", "version", "type"});
    if (status) w.filter.deprecated = status == "deprecated";
    w.nothing =
        (type && type != "helm") || (status && status != "default" && status != "deprecated");
    w.range.by = order_named(order.value_or("created_at"));
    w.range.descending = asked.word("sort", {"asc", "desc"}) == "desc";
    w.range.skip = p.skipped();
    w.range.count = p.size;
    return w;
}

template <class Id>
result<Id> id_in(std::string const& text, std::string_view name) {
    auto const number = number_in(text);
    if (!number) return failure(errc::invalid_argument, std::string(name) + " is invalid");
    return Id{*number};
}

result<storage::package_id> package_in(rest_request const& r) {
    return id_in<storage::package_id>(r.path(1), "package_id");
}

result<storage::package_file_id> file_in(rest_request const& r) {
    return id_in<storage::package_file_id>(r.path(2), "package_file_id");
}

json::object file_shape(package_file const& f) {
    return {
        {"id", f.id.value},
        {"package_id", f.package.value},
        {"created_at", time_text(f.created)},
        {"file_name", f.name},
        {"size", f.size_bytes.value_or(0)},
        {"file_md5", nullptr},
        {"file_sha1", nullptr},
        {"file_sha256", f.digest.hex()},
        {"channel", f.channel},
    };
}

// What a release is installed from: a version in one channel.
json::array product_versions(std::vector<package_file> const& files) {
    json::array all;
    for (auto const& f : files) {
        if (storage::is_provenance(f.id)) continue;
        all.emplace_back(
            json::object{{"channel", f.channel},
                         {"id", release::product_version_of(storage::version_of(f.id))}});
    }
    return all;
}

void sort_files(std::vector<package_file>& files, std::string_view order, bool descending) {
    std::ranges::sort(files, [order](auto const& a, auto const& b) {
        if (order == "created_at" && a.created != b.created) return a.created < b.created;
        if (order == "file_name" && a.name != b.name) return a.name < b.name;
        return a.id < b.id;
    });
    if (descending) std::ranges::reverse(files);
}

// Its clients look for them.
failure in_gitlabs_words(failure const& why_kept) {
    if (why_kept.code != errc::denied) return why_kept;
    return {errc::denied, "Package is deletion protected."};
}

}  // namespace

task<json::object> package_handlers::shape(rest_request& r, package_record const& package,
                                           removable& known) {
    auto const [asked, fresh] = known.try_emplace(package.project, false);
    if (fresh) {
        auto const may =
            co_await uses_.policy.authorize(r.x.who, permission::remove_chart, package.project);
        asked->second = may.has_value();
    }
    auto const number = std::to_string(package.id.value);
    json::object links{
        {"web_path", uses_.base_path + "/" + package.project_path + "/-/packages/" + number}};
    if (asked->second)
        links["delete_api_path"] = r.site + "/api/v4/projects/" +
                                   std::to_string(package.project.value) + "/packages/" + number;
    json::object o{
        {"id", package.id.value},
        {"name", package.chart},
        {"version", package.version},
        {"package_type", "helm"},
        {"status", package.deprecated ? "deprecated" : "default"},
        {"_links", std::move(links)},
        {"created_at", time_text(package.created)},
        {"last_downloaded_at", nullptr},
        {"creator_id", nullptr},
        {"tags", json::array()},
    };
    if (package.created_by != 0) o["creator_id"] = package.created_by;
    co_return o;
}

task<http::response> package_handlers::page_shown(rest_request& r, page p,
                                                  storage::package_list found, bool of_group) {
    removable known;
    json::array rows;
    for (auto const& package : found.packages) {
        auto o = co_await shape(r, package, known);
        if (of_group) {
            o["project_id"] = package.project.value;
            o["project_path"] = package.project_path;
        }
        rows.push_back(std::move(o));
    }
    co_return paged(r, p, found.total, std::move(rows));
}

rest_result package_handlers::list(rest_request& r) {
    auto const p = page_of(r);
    auto w = read_wanted(r.asked, p, false);
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    storage::package_list found;
    if (!w.nothing) found = co_await uses_.packages.list(r.grant(), std::move(w.filter), w.range);
    co_return co_await page_shown(r, p, std::move(found), false);
}

rest_result package_handlers::list_in_group(rest_request& r) {
    auto const p = page_of(r);
    auto w = read_wanted(r.asked, p, true);
    bool const below = !r.asked.flag("exclude_subgroups").value_or(false);
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    PILOTHOUSE_CO_TRY(auto const looking,
                      uses_.policy.authorize_on_server(r.x.who, permission::browse));
    storage::package_list found;
    if (!w.nothing)
        found = co_await uses_.packages.list_in_group(r.grant(), looking, below,
                                                      std::move(w.filter), w.range);
    co_return co_await page_shown(r, p, std::move(found), true);
}

rest_result package_handlers::show(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const id, package_in(r));
    PILOTHOUSE_CO_TRY(auto const package, co_await uses_.packages.find(r.grant(), id));
    removable known;
    auto o = co_await shape(r, package, known);
    storage::package_filter same_chart;
    same_chart.chart = package.chart;
    storage::package_range newest;
    newest.descending = true;
    newest.count = versions_shown_max + 1;
    json::array versions;
    auto const others = co_await uses_.packages.list(r.grant(), std::move(same_chart), newest);
    for (auto const& other : others.packages) {
        if (other.id == id || versions.size() == versions_shown_max) continue;
        versions.push_back(json::object{{"id", other.id.value},
                                        {"version", other.version},
                                        {"created_at", time_text(other.created)},
                                        {"tags", json::array()}});
    }
    o["versions"] = std::move(versions);
    PILOTHOUSE_CO_TRY(auto const held, co_await uses_.packages.files(r.grant(), id));
    o["product_versions"] = product_versions(held);
    co_return shown(200, o);
}

rest_result package_handlers::remove(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const id, package_in(r));
    auto const found = co_await uses_.packages.removable(r.grant(), id);
    if (!found) co_return in_gitlabs_words(found.error());
    auto const gone = co_await uses_.packages.remove(r.grant(), id);
    if (!gone) co_return gone.error();
    co_return no_content();
}

rest_result package_handlers::files(rest_request& r) {
    auto const p = page_of(r);
    auto const order = r.asked.word("order_by", {"id", "created_at", "file_name"});
    bool const descending = r.asked.word("sort", {"asc", "desc"}) == "desc";
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    PILOTHOUSE_CO_TRY(auto const id, package_in(r));
    PILOTHOUSE_CO_TRY(auto all, co_await uses_.packages.files(r.grant(), id));
    sort_files(all, order.value_or("id"), descending);
    co_return paged(r, p, all, file_shape);
}

rest_result package_handlers::download(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const id, package_in(r));
    PILOTHOUSE_CO_TRY(auto const file, file_in(r));
    auto const opened = co_await uses_.packages.open_file(r.grant(), id, file);
    if (!opened) co_return opened.error();
    serving::blob_form const form{
        storage::is_provenance(file) ? "application/pgp-signature" : "application/octet-stream",
        {serving::saved_as(opened->file.name)}};
    co_return with_usual_fields(
        serving::serve_blob(r.x.head, opened->content, opened->file.digest, form));
}

rest_result package_handlers::remove_file(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const id, package_in(r));
    PILOTHOUSE_CO_TRY(auto const file, file_in(r));
    auto const found = co_await uses_.packages.removable(r.grant(), id);
    if (!found) co_return in_gitlabs_words(found.error());
    auto const gone = co_await uses_.packages.remove_file(r.grant(), id, file);
    if (!gone) co_return gone.error();
    co_return no_content();
}

// Nothing is built here.
rest_result package_handlers::pipelines(rest_request& r) {
    auto const p = page_of(r);
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    PILOTHOUSE_CO_TRY(auto const id, package_in(r));
    auto const package = co_await uses_.packages.find(r.grant(), id);
    if (!package) co_return package.error();
    co_return paged(r, p, 0, json::array());
}

}  // namespace pilothouse::gitlab
