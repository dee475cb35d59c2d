// Whether an object is as an installation that waits wants it.
#pragma once

#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace pilothouse::release::kubernetes {

// A kind that is waited for, and where it is: resource_paths.hpp.
struct awaited_kind {
    std::string_view api_version, kind, plural;
    bool has_pods;
};

// Null: nobody waits for it.
[[nodiscard]] awaited_kind const* find_awaited(std::string_view api_version,
                                               std::string_view kind) noexcept;

// Empty: it is ready, as Helm's wait sees it (where Helm 3 would be content with fewer replicas, as
// Helm 4). Else what is lacking: `0 of 1 ready`. `live` is of that kind.
[[nodiscard]] std::string lacking(awaited_kind const& kind, boost::json::value const& live);

}  // namespace pilothouse::release::kubernetes
