#include "server/openapi/bind/page.hpp"

#include "base/ascii.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <string_view>

namespace pilothouse::openapi {

namespace {

namespace json = boost::json;

constexpr std::string_view style = R"(
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
h2{margin-top:3rem}
code,summary{font-family:ui-monospace,monospace;font-size:.9em}
details{border:1px solid #8884;border-radius:.4rem;margin:.4rem 0;padding:.4rem .8rem}
summary{cursor:pointer;overflow-wrap:anywhere}
summary b{display:inline-block;min-width:4rem;text-transform:uppercase}
summary i{font:italic .95rem system-ui,sans-serif;display:block;margin-left:4rem}
table{border-collapse:collapse;width:100%;margin:.5rem 0}
th,td{text-align:left;vertical-align:top;padding:.15rem .8rem .15rem 0;border-top:1px solid #8884}
th{font-weight:600}
)";

std::string escaped(std::string_view text) {
    std::string out;
    for (char const c : text) {
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '"')
            out += "&quot;";
        else
            out += c;
    }
    return out;
}

std::string text_of(json::value const& v) { return escaped(std::string_view(v.as_string())); }

std::string text_at(json::object const& o, std::string_view name) {
    auto const* const found = o.if_contains(name);
    return found == nullptr ? std::string() : text_of(*found);
}

std::string_view last_part(std::string_view reference) {
    return reference.substr(reference.rfind('/') + 1);
}

std::string anchor(std::string_view words) {
    std::string a;
    for (char const c : words) a += ascii::is_letter_or_digit(c) ? ascii::lower(c) : '-';
    return a;
}

std::string code(std::string const& html) { return "<code>" + html + "</code>"; }

// What a schema says, in a line.
std::string shape(json::value const& schema);

std::string joined(json::array const& all, std::string (*one)(json::value const&)) {
    std::string out;
    for (auto const& v : all) out += (out.empty() ? "" : " · ") + one(v);
    return out;
}

std::string shape(json::value const& schema) {
    auto const& o = schema.as_object();
    if (auto const* const named = o.if_contains("$ref")) {
        std::string const name(last_part(std::string_view(named->as_string())));
        return "<a href=\"#schema-" + anchor(name) + "\">" + escaped(name) + "</a>";
    }
    for (auto const* const several : {"anyOf", "oneOf"})
        if (auto const* const all = o.if_contains(several)) return joined(all->as_array(), shape);
    auto const word = [](json::value const& v) { return code(escaped(json::serialize(v))); };
    if (auto const* const all = o.if_contains("enum")) return joined(all->as_array(), word);
    if (auto const* const one = o.if_contains("const")) return word(*one);
    auto const* const items = o.if_contains("items");
    if (items != nullptr) return "list of " + shape(*items);
    auto const* const type = o.if_contains("type");
    if (type == nullptr) return "anything";
    if (type->is_array()) return joined(type->as_array(), text_of);
    auto out = text_of(*type);
    if (auto const* const values = o.if_contains("additionalProperties"))
        if (values->is_object()) out += " of " + shape(*values);
    return out;
}

std::string row(std::initializer_list<std::string> cells) {
    std::string out = "<tr>";
    for (auto const& cell : cells) out += "<td>" + cell + "</td>";
    return out + "</tr>\n";
}

std::string fields(json::object const& schema) {
    auto const* const properties = schema.if_contains("properties");
    if (properties == nullptr) return "<p>" + shape(schema) + "</p>\n";
    std::string required;
    if (auto const* const names = schema.if_contains("required"))
        required = json::serialize(*names);
    std::string out = "<table>\n";
    for (auto const& [name, v] : properties->as_object()) {
        bool const there = required.find("\"" + std::string(name) + "\"") != std::string::npos;
        auto const& o = v.as_object();
        out += row({code(escaped(name)), shape(v) + (there ? "" : ", optional"),
                    text_at(o, "description")});
    }
    return out + "</table>\n";
}

// The schema of a body, or its fields where it has no name.
std::string body(json::object const& content) {
    std::string out;
    for (auto const& [type, media] : content) {
        auto const* const schema = media.as_object().if_contains("schema");
        out += (out.empty() ? "" : ", ") + code(escaped(type));
        if (schema != nullptr && !schema->as_object().contains("properties"))
            out += " " + shape(*schema);
    }
    for (auto const& [type, media] : content) {
        auto const* const schema = media.as_object().if_contains("schema");
        if (schema != nullptr && schema->as_object().contains("properties"))
            return out + fields(schema->as_object());
    }
    return out;
}

// What is referred to, but for schemas, which have places of their own.
json::object const& resolved(json::object const& document, json::value const& v) {
    auto const& o = v.as_object();
    auto const* const reference = o.if_contains("$ref");
    if (reference == nullptr) return o;
    std::string_view const way(reference->as_string());
    auto const kind = last_part(way.substr(0, way.rfind('/')));
    return document.at("components").at(kind).at(last_part(way)).as_object();
}

std::string answer(std::string const& name, json::object const& a) {
    auto const* const content = a.if_contains("content");
    return row(
        {name, text_at(a, "description"), content == nullptr ? "" : body(content->as_object())});
}

std::string operation(json::object const& document, std::string_view method, std::string_view path,
                      json::object const& o, bool sent_by_us = false) {
    std::string out = "<details id=\"" + anchor(o.at("operationId").as_string()) +
                      "\"><summary><b>" + std::string(method) + "</b> " + escaped(path) + "<i>" +
                      text_at(o, "summary") + "</i></summary>\n";
    if (o.contains("description")) out += "<p>" + text_at(o, "description") + "</p>\n";
    auto const needs = text_at(o, "x-needs");
    if (!sent_by_us) out += "<p>Needs: " + (needs.empty() ? "no token" : needs) + "</p>\n";
    if (auto const* const parameters = o.if_contains("parameters")) {
        out += "<table>\n<tr><th>Parameter</th><th>In</th><th></th><th></th></tr>\n";
        for (auto const& each : parameters->as_array()) {
            auto const& p = resolved(document, each);
            out += row({code(text_of(p.at("name"))), text_of(p.at("in")), shape(p.at("schema")),
                        text_at(p, "description")});
        }
        out += "</table>\n";
    }
    if (auto const* const sent = o.if_contains("requestBody"))
        out += "<p>Body: " + body(sent->at("content").as_object()) + "</p>\n";
    out += "<table>\n<tr><th>Answer</th><th></th><th></th></tr>\n";
    std::string shared;
    for (auto const& [status, each] : o.at("responses").as_object()) {
        if (each.as_object().contains("$ref"))
            shared += (shared.empty() ? "" : ", ") + escaped(status);
        else
            out += answer(escaped(status), each.as_object());
    }
    if (!shared.empty()) out += row({shared, "<a href=\"#errors\">Errors</a>", ""});
    return out + "</table>\n</details>\n";
}

std::string operations_of(json::object const& document, json::value const& tag) {
    std::string out;
    for (auto const& [path, methods] : document.at("paths").as_object())
        for (auto const& [method, o] : methods.as_object())
            if (o.at("tags").as_array().front() == tag)
                out += operation(document, method, path, o.as_object());
    if (auto const* const all = document.if_contains("webhooks"))
        for (auto const& [name, methods] : all->as_object())
            if (auto const& o = methods.at("post").as_object();
                o.at("tags").as_array().front() == tag)
                out += operation(document, "sends", name, o, true);
    return out;
}

}  // namespace

std::string page_of(json::object const& document) {
    auto const& info = document.at("info").as_object();
    auto const title = text_at(info, "title") + " " + text_at(info, "version");
    std::string ways, parts;
    for (auto const& each : document.at("tags").as_array()) {
        auto const& tag = each.as_object();
        auto const name = text_at(tag, "name");
        auto const at = anchor(tag.at("name").as_string());
        ways += (ways.empty() ? "" : " · ") + ("<a href=\"#" + at + "\">" + name + "</a>");
        parts += "<h2 id=\"" + at + "\">" + name + "</h2>\n<p>" + text_at(tag, "description") +
                 "</p>\n" + operations_of(document, tag.at("name"));
    }
    parts += "<h2 id=\"errors\">Errors</h2>\n<table>\n";
    for (auto const& [name, a] : document.at("components").at("responses").as_object())
        parts += answer(code(escaped(name)), a.as_object());
    parts += "</table>\n<h2 id=\"schemas\">Schemas</h2>\n";
    for (auto const& [name, schema] : document.at("components").at("schemas").as_object()) {
        auto const& o = schema.as_object();
        parts += "<h3 id=\"schema-" + anchor(name) + "\">" + escaped(name) + "</h3>\n<p>" +
                 text_at(o, "description") + "</p>\n" + fields(o);
    }
    return "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">\n"
           "<meta name=\"viewport\" content=\"width=device-width\">\n<title>" +
           title + "</title>\n<style>" + std::string(style) + "</style>\n</head>\n<body>\n<h1>" +
           title + "</h1>\n<p>" + text_at(info, "description") +
           "</p>\n<p><a href=\"openapi.json\">openapi.json</a> · " + ways +
           " · <a href=\"#errors\">Errors</a> · <a href=\"#schemas\">Schemas</a></p>\n" + parts +
           "</body>\n</html>\n";
}

}  // namespace pilothouse::openapi
