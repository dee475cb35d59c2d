#include "server/grpc/words.hpp"

#include "base/utf8.hpp"

#include <google/protobuf/empty.pb.h>
#include <proto/yandex/cloud/k8s/marketplace/v1/helm_release_service.pb.h>

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>

namespace pilothouse::rpc {

namespace {

using storage::operation_kind;
using storage::operation_record;
using storage::release_status;

// A message with other bytes than UTF-8 in it cannot be read by any client. What tools print may
// have them.
std::string readable(std::string_view text) {
    std::string kept;
    kept.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        auto const begin = at;
        if (next_code_point(text, at) == not_utf8)
            append_code_point(kept, 0xFFFD);
        else
            kept += text.substr(begin, at - begin);
    }
    return kept;
}

std::string reference_of(operation_record const& o,
                         std::optional<storage::release_record> const& release) {
    if (o.source) return o.source->reference;
    return release ? release->source.reference : std::string();
}

// The type is that of the method, whatever else is known: clients refuse another one.
void tell_what(Operation& shown_as, operation_record const& o, std::string const& version) {
    auto const with_version = [&](auto metadata) {
        metadata.set_cluster_id(o.cluster_name);
        metadata.set_helm_release_id(o.release);
        metadata.set_product_version_id(version);
        shown_as.mutable_metadata()->PackFrom(metadata);
    };
    switch (o.kind) {
        case operation_kind::install:
            return with_version(marketplace::InstallHelmReleaseMetadata());
        case operation_kind::update:
        case operation_kind::rollback:
        case operation_kind::stop:
        case operation_kind::restart: return with_version(marketplace::UpdateHelmReleaseMetadata());
        case operation_kind::uninstall: break;
    }
    marketplace::UninstallHelmReleaseMetadata metadata;
    metadata.set_cluster_id(o.cluster_name);
    metadata.set_helm_release_id(o.release);
    shown_as.mutable_metadata()->PackFrom(metadata);
}

marketplace::HelmRelease release_of(operation_record const& o) {
    marketplace::HelmRelease release;
    release.set_id(o.release);
    release.set_cluster_id(o.cluster_name);
    release.set_app_name(o.name);
    release.set_app_namespace(o.name_space);
    if (o.source) {
        release.set_product_id(o.source->product);
        release.set_product_version(o.source->reference);
    }
    release.set_status(marketplace::HelmRelease::UNINSTALLED);
    *release.mutable_created_at() = shown(o.created);
    return release;
}

Operation without_result(operation_record const& o, std::string const& version) {
    Operation made;
    made.set_id(o.id);
    made.set_description(readable(o.description));
    *made.mutable_created_at() = shown(o.created);
    made.set_created_by(o.by.value != 0 ? std::to_string(o.by.value) : readable(o.by_name));
    *made.mutable_modified_at() = shown(o.modified);
    tell_what(made, o, version);
    return made;
}

}  // namespace

google::protobuf::Timestamp shown(instant t) {
    constexpr std::int64_t second = 1'000'000'000;
    std::int64_t const all = to_nanoseconds(t);
    google::protobuf::Timestamp made;
    made.set_seconds(all / second);
    made.set_nanos(static_cast<std::int32_t>(all % second));
    return made;
}

marketplace::HelmRelease::Status shown(release_status status) noexcept {
    using marketplace::HelmRelease;
    switch (status) {
        case release_status::unknown: return HelmRelease::UNKNOWN;
        case release_status::deployed: return HelmRelease::DEPLOYED;
        case release_status::uninstalled: return HelmRelease::UNINSTALLED;
        case release_status::superseded: return HelmRelease::SUPERSEDED;
        case release_status::failed: return HelmRelease::FAILED;
        case release_status::uninstalling: return HelmRelease::UNINSTALLING;
        case release_status::pending_install: return HelmRelease::PENDING_INSTALL;
        case release_status::pending_upgrade: return HelmRelease::PENDING_UPGRADE;
        case release_status::pending_rollback: return HelmRelease::PENDING_ROLLBACK;
    }
    return HelmRelease::UNKNOWN;
}

// Without product_name: a Terraform resource would be made anew at every run (contracts: releases
// 8.2).
marketplace::HelmRelease shown(storage::release_record const& r) {
    marketplace::HelmRelease made;
    made.set_id(r.id);
    made.set_cluster_id(r.cluster_name);
    made.set_app_name(r.name);
    made.set_app_namespace(r.name_space);
    made.set_product_id(r.source.product);
    made.set_product_version(r.source.reference);
    made.set_status(shown(r.status));
    *made.mutable_created_at() = shown(r.created);
    return made;
}

Operation shown(operation_record const& o, std::optional<storage::release_record> const& release) {
    auto made = without_result(o, reference_of(o, release));
    if (o.state != storage::operation_state::done) return made;
    made.set_done(true);
    if (o.error) {
        made.mutable_error()->set_code(static_cast<int>(code_of_operation(o.error->code)));
        made.mutable_error()->set_message(readable(o.error->message));
    } else if (o.kind == operation_kind::uninstall) {
        made.mutable_response()->PackFrom(google::protobuf::Empty());
    } else {
        made.mutable_response()->PackFrom(release ? shown(*release) : release_of(o));
    }
    return made;
}

Operation begun(operation_record const& o) {
    return without_result(o, o.source ? o.source->reference : std::string());
}

answer<std::vector<release::user_value>> take_values(sent_values& sent) {
    std::vector<release::user_value> taken;
    taken.reserve(static_cast<std::size_t>(sent.size()));
    std::set<std::string> keys;
    for (int i = 0; i < sent.size(); ++i) {
        auto& one = *sent.Mutable(i);
        auto const field = "user_values[" + std::to_string(i) + "]";
        if (one.key().empty()) return wrong(field + ".key", "a value needs a key");
        if (!keys.insert(one.key()).second) return wrong(field + ".key", "this key is there twice");
        if (one.value().value_case() != marketplace::Value::kTypedValue)
            return wrong(field + ".value", "a key needs a value: typed_value");
        taken.push_back(
            {one.key(), secret(std::move(*one.mutable_value()->mutable_typed_value()))});
    }
    return taken;
}

answer<void> require(std::string_view field, std::string_view value) {
    if (value.empty()) return wrong(std::string(field), "this field is required");
    return {};
}

}  // namespace pilothouse::rpc
