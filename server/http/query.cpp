#include "server/http/query.hpp"

#include "server/http/percent_encoding.hpp"

#include <algorithm>
#include <utility>

namespace pilothouse::http {

namespace {

std::optional<std::string> decode(std::string_view text) {
    std::string spaced(text);
    std::replace(spaced.begin(), spaced.end(), '+', ' ');
    return percent_decode(spaced);
}

// Name and value of the first parameter of this name, still encoded; nullopt: there is none.
std::optional<std::string_view> raw_value(std::string_view query, std::string_view name) {
    while (!query.empty()) {
        auto const end = std::min(query.find('&'), query.size());
        auto const pair = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        auto const equals = std::min(pair.find('='), pair.size());
        if (decode(pair.substr(0, equals)) == name)
            return pair.substr(std::min(equals + 1, pair.size()));
    }
    return std::nullopt;
}

}  // namespace

bool has_parameter(std::string_view query, std::string_view name) {
    return raw_value(query, name).has_value();
}

std::optional<std::string> parameter(std::string_view query, std::string_view name) {
    auto const raw = raw_value(query, name);
    if (!raw) return std::nullopt;
    return decode(*raw);
}

}  // namespace pilothouse::http
