#include "release/shown_history.hpp"

#include "release/redaction.hpp"
#include "release/user_values.hpp"

#include <utility>

namespace pilothouse::release {

task<result<std::vector<revision>>> shown_history(release_parts const& parts, target where) {
    PILOTHOUSE_CO_TRY(auto all, co_await parts.helm.history(where));
    auto hidden = secret_texts(where.kubeconfig);
    auto const values = co_await parts.helm.values(where);
    if (values)
        for (auto& text : secret_texts(*values)) hidden.push_back(std::move(text));
    redaction const hide(hidden);
    for (auto& r : all) r.description = hide(r.description);
    co_return all;
}

}  // namespace pilothouse::release
