// The kinds of objects that make pods, and how each is scaled to none.
#pragma once

#include <cstdint>
#include <string_view>

namespace pilothouse::release::kubernetes {

struct workload_kind {
    enum class scale : std::uint8_t {
        replicas,   // `spec.replicas`
        suspended,  // `spec.suspend`
        placement,  // a node selector that fits no node
    };
    std::string_view api_version, kind, plural;
    scale by;
    bool restarts;                // when its template changes
    std::string_view makes = {};  // what its pods belong to, where that is not the object itself
};

// Null: none of these.
[[nodiscard]] workload_kind const* find_workload(std::string_view api_version,
                                                 std::string_view kind) noexcept;

}  // namespace pilothouse::release::kubernetes
