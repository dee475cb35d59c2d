#include "release/kubernetes/discovery.hpp"

namespace pilothouse::release::kubernetes {

task<result<std::optional<resource>>> discovery::find_kind(std::string api_version,
                                                           std::string kind) {
    auto known = versions_.find(api_version);
    if (known == versions_.end()) {
        auto const path = version_path(api_version);
        if (path.empty()) co_return std::optional<resource>();
        PILOTHOUSE_CO_TRY(auto const r, co_await api_.get(path));
        if (!r.success() && r.status != 404) co_return refusal_of(r);
        known = versions_.emplace(api_version, read_kinds(r.body)).first;
    }
    auto const found = known->second.find(kind);
    if (found == known->second.end()) co_return std::optional<resource>();
    co_return std::optional<resource>(found->second);
}

}  // namespace pilothouse::release::kubernetes
