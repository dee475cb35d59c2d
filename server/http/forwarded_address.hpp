// The client's address behind proxies of the house.
#pragma once

#include "base/ip_address.hpp"
#include "server/http/request_head.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::http {

// Where the peer is one of `trusted`: the last address in X-Forwarded-For that is not, because each
// proxy appends whom it heard, and only our own are believed; where all are trusted, the first.
// Empty where the peer is not one of them, or there is no such field, or it holds what is no
// address: then the peer itself counts.
[[nodiscard]] std::string forwarded_address(request_head const& head, std::string_view peer,
                                            std::vector<ip_network> const& trusted);

}  // namespace pilothouse::http
