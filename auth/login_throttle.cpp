#include "auth/login_throttle.hpp"

#include "base/ascii.hpp"
#include "base/ip_address.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace pilothouse::auth {

namespace {

using std::chrono::nanoseconds;

constexpr std::uint32_t weight_under_attack = 10;
// Enough for a person, or a job that is new here, to come through beside a guesser.
// Cheap for the store, and enough for the owner of a new token beside a guesser.
constexpr rate spare_lookups{50, std::chrono::seconds(1)};
// A token stays known as long as there is room.
constexpr rate once_good{1, std::chrono::hours(24 * 365)};

// A table that nobody asks takes no memory.
rate only_if(bool wanted, rate r) { return wanted ? r : rate{}; }

std::string folded(std::string_view name) {
    std::string lower(name);
    for (char& c : lower) c = ascii::lower(c);
    return lower;
}

}  // namespace

login_throttle::login_throttle(login_limits const& l, steady_source now)
    : now_(std::move(now)),
      addresses_(l.by_address),
      names_(l.by_name),
      spare_(only_if(l.by_address.limits(), spare_lookups)),
      known_(only_if(l.by_address.limits(), once_good)) {}

failure login_throttle::refuse(nanoseconds left) {
    refused_.fetch_add(1, std::memory_order_relaxed);
    failure f{errc::throttled,
              "too many tokens that nobody has; wait, then try again with the right one"};
    f.retry_after = static_cast<std::uint32_t>(
        std::chrono::ceil<std::chrono::seconds>(std::max(left, nanoseconds(1))).count());
    return f;
}

result<void> login_throttle::may_ask(std::string_view address, sha256_digest const& token) {
    if (!addresses_.limit().limits()) return {};
    auto const now = now_();
    auto const network = client_network(address);
    auto const so_far = addresses_.look(addresses_.key_of(network), now);
    if (so_far.count < addresses_.limit().count) return {};
    if (known_.look(known_.key_of(token.bytes()), now).count != 0) return {};
    if (spare_.add(spare_.key_of(network), now).count <= spare_lookups.count) return {};
    return refuse(so_far.left);
}

void login_throttle::good(sha256_digest const& token) {
    if (known_.limit().limits()) known_.add(known_.key_of(token.bytes()), now_());
}

failure login_throttle::wrong(std::string_view address, std::string_view name, failure why) {
    auto const now = now_();
    rate_table::tally of_name, of_address;
    if (names_.limit().limits() && !name.empty())
        of_name = names_.add(names_.key_of(folded(name)), now);
    bool const name_is_over = names_.limit().limits() && of_name.count > names_.limit().count;
    if (addresses_.limit().limits())
        of_address = addresses_.add(addresses_.key_of(client_network(address)), now,
                                    name_is_over ? weight_under_attack : 1);
    bool const address_is_over =
        addresses_.limit().limits() && of_address.count > addresses_.limit().count;
    if (address_is_over) return refuse(std::max(of_address.left, of_name.left));
    if (name_is_over) return refuse(of_name.left);
    return why;
}

}  // namespace pilothouse::auth
