#include "server/http/forwarded_address.hpp"

#include <algorithm>

namespace pilothouse::http {

namespace {

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t";
    auto const first = text.find_first_not_of(blank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

// Some proxies write the port, too.
std::string_view without_port(std::string_view text) {
    auto const colon = text.find(':');
    bool const v4_and_port =
        colon != std::string_view::npos && text.find(':', colon + 1) == std::string_view::npos;
    if (v4_and_port) return text.substr(0, colon);
    if (text.starts_with('[')) return text.substr(0, text.find(']') + 1);
    return text;
}

}  // namespace

std::string forwarded_address(request_head const& head, std::string_view peer,
                              std::vector<ip_network> const& trusted) {
    auto const is_ours = [&trusted](ip_address const& a) {
        return std::ranges::any_of(trusted, [&a](auto const& n) { return n.holds(a); });
    };
    auto const us = parse_ip_address(peer);
    if (!us || !is_ours(*us)) return {};
    std::string heard;
    for (auto field = head.fields.rbegin(); field != head.fields.rend(); ++field) {
        if (!equal_ignoring_case(field->first, "X-Forwarded-For")) continue;
        auto rest = field->second;
        while (!rest.empty()) {
            auto const comma = rest.rfind(',');
            bool const last = comma == std::string_view::npos;
            auto const item = last ? rest : rest.substr(comma + 1);
            rest = last ? std::string_view() : rest.substr(0, comma);
            auto const address = parse_ip_address(without_port(trimmed(item)));
            if (!address) return heard;
            heard = address->text();
            if (!is_ours(*address)) return heard;
        }
    }
    return heard;
}

}  // namespace pilothouse::http
