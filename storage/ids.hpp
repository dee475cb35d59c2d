// Numbers that name rows: one type each, so that they cannot be mixed up.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <variant>

namespace pilothouse::storage {

template <class Tag>
struct row_id {
    std::int64_t value = 0;  // 0 names nothing
    friend auto operator<=>(row_id, row_id) = default;
};

using project_id = row_id<struct project_tag>;
using group_id = row_id<struct group_tag>;
using user_id = row_id<struct user_tag>;
using token_id = row_id<struct token_tag>;
using channel_id = row_id<struct channel_tag>;
using version_id = row_id<struct version_tag>;
using package_id = row_id<struct package_tag>;
using package_file_id = row_id<struct package_file_tag>;
using protection_id = row_id<struct protection_tag>;
using audit_id = row_id<struct audit_tag>;
using cluster_id = row_id<struct cluster_tag>;
using environment_id = row_id<struct environment_tag>;
using service_id = row_id<struct service_tag>;
using webhook_id = row_id<struct webhook_tag>;

// Where rights are given: they count in a group for all that lies in it.
using place_id = std::variant<project_id, group_id>;

}  // namespace pilothouse::storage

template <class Tag>
struct std::hash<pilothouse::storage::row_id<Tag>> {
    std::size_t operator()(pilothouse::storage::row_id<Tag> id) const noexcept {
        return std::hash<std::int64_t>()(id.value);
    }
};
