#include "server/openapi/bind/shorthand.hpp"

#include "server/http/response.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <stdexcept>
#include <utility>

namespace pilothouse::openapi {

namespace {

namespace json = boost::json;

std::string text(json::value const& v) { return std::string(v.as_string()); }

json::object const& member(json::object const& of, std::string_view name) {
    static json::object const none;
    auto const* const found = of.if_contains(name);
    return found == nullptr ? none : found->as_object();
}

// The `{name}`s of a path, in their order.
std::vector<std::string> names_in(std::string_view path) {
    std::vector<std::string> names;
    for (auto at = path.find('{'); at != std::string_view::npos; at = path.find('{', at + 1))
        names.emplace_back(path.substr(at + 1, path.find('}', at) - at - 1));
    return names;
}

// `(name)`
bool takes_parentheses(std::string& name) {
    bool const there = name.starts_with('(') && name.ends_with(')');
    if (there) name = name.substr(1, name.size() - 2);
    return there;
}

json::object reference(std::string_view kind, std::string const& name) {
    return {{"$ref", "#/components/" + std::string(kind) + "/" + name}};
}

std::string phrase(std::string_view status) {
    if (status == "5XX") return "The server cannot do its work, or not now";
    unsigned number = 0;
    std::from_chars(status.data(), status.data() + status.size(), number);
    return std::string(http::reason_phrase(number));
}

bool names_media_types(json::object const& o) {
    return std::ranges::any_of(
        o, [](auto const& pair) { return pair.key().find('/') != json::string_view::npos; });
}

}  // namespace

binder::binder(json::object frame, json::object shared)
    : frame_(std::move(frame)), shared_(std::move(shared)) {}

json::object binder::word(std::string name) {
    constexpr std::string_view null = "|null";
    bool const or_null = name.ends_with(null);
    if (or_null) name.resize(name.size() - null.size());
    constexpr std::array<std::string_view, 5> types = {"integer", "number", "string", "boolean",
                                                       "object"};
    if (name == "any") return {};
    if (std::ranges::find(types, name) != types.end()) {
        if (or_null) return {{"type", json::array{name, "null"}}};
        return {{"type", name}};
    }
    if (!named_.contains(name)) {
        auto const* const found = member(shared_, "schemas").if_contains(name);
        if (found == nullptr) throw std::runtime_error("there is no schema " + name);
        named_[name] = nullptr;  // it may name itself
        named_[name] = schema(*found);
    }
    if (!or_null) return reference("schemas", name);
    return {{"anyOf", json::array{reference("schemas", name), json::object{{"type", "null"}}}}};
}

void binder::add_fields(json::object const& of, json::object& properties, json::array& required) {
    if (auto const* const like = of.if_contains("like")) {
        copied_.insert(text(*like));
        add_fields(member(member(shared_, "schemas"), text(*like)), properties, required);
    }
    for (auto const& [key, v] : member(of, "fields")) {
        std::string name(key);
        if (!takes_parentheses(name)) required.emplace_back(name);
        properties[name] = schema(v);
    }
}

json::value binder::schema(json::value const& in_short) {
    if (in_short.is_string()) return word(text(in_short));
    if (auto const* const list = in_short.if_array()) {
        if (list->size() != 1) throw std::runtime_error("a list of a schema has one element");
        return json::object{{"type", "array"}, {"items", schema(list->front())}};
    }
    json::object o;
    for (auto const& [key, v] : in_short.as_object()) {
        if (key == "fields") {
            json::object properties;
            json::array required;
            add_fields(in_short.as_object(), properties, required);
            o.emplace("type", "object");  // unless it says itself what it is
            o["properties"] = std::move(properties);
            if (!required.empty()) o["required"] = std::move(required);
        } else if (key == "anyOf" || key == "oneOf") {
            json::array all;
            for (auto const& one : v.as_array()) all.push_back(schema(one));
            o[key] = std::move(all);
        } else if (key == "items" || (key == "additionalProperties" && !v.is_bool())) {
            o[key] = schema(v);
        } else if (key != "like") {
            o[key] = v;
        }
    }
    return o;
}

// A shape is JSON; a map with media types says which they are. `bytes`: anything.
json::object binder::content(json::value const& in_short) {
    auto const media = [this](json::value const& shape) {
        return shape == "bytes" ? json::object() : json::object{{"schema", schema(shape)}};
    };
    auto const* const o = in_short.if_object();
    if (o == nullptr || !names_media_types(*o)) return {{"application/json", media(in_short)}};
    json::object all;
    for (auto const& [type, shape] : *o) all[type] = media(shape);
    return all;
}

// The same as a form, in which lists are words with commas between them.
json::object binder::form(json::value const& in_short, json::value media) {
    auto const* const named = in_short.if_string();
    auto const whole =
        schema(named == nullptr ? in_short : member(shared_, "schemas").at(text(in_short)));
    json::object encoding;
    for (auto const& [name, v] : member(whole.as_object(), "properties"))
        if (v.as_object().contains("items")) encoding[name] = json::object{{"explode", false}};
    if (!encoding.empty()) media.as_object()["encoding"] = std::move(encoding);
    return std::move(media.as_object());
}

json::object binder::answer(std::string_view status, json::value const& in_short) {
    json::object a{{"description", phrase(status)}};
    if (!in_short.is_null()) a["content"] = content(in_short);
    return a;
}

json::array binder::security(json::value const* needs, bool tokens_alone) const {
    json::array all;
    if (needs == nullptr) return all;
    auto const& open = frame_.at("x-anonymous-too").as_array();
    bool const anonymous_too = !tokens_alone && std::ranges::find(open, *needs) != open.end();
    for (auto const& way : frame_.at("security").as_array())
        if (anonymous_too || !way.as_object().empty()) all.push_back(way);
    return all;
}

json::array binder::parameters(std::string const& path, json::object const& in_short,
                               json::object const& area) {
    json::array all;
    for (auto const& name : names_in(path)) {
        auto const* found = member(area, "parameters").if_contains(name);
        if (found == nullptr) found = member(shared_, "parameters").if_contains(name);
        if (found == nullptr) throw std::runtime_error("there is no parameter " + name);
        json::object p{{"name", name}, {"in", "path"}, {"required", true}};
        for (auto const& [key, v] : found->as_object()) p[key] = key == "schema" ? schema(v) : v;
        all.emplace_back(std::move(p));
    }
    for (auto const* const place : {"query", "header"}) {
        for (auto const& [key, v] : member(in_short, place)) {
            std::string name(key);
            json::object p{{"name", name}, {"in", place}};
            auto& s = (p["schema"] = schema(v)).as_object();
            if (s.contains("items")) p["explode"] = false;  // with commas between them
            all.emplace_back(std::move(p));
        }
    }
    if (in_short.contains("pages"))
        for (auto const* const name : {"page", "per_page"})
            all.emplace_back(reference("parameters", name));
    return all;
}

json::object binder::answers(std::string const& path, json::object const& in_short,
                             std::string const& dialect) {
    std::map<std::string, json::value> by_status;
    for (auto const& [status, shape] : member(member(shared_, "dialects"), dialect)) {
        if (status == "404" && names_in(path).empty()) continue;
        by_status[status] = reference("responses", dialect + "-" + std::string(status));
    }
    for (auto const& [status, shape] : member(in_short, "answers")) {
        auto a = answer(status, shape);
        if (status == "200" && in_short.contains("pages")) {
            json::object headers;
            for (auto const& [name, header] : member(member(frame_, "components"), "headers"))
                headers[name] = reference("headers", std::string(name));
            a["headers"] = std::move(headers);
        }
        by_status[status] = std::move(a);
    }
    json::object all;
    for (auto& [status, a] : by_status) all[status] = std::move(a);
    return all;
}

json::object binder::operation(std::string const& path, json::object const& in_short,
                               json::object const& area) {
    json::object o;
    auto const* const needs = in_short.if_contains("needs");
    o["operationId"] = in_short.at("id");
    o["tags"] = json::array{area.at("tag")};
    o["summary"] = in_short.at("says");
    if (auto const* const more = in_short.if_contains("more")) o["description"] = *more;
    if (needs != nullptr) o["x-needs"] = *needs;
    o["security"] = security(needs, area.contains("tokens_alone"));
    if (auto all = parameters(path, in_short, area); !all.empty()) o["parameters"] = std::move(all);
    if (auto const* const body = in_short.if_contains("body")) {
        auto c = content(*body);
        bool const of_fields = c.size() == 1 && c.contains("application/json");
        if (of_fields && !in_short.contains("json_only"))
            c["application/x-www-form-urlencoded"] = form(*body, c["application/json"]);
        o["requestBody"] = json::object{{"content", std::move(c)}};
    }
    o["responses"] = answers(path, in_short, text(area.at("dialect")));
    return o;
}

json::object binder::notice(json::object const& in_short, json::object const& area) {
    return {{"operationId", in_short.at("id")},
            {"tags", json::array{area.at("tag")}},
            {"summary", in_short.at("says")},
            {"security", json::array()},
            {"parameters", parameters("", in_short, area)},
            {"requestBody",
             json::object{{"required", true}, {"content", content(in_short.at("body"))}}},
            {"responses", json::object{{"2XX", json::object{{"description", "Taken"}}},
                                       {"default", json::object{{"description", "Tried again"}}}}}};
}

void binder::share(json::object const& area) {
    for (auto const* const kind : {"schemas", "dialects"})
        for (auto const& [name, v] : member(area, kind))
            if (!shared_[kind].as_object().emplace(name, v).second)
                throw std::runtime_error("the name " + std::string(name) + " comes twice");
}

void binder::add(json::object const& area) {
    for (auto const& [path, methods] : area.at("paths").as_object()) {
        json::object item;
        for (auto const& [method, in_short] : methods.as_object()) {
            try {
                item[method] = operation(std::string(path), in_short.as_object(), area);
            } catch (std::exception const& e) {
                throw std::runtime_error(std::string(method) + " " + std::string(path) + ": " +
                                         e.what());
            }
        }
        if (!paths_.emplace(path, std::move(item)).second)
            throw std::runtime_error("the path " + std::string(path) + " comes twice");
    }
    for (auto const& [name, in_short] : member(area, "webhooks"))
        webhooks_[name] = json::object{{"post", notice(in_short.as_object(), area)}};
}

json::object binder::document(std::string_view version) {
    auto all = frame_;
    all.erase("x-anonymous-too");
    all["info"].as_object()["version"] = version;
    all["paths"] = paths_;
    if (!webhooks_.empty()) all["webhooks"] = webhooks_;
    auto& components = all["components"].as_object();
    json::object responses;
    for (auto const& [dialect, statuses] : member(shared_, "dialects"))
        for (auto const& [status, shape] : statuses.as_object())
            responses[std::string(dialect) + "-" + std::string(status)] = answer(status, shape);
    components["responses"] = std::move(responses);
    json::object in_order;
    for (auto const& [name, in_short] : member(shared_, "schemas")) {
        auto const* const found = named_.if_contains(name);
        if (found != nullptr)
            in_order[name] = *found;
        else if (!copied_.contains(std::string(name)))
            throw std::runtime_error("nothing names the schema " + std::string(name));
    }
    components["schemas"] = std::move(in_order);
    return all;
}

}  // namespace pilothouse::openapi
