#include "server/openapi/bind/yaml.hpp"

#include <yaml-cpp/yaml.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <charconv>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace pilothouse::openapi {

namespace {

namespace json = boost::json;

// A plain word may be a number or a flag; what is quoted is a text.
json::value scalar(YAML::Node const& n) {
    auto const& text = n.Scalar();
    if (n.Tag() == "!") return json::value(text);
    if (text == "true") return true;
    if (text == "false") return false;
    std::int64_t number = 0;
    auto const* const last = text.data() + text.size();
    auto const [end, error] = std::from_chars(text.data(), last, number);
    if (error == std::errc() && end == last) return number;
    return json::value(text);
}

json::value value_of(YAML::Node const& n);

json::object object_of(YAML::Node const& n) {
    json::object o;
    for (auto const& pair : n) {
        auto const name = pair.first.as<std::string>();
        if (name == "<<") continue;
        if (o.contains(name)) throw std::runtime_error("the key " + name + " comes twice");
        o[name] = value_of(pair.second);
    }
    auto const merged = n["<<"];
    if (!merged) return o;
    auto const more = value_of(merged);
    for (auto const& [name, v] : more.as_object()) o.emplace(name, v);
    return o;
}

json::value value_of(YAML::Node const& n) {
    if (n.IsNull()) return nullptr;
    if (n.IsScalar()) return scalar(n);
    if (n.IsMap()) return object_of(n);
    json::array all;
    for (auto const& element : n) all.push_back(value_of(element));
    return all;
}

}  // namespace

json::value read_yaml(std::filesystem::path const& file) {
    try {
        return value_of(YAML::LoadFile(file.string()));
    } catch (std::exception const& e) {
        throw std::runtime_error(file.string() + ": " + e.what());
    }
}

}  // namespace pilothouse::openapi
