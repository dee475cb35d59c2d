#include "server/http/content_negotiation.hpp"

#include "server/http/field_syntax.hpp"

#include <algorithm>
#include <optional>

namespace pilothouse::http {

namespace {

// `0`, `0.25`, `1.000` in thousandths (RFC 9110, 12.4.2); nullopt: no weight.
std::optional<int> parse_weight(std::string_view text) noexcept {
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
    if (text.size() > 1 && text[1] != '.') return std::nullopt;
    int thousandths = (text[0] - '0') * 1000;
    int unit = 100;
    for (char const c : text.substr(std::min<std::size_t>(2, text.size()))) {
        if (c < '0' || c > '9') return std::nullopt;
        thousandths += (c - '0') * unit;
        unit /= 10;
    }
    return thousandths <= 1000 ? std::optional(thousandths) : std::nullopt;
}

struct preference {
    std::string_view coding;
    int weight = 1000;
};

std::optional<preference> parse_preference(std::string_view element) noexcept {
    auto const semicolon = std::min(element.find(';'), element.size());
    preference p{trim(element.substr(0, semicolon))};
    if (!is_token(p.coding)) return std::nullopt;
    if (semicolon == element.size()) return p;
    auto const parameter = trim(element.substr(semicolon + 1));
    if (parameter.size() < 2 || !equal_ignoring_case(parameter.substr(0, 2), "q="))
        return std::nullopt;
    auto const weight = parse_weight(parameter.substr(2));
    if (!weight) return std::nullopt;
    p.weight = *weight;
    return p;
}

}  // namespace

bool prefers_gzip(std::string_view accept_encoding) {
    std::optional<int> gzip, identity, any;
    // Of a coding that is named twice the first counts.
    auto const note = [](std::optional<int>& weight, int value) {
        weight = weight.value_or(value);
    };
    for (auto const element : list_elements(accept_encoding)) {
        auto const p = parse_preference(element);
        if (!p) continue;
        if (equal_ignoring_case(p->coding, "gzip") || equal_ignoring_case(p->coding, "x-gzip"))
            note(gzip, p->weight);
        else if (equal_ignoring_case(p->coding, "identity"))
            note(identity, p->weight);
        else if (p->coding == "*")
            note(any, p->weight);
    }
    bool const named = gzip.has_value();
    if (!gzip) gzip = any.value_or(0);
    // Left unsaid, no coding is acceptable as a last resort.
    if (!identity) identity = any.value_or(1);
    if (*gzip == 0) return false;
    return named ? *gzip >= *identity : *identity == 0;
}

bool names_type(std::string_view accept, std::string_view type) {
    for (auto const element : list_elements(accept)) {
        auto const range = parse_parameterised(element);
        if (!range || !equal_ignoring_case(range->value, type)) continue;
        auto const* const weight = range->find("q");
        if (weight == nullptr || parse_weight(*weight).value_or(0) > 0) return true;
    }
    return false;
}

}  // namespace pilothouse::http
