// Records of this house in the messages of the protocol, and back.
#pragma once

#include "release/user_values.hpp"
#include "server/grpc/status.hpp"
#include "storage/operation_log.hpp"
#include "storage/release_store.hpp"

#include <google/protobuf/repeated_ptr_field.h>
#include <google/protobuf/timestamp.pb.h>
#include <proto/yandex/cloud/k8s/marketplace/v1/helm_release.pb.h>
#include <proto/yandex/cloud/operation/operation.pb.h>

#include <optional>
#include <string_view>
#include <vector>

namespace pilothouse::rpc {

namespace marketplace = ::yandex::cloud::k8s::marketplace::v1;
using ::yandex::cloud::operation::Operation;

[[nodiscard]] google::protobuf::Timestamp shown(instant t);
[[nodiscard]] marketplace::HelmRelease::Status shown(storage::release_status status) noexcept;
[[nodiscard]] marketplace::HelmRelease shown(storage::release_record const& r);

// With metadata always, and with its result when it is done. `release`: as it is now; empty: it is
// gone, and a response tells what the operation knows of it.
[[nodiscard]] Operation shown(storage::operation_record const& o,
                              std::optional<storage::release_record> const& release);
// The answer of the call that began it: never done, whatever became of it since, because clients
// look for a failure in a later answer alone (contracts: releases 8.5).
[[nodiscard]] Operation begun(storage::operation_record const& o);

using sent_values = google::protobuf::RepeatedPtrField<marketplace::ValueWithKey>;
// Moves the texts out. INVALID_ARGUMENT: a key that is empty or there twice, a value that is none.
[[nodiscard]] answer<std::vector<release::user_value>> take_values(sent_values& sent);

// INVALID_ARGUMENT where a required field is empty.
[[nodiscard]] answer<void> require(std::string_view field, std::string_view value);

}  // namespace pilothouse::rpc
