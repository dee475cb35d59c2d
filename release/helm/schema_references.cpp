#include "release/helm/schema_references.hpp"

#include "chart/chart_walk.hpp"
#include "chart/quote.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace pilothouse::release::helm {

namespace {

namespace json = boost::json;

constexpr std::string_view schema_name = "values.schema.json";

failure refused(std::string_view path, std::string const& why) {
    return failure(errc::wrong_state, chart::printable(path) + ": " + why);
}

// The drafts that Helm's reader of schemas has built in.
bool published_draft(std::string_view address) {
    for (std::string_view const scheme : {"http://", "https://"})
        if (address.starts_with(scheme)) {
            address.remove_prefix(scheme.size());
            break;
        }
    if (address.ends_with('#')) address.remove_suffix(1);
    constexpr std::array known{std::string_view("json-schema.org/schema"),
                               std::string_view("json-schema.org/draft-04/schema"),
                               std::string_view("json-schema.org/draft-06/schema"),
                               std::string_view("json-schema.org/draft-07/schema"),
                               std::string_view("json-schema.org/draft/2019-09/schema"),
                               std::string_view("json-schema.org/draft/2020-12/schema")};
    return std::ranges::find(known, address) != known.end();
}

bool refers(std::string_view key) {
    return key == "$ref" || key == "$dynamicRef" || key == "$recursiveRef" || key == "$schema";
}

// The first reference that points outside; nullptr: there is none. Also looks where a schema keeps
// examples and defaults: whatever says `$ref` is taken for one.
json::string const* outside(json::value const& value) {
    if (auto const* const items = value.if_array()) {
        for (auto const& item : *items)
            if (auto const* const found = outside(item)) return found;
        return nullptr;
    }
    auto const* const object = value.if_object();
    if (object == nullptr) return nullptr;
    for (auto const& [key, inner] : *object) {
        auto const* const text = inner.if_string();
        if (text != nullptr && refers(key) && !text->starts_with('#') && !text->empty() &&
            !published_draft(*text))
            return text;
        if (auto const* const found = outside(inner)) return found;
    }
    return nullptr;
}

result<void> check_schema(std::string_view path, std::string_view text) {
    json::parse_options options;
    options.max_depth = 512;
    boost::system::error_code error;
    auto const schema = json::parse(text, error, {}, options);
    if (error) return refused(path, "The schema of the values cannot be read: it is not JSON.");
    auto const* const found = outside(schema);
    if (found == nullptr) return {};
    return refused(path, "The schema of the values refers to " + chart::quoted(*found) +
                             ", which is outside of it. Helm would load that on the server; have "
                             "the chart's author put it into the schema.");
}

class schema_visitor final : public chart::chart_visitor {
public:
    result<bool> wants(chart::walked_file const& file) override {
        return std::string_view(file.path).substr(file.path.rfind('/') + 1) == schema_name;
    }
    result<void> see(chart::walked_file const& file, std::string const& text) override {
        return check_schema(file.told, text);
    }
};

}  // namespace

result<void> check_schema_references(std::filesystem::path const& archive) {
    schema_visitor looks;
    return chart::walk_chart(archive, looks);
}

}  // namespace pilothouse::release::helm
