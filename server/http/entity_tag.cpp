#include "server/http/entity_tag.hpp"

#include "server/http/field_syntax.hpp"

#include <algorithm>
#include <optional>

namespace pilothouse::http {

namespace {

struct entity_tag {
    bool weak = false;
    std::string_view opaque;  // quotes included
};

// A backslash has no meaning here: the first quote behind the opening one is the closing one.
bool is_tag_character(char c) noexcept {
    auto const byte = static_cast<unsigned char>(c);
    return byte == 0x21 || (byte >= 0x23 && byte != 0x7f);
}

std::optional<entity_tag> take_tag(std::string_view& text) noexcept {
    entity_tag tag;
    tag.weak = text.starts_with("W/");
    if (tag.weak) text.remove_prefix(2);
    if (!text.starts_with('"')) return std::nullopt;
    auto const end = std::find_if_not(text.begin() + 1, text.end(), is_tag_character);
    if (end == text.end() || *end != '"') return std::nullopt;
    tag.opaque = text.substr(0, static_cast<std::size_t>(end - text.begin()) + 1);
    text.remove_prefix(tag.opaque.size());
    return tag;
}

}  // namespace

bool tags_match(std::string_view a, std::string_view b, tag_comparison how) noexcept {
    auto const x = take_tag(a);
    auto const y = take_tag(b);
    if (!x || !y || !a.empty() || !b.empty()) return false;
    return x->opaque == y->opaque && (how == tag_comparison::weak || (!x->weak && !y->weak));
}

bool any_tag_matches(std::string_view list, std::string_view tag, tag_comparison how) noexcept {
    for (list = trim(list); !list.empty(); list = trim(list)) {
        if (list.front() == ',') {
            list.remove_prefix(1);
            continue;
        }
        auto const before = list;
        if (!take_tag(list)) return false;
        auto const element = before.substr(0, before.size() - list.size());
        list = trim(list);
        if (!list.empty() && list.front() != ',') return false;
        if (tags_match(element, tag, how)) return true;
    }
    return false;
}

}  // namespace pilothouse::http
