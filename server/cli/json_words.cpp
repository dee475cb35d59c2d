#include "server/cli/json_words.hpp"

#include "registry/channel_words.hpp"
#include "registry/directory_names.hpp"
#include "release/product.hpp"
#include "server/shapes/or_null.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <chrono>
#include <optional>

namespace pilothouse::cli {

namespace {

namespace json = boost::json;
using registry::name_of;
using shapes::id_or_null;
using shapes::text_or_null;
using shapes::time_or_null;

json::value number_or_null(std::optional<std::int64_t> const& number) {
    if (!number) return nullptr;
    return *number;
}

json::value age_or_null(std::optional<std::chrono::seconds> const& age) {
    if (!age) return nullptr;
    return json::value(registry::age_text(*age));
}

json::value mark_or_null(std::optional<storage::mark> const& m) {
    if (!m) return nullptr;
    return json::object{
        {"reason", m->reason}, {"by", id_or_null(m->by)}, {"at", to_rfc3339(m->at)}};
}

json::value promotion_or_null(std::optional<storage::promotion> const& p) {
    if (!p) return nullptr;
    return json::object{{"from", p->from}, {"by", id_or_null(p->by)}, {"at", to_rfc3339(p->at)}};
}

json::object describe(storage::catalogue_entry const& e) {
    json::value const provenance =
        e.provenance ? json::value(e.provenance->hex()) : json::value(nullptr);
    return {
        {"id", e.id.value},
        {"product_version_id", release::product_version_of(e.id)},
        {"name", e.chart},
        {"version", e.version},
        {"file_name", e.file_name},
        {"digest", e.digest.hex()},
        {"size_bytes", e.size_bytes},
        {"provenance_digest", provenance},
        {"created_at", to_rfc3339(e.created)},
        {"created_by", id_or_null(e.created_by)},
        {"promoted", promotion_or_null(e.promoted)},
        {"deprecated", mark_or_null(e.deprecated)},
        {"yanked", mark_or_null(e.yanked)},
    };
}

json::object describe(storage::token_record const& t) {
    json::object o = {
        {"id", t.id.value},
        {"kind", storage::name_of(t.kind)},
        {"name", t.name},
        {"scopes", json::array(t.scopes.begin(), t.scopes.end())},
        {"user_id", id_or_null(t.user.value)},
        {"project_id", id_or_null(t.project.value)},
        {"group_id", id_or_null(t.group.value)},
        {"created_at", to_rfc3339(t.created)},
        {"expires_at", time_or_null(t.expires)},
        {"last_used_at", time_or_null(t.last_used)},
        {"revoked", t.revoked},
    };
    if (t.kind == storage::token_kind::deploy) o["username"] = t.username;
    return o;
}

}  // namespace

std::string to_json(storage::user_record const& u) {
    return json::serialize(json::object{
        {"id", u.id.value},
        {"username", u.username},
        {"name", u.name},
        {"email", u.email},
        {"admin", u.admin},
        {"blocked", u.blocked},
        {"created_at", to_rfc3339(u.created)},
    });
}

std::string to_public_json(storage::user_record const& u) {
    return json::serialize(json::object{
        {"id", u.id.value},
        {"username", u.username},
        {"name", u.name},
        {"blocked", u.blocked},
    });
}

std::string to_public_json(std::vector<storage::user_record> const& users) {
    std::string text = "[";
    for (auto const& u : users) text += (text.size() > 1 ? ",\n " : "") + to_public_json(u);
    return text + "]";
}

namespace {

json::object describe(storage::project_record const& p) {
    return {
        {"id", p.id.value},
        {"path", p.path},
        {"name", p.name},
        {"description", p.description},
        {"visibility", name_of(p.visibility)},
        {"anyone_can_pull", p.anyone_can_pull},
        {"duplicates", name_of(p.duplicates)},
        {"archived", p.archived},
        {"package_registry", p.packages_enabled ? "enabled" : "disabled"},
        {"created_at", to_rfc3339(p.created)},
    };
}

json::value limit_or_null(std::uint64_t limit) {
    if (limit == 0) return nullptr;
    return limit;
}

}  // namespace

std::string to_json(storage::project_record const& p) { return json::serialize(describe(p)); }

std::string to_json(storage::project_record const& p, storage::quota_state const& quota) {
    auto o = describe(p);
    o["versions"] = quota.use.versions;
    o["versions_limit"] = limit_or_null(quota.quota.versions);
    o["bytes"] = quota.use.bytes;
    o["bytes_limit"] = limit_or_null(quota.quota.bytes);
    return json::serialize(o);
}

std::string to_json(storage::group_record const& g) {
    return json::serialize(json::object{
        {"id", g.id.value},
        {"path", g.path},
        {"name", g.name},
        {"description", g.description},
        {"visibility", name_of(g.visibility)},
        {"created_at", to_rfc3339(g.created)},
    });
}

namespace {

json::object describe(storage::package_record const& p) {
    return {
        {"id", p.id.value},     {"project", p.project_path},        {"chart", p.chart},
        {"version", p.version}, {"created", to_rfc3339(p.created)}, {"deprecated", p.deprecated},
    };
}

}  // namespace

std::string to_json(storage::package_record const& p) { return json::serialize(describe(p)); }

std::string to_json(storage::package_record const& p,
                    std::vector<storage::package_file> const& files) {
    auto o = describe(p);
    json::array list;
    for (auto const& f : files) {
        json::object file{{"id", f.id.value},
                          {"channel", f.channel},
                          {"name", f.name},
                          {"sha256", f.digest.hex()},
                          {"created", to_rfc3339(f.created)}};
        if (f.size_bytes) file["bytes"] = *f.size_bytes;
        list.push_back(std::move(file));
    }
    o["files"] = std::move(list);
    return json::serialize(o);
}

std::string to_json(storage::protection_rule const& r) {
    return json::serialize(json::object{
        {"id", r.id.value},
        {"pattern", r.pattern},
        {"push", name_of(r.push)},
        {"remove", name_of(r.remove)},
    });
}

std::string to_json(storage::audit_event const& e) {
    return json::serialize(json::object{
        {"id", e.id.value},
        {"at", to_rfc3339(e.at)},
        {"what", e.what},
        {"by", e.by},
        {"from", e.from},
        {"where", e.where},
        {"kind", e.kind},
        {"name", e.name},
        {"detail", e.detail},
    });
}

std::string to_json(storage::member_record const& m) {
    return json::serialize(json::object{
        {"id", m.user.id.value},
        {"username", m.user.username},
        {"role", name_of(m.as.role)},
        {"expires_at", time_or_null(m.as.expires)},
        {"blocked", m.user.blocked},
    });
}

std::string to_json(storage::token_record const& token) { return json::serialize(describe(token)); }

std::string to_json(told_token const& told) {
    auto o = describe(told.token);
    o["user"] = text_or_null(told.user);
    o["place"] = text_or_null(told.place);
    if (told.role) o["role"] = name_of(*told.role);
    return json::serialize(o);
}

std::string to_json(auth::issued_token const& token, std::optional<storage::role> role) {
    auto o = describe(token.record);
    if (role) o["role"] = name_of(*role);
    o["token"] = token.text.reveal();
    return json::serialize(o);
}

std::string to_json(storage::channel_record const& c) {
    auto const& keep = c.settings.retention;
    return json::serialize(json::object{
        {"id", c.id.value},
        {"name", c.name},
        {"charts", c.charts},
        {"versions", c.versions},
        {"size_bytes", c.size_bytes},
        {"generated", to_rfc3339(c.generated)},
        {"last_push_at", time_or_null(c.last_push)},
        {"description", c.settings.description},
        {"duplicates", name_of(c.settings.duplicates)},
        {"index_format", name_of(c.settings.index_format)},
        {"read_only", c.settings.read_only},
        {"retention",
         json::object{
             {"newest", number_or_null(keep.newest_of_chart)},
             {"newest_of_major", number_or_null(keep.newest_of_major)},
             {"newest_of_minor", number_or_null(keep.newest_of_minor)},
             {"younger_than", age_or_null(keep.younger_than)},
             {"prereleases", number_or_null(keep.newest_prereleases)},
             {"prereleases_younger_than", age_or_null(keep.prereleases_younger_than)},
             {"matching",
              keep.matching.empty() ? json::value(nullptr) : json::value(keep.matching)},
         }},
    });
}

std::string to_json(storage::catalogue_entry const& e) { return json::serialize(describe(e)); }

std::string to_json(storage::catalogue_entry const& e, storage::package_id package) {
    auto o = describe(e);
    o["package_id"] = package.value;
    return json::serialize(o);
}

std::string to_json(storage::added const& version) {
    auto o = describe(version.entry);
    o["outcome"] = name_of(version.what);
    return json::serialize(o);
}

std::string to_json(registry::doomed_version const& version) {
    auto o = describe(version.entry);
    o["reason"] = version.why;
    return json::serialize(o);
}

std::string to_json(registry::collected const& done, bool dry_run) {
    return json::serialize(json::object{
        {"blobs_kept", done.blobs_kept},
        {"bytes_kept", done.bytes_kept},
        {"blobs_removed", done.blobs_removed},
        {"bytes_removed", done.bytes_removed},
        {"errors", done.errors},
        {"dry_run", dry_run},
    });
}

std::string to_json(std::vector<std::pair<std::string_view, std::uint64_t>> const& settings) {
    json::object o;
    for (auto const& [key, value] : settings) o[key] = value;
    return json::serialize(o);
}

}  // namespace pilothouse::cli
