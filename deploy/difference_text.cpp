#include "deploy/difference_text.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <cstddef>
#include <string_view>

namespace pilothouse::deploy {

namespace {

namespace json = boost::json;

// A little is left for the brackets, and for how many there are more.
constexpr std::size_t bytes_max = std::size_t{1024} * 1024 - 256;

std::string_view word_of(release::object_change what) {
    switch (what) {
        case release::object_change::added: return "added";
        case release::object_change::removed: return "removed";
        case release::object_change::changed: break;
    }
    return "changed";
}

std::string shown(release::object_difference const& one, bool with_text) {
    json::object const o{
        {"change", word_of(one.what)},
        {"api_version", one.api_version},
        {"kind", one.kind},
        {"namespace", one.name_space},
        {"name", one.name},
        {"text", with_text ? one.text : std::string("too long to be shown\n")},
    };
    return json::serialize(o);
}

std::string started(storage::release_record const& stopped) {
    return json::serialize(json::object{
        {"change", "started"},
        {"api_version", ""},
        {"kind", "workloads"},
        {"namespace", stopped.name_space},
        {"name", stopped.name},
        {"text", "they are stopped: a deployment starts them\n"},
    });
}

}  // namespace

std::string difference_text(std::vector<release::object_difference> const& all,
                            storage::release_record const* stopped) {
    std::string text = "[";
    if (stopped != nullptr) text += started(*stopped) + (all.empty() ? "" : ",");
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto one = shown(all[i], true);
        if (text.size() + one.size() > bytes_max) one = shown(all[i], false);
        if (text.size() + one.size() > bytes_max) {
            text += (i == 0 ? "" : ",") + json::serialize(json::object{{"more", all.size() - i}});
            break;
        }
        if (i != 0) text += ',';
        text += one;
    }
    return text + "]";
}

}  // namespace pilothouse::deploy
