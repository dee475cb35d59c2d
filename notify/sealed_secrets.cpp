#include "notify/sealed_secrets.hpp"

#include "notify/webhook_secret.hpp"

#include <algorithm>

namespace pilothouse::notify {

using storage::webhook_record;

task<bool> sealed_secrets::are_current() {
    auto const all = co_await hooks_.list();
    co_return std::ranges::all_of(
        all, [&](webhook_record const& h) { return keys_.is_current(h.sealed_secret); });
}

task<result<std::size_t>> sealed_secrets::seal_anew() {
    std::size_t count = 0;
    for (auto const& hook : co_await hooks_.list()) {
        storage::record_change<webhook_record> const change =
            [&](webhook_record& h) -> result<void> {
            auto const purpose = webhook_purpose(h.project);
            PILOTHOUSE_TRY(auto const plain, keys_.open(h.sealed_secret, purpose));
            h.sealed_secret = keys_.seal(plain, purpose);
            return {};
        };
        auto const sealed = co_await hooks_.edit(hook.project, hook.id, change);
        if (!sealed && sealed.error().code != errc::not_found) co_return sealed.error();
        ++count;
    }
    co_return count;
}

}  // namespace pilothouse::notify
