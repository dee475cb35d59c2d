#include "index/yaml_text.hpp"

#include "index/json_text.hpp"

#include <boost/json.hpp>

#include <stdexcept>

namespace pilothouse::index {

namespace {

namespace json = boost::json;

// Keys of ours are plain words; those of annotations are anybody's, `true` and `1.0` included.
enum class keys { plain, quoted };

void append_scalar(std::string& out, json::value const& value) {
    if (value.is_bool())
        out += value.get_bool() ? "true" : "false";
    else
        append_quoted(out, value.as_string());
}

void append_members(std::string& out, json::object const& object, std::size_t indent, keys how);

void start_line(std::string& out, std::size_t indent) {
    out += '\n';
    out.append(indent, ' ');
}

void append_items(std::string& out, json::array const& items, std::size_t indent) {
    for (json::value const& item : items) {
        start_line(out, indent);
        out += "- ";
        if (json::object const* object = item.if_object())
            append_members(out, *object, indent + 2, keys::plain);
        else
            append_scalar(out, item);
    }
}

// The first member where `out` ends, each other on a line of its own.
void append_members(std::string& out, json::object const& object, std::size_t indent, keys how) {
    if (object.empty()) out += "{}";
    bool first = true;
    for (auto const& [key, value] : object) {
        if (!first) start_line(out, indent);
        first = false;
        if (how == keys::quoted)
            append_quoted(out, key);
        else
            out += std::string_view(key);
        out += ':';
        if (json::array const* items = value.if_array()) {
            append_items(out, *items, indent + 2);
        } else if (json::object const* members = value.if_object()) {
            start_line(out, indent + 2);
            append_members(out, *members, indent + 2, keys::quoted);
        } else {
            out += ' ';
            append_scalar(out, value);
        }
    }
}

}  // namespace

std::string yaml_entry(std::string_view fragment) {
    boost::system::error_code error;
    json::value const value = json::parse(fragment, error);
    if (error || !value.is_object())
        throw std::runtime_error("a fragment of the index is not a JSON object");
    std::string text = "  - ";
    append_members(text, value.get_object(), 4, keys::plain);
    return text;
}

}  // namespace pilothouse::index
