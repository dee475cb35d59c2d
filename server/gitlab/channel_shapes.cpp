#include "server/gitlab/channel_shapes.hpp"

#include "registry/channel_words.hpp"
#include "registry/promote_charts.hpp"
#include "release/product.hpp"
#include "server/gitlab/rest.hpp"
#include "server/shapes/or_null.hpp"

#include <chrono>
#include <optional>

namespace pilothouse::gitlab {

namespace {

using registry::name_of;
using shapes::id_or_null;

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
    return json::object{{"reason", m->reason}, {"by", id_or_null(m->by)}, {"at", time_text(m->at)}};
}

json::value promotion_or_null(std::optional<storage::promotion> const& p) {
    if (!p) return nullptr;
    return json::object{{"from", p->from}, {"by", id_or_null(p->by)}, {"at", time_text(p->at)}};
}

json::object retention_shape(storage::retention_rules const& keep) {
    return {
        {"newest", number_or_null(keep.newest_of_chart)},
        {"newest_of_major", number_or_null(keep.newest_of_major)},
        {"newest_of_minor", number_or_null(keep.newest_of_minor)},
        {"younger_than", age_or_null(keep.younger_than)},
        {"prereleases", number_or_null(keep.newest_prereleases)},
        {"prereleases_younger_than", age_or_null(keep.prereleases_younger_than)},
        {"matching", keep.matching.empty() ? json::value(nullptr) : json::value(keep.matching)},
    };
}

}  // namespace

json::object channel_shape(storage::channel_record const& c) {
    auto const& s = c.settings;
    return {
        {"id", c.id.value},
        {"name", c.name},
        {"charts", c.charts},
        {"versions", c.versions},
        {"size_bytes", c.size_bytes},
        {"last_push_at", time_or_null(c.last_push)},
        {"description", s.description},
        {"duplicates", name_of(s.duplicates)},
        {"index_format", name_of(s.index_format)},
        {"read_only", s.read_only},
        {"retention", retention_shape(s.retention)},
    };
}

json::object version_shape(storage::catalogue_entry const& e) {
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
        {"created_at", time_text(e.created)},
        {"created_by", id_or_null(e.created_by)},
        {"promoted", promotion_or_null(e.promoted)},
        {"deprecated", mark_or_null(e.deprecated)},
        {"yanked", mark_or_null(e.yanked)},
    };
}

json::object promoted_shape(storage::added const& a) {
    auto o = version_shape(a.entry);
    o["outcome"] = name_of(a.what);
    return o;
}

json::object doomed_shape(registry::doomed_version const& d) {
    auto o = version_shape(d.entry);
    o["reason"] = d.why;
    return o;
}

// What went wrong names files of the server's: that is for its log.
json::object garbage_shape(registry::collected const& c, bool dry_run) {
    return {
        {"blobs_kept", c.blobs_kept},
        {"bytes_kept", c.bytes_kept},
        {"blobs_removed", c.blobs_removed},
        {"bytes_removed", c.bytes_removed},
        {"errors", c.errors},
        {"dry_run", dry_run},
    };
}

}  // namespace pilothouse::gitlab
