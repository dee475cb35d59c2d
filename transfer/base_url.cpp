#include "transfer/base_url.hpp"

namespace pilothouse::transfer {

namespace {

// What stands in front of an entry's only URL. In the text of either form a quotation mark within a
// string is escaped, and no string holds a line feed: nothing else reads like this.
constexpr std::string_view before_url_in_json = R"("urls":[")";
constexpr std::string_view before_url_in_yaml = "\n    urls:\n      - \"";

}  // namespace

std::string with_base_url(std::string_view index, std::string_view base) {
    auto const before_url = index.starts_with('{') ? before_url_in_json : before_url_in_yaml;
    std::string text;
    text.reserve(index.size());
    for (;;) {
        auto const at = index.find(before_url);
        if (at == std::string_view::npos) return text += index;
        text += index.substr(0, at + before_url.size());
        text += base;
        text += '/';
        index.remove_prefix(at + before_url.size());
    }
}

}  // namespace pilothouse::transfer
