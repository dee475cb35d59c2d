#include "server/http/query.hpp"

#include "base/percent_encoding.hpp"

#include <algorithm>

namespace pilothouse::http {

namespace {

std::string decoded(std::string_view text) {
    std::string spaced(text);
    std::ranges::replace(spaced, '+', ' ');
    return percent_decode(spaced).value_or(spaced);
}

}  // namespace

query_pair take_pair(std::string_view& encoded) {
    auto const end = std::min(encoded.find('&'), encoded.size());
    auto const pair = encoded.substr(0, end);
    encoded.remove_prefix(std::min(end + 1, encoded.size()));
    auto const equals = std::min(pair.find('='), pair.size());
    auto const value = pair.substr(std::min(equals + 1, pair.size()));
    return {decoded(pair.substr(0, equals)), decoded(value)};
}

}  // namespace pilothouse::http
