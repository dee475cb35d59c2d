#include "deploy/service_configuration.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <limits>
#include <string_view>

namespace pilothouse::deploy {

namespace {

namespace json = boost::json;

constexpr std::size_t name_bytes_max = 255;
constexpr std::size_t description_bytes_max = 4096;
constexpr std::size_t arguments_max = 50;
constexpr std::size_t pairs_max = 256;
constexpr std::size_t files_max = 20;
constexpr std::int64_t timeout_max = 24 * 3600;

failure wrong(std::string const& place, std::string_view why) {
    return failure(errc::invalid_argument, place + ": " + std::string(why));
}

// Null counts as missing, as generated clients send it.
json::value const* member(json::object const& o, std::string_view key) {
    auto const* const v = o.if_contains(key);
    return v == nullptr || v->is_null() ? nullptr : v;
}

// `within`: the place of the object, with a dot behind it.
result<std::string> text_in(json::object const& o, std::string const& key, std::size_t bytes_max,
                            std::string const& within = {}) {
    auto const* const v = member(o, key);
    if (v == nullptr) return std::string();
    if (!v->is_string()) return wrong(within + key, "is no text");
    std::string text(v->get_string());
    if (text.size() > bytes_max) return wrong(within + key, "is too long");
    return text;
}

result<std::string> needed_text_in(json::object const& o, std::string const& key,
                                   std::size_t bytes_max, std::string const& within = {}) {
    PILOTHOUSE_TRY(auto text, text_in(o, key, bytes_max, within));
    if (text.empty()) return wrong(within + key, "is missing");
    return text;
}

result<bool> flag_in(json::object const& o, std::string const& key) {
    auto const* const v = member(o, key);
    if (v == nullptr) return false;
    if (!v->is_bool()) return wrong(key, "is neither true nor false");
    return v->get_bool();
}

result<void> read_source(json::object const& o, service_configuration& c) {
    auto const* const source = member(o, "source");
    if (source == nullptr || !source->is_object()) return wrong("source", "is missing");
    if (member(source->get_object(), "git_repository") != nullptr)
        return wrong("source.git_repository",
                     "charts of Git repositories are not supported: push the chart into a channel, "
                     "and name that as helm_repository");
    auto const* const from = member(source->get_object(), "helm_repository");
    if (from == nullptr || !from->is_object()) return wrong("source.helm_repository", "is missing");
    auto const& repository = from->get_object();
    std::string const place = "source.helm_repository.";
    PILOTHOUSE_TRY(c.repository, needed_text_in(repository, "repository", name_bytes_max, place));
    PILOTHOUSE_TRY(c.chart, needed_text_in(repository, "chart_name", name_bytes_max, place));
    PILOTHOUSE_TRY(c.version, needed_text_in(repository, "chart_version", name_bytes_max, place));
    return {};
}

result<void> read_arguments(json::object const& o, service_configuration& c) {
    auto const* const all = member(o, "arguments");
    if (all == nullptr) return {};
    if (!all->is_array()) return wrong("arguments", "is no list");
    if (all->get_array().size() > arguments_max) return wrong("arguments", "are too many");
    for (auto const& one : all->get_array()) {
        if (!one.is_string()) return wrong("arguments", "are texts");
        if (one.get_string().size() > description_bytes_max)
            return wrong("arguments", "are too long");
        c.arguments.emplace_back(one.get_string());
    }
    return {};
}

// [[key, text], …]
result<void> read_pairs(json::object const& values, std::string const& key, std::size_t& left,
                        std::vector<values_override::pair>& into) {
    auto const place = "values_override." + key;
    auto const* const all = member(values, key);
    if (all == nullptr) return {};
    if (!all->is_array()) return wrong(place, "is no list of pairs");
    if (all->get_array().size() > pairs_max) return wrong(place, "has more than 256 pairs");
    for (auto const& one : all->get_array()) {
        auto const* const pair = one.if_array();
        if (pair == nullptr || pair->size() != 2 || !(*pair)[0].is_string() ||
            !(*pair)[1].is_string())
            return wrong(place, "is no list of pairs of texts");
        auto const bytes = (*pair)[0].get_string().size() + (*pair)[1].get_string().size();
        if (bytes > left) return wrong("values_override", "has more than 512 KiB in all");
        left -= bytes;
        into.emplace_back(std::string((*pair)[0].get_string()),
                          secret(std::string((*pair)[1].get_string())));
    }
    return {};
}

// Its name is for people: no path is ever made of it. Still nothing that looks like one is taken.
bool is_file_name(std::string_view name) {
    return !name.empty() && name.size() <= name_bytes_max && name != "." && name != ".." &&
           name.find_first_of(std::string_view("/\\\0", 3)) == name.npos;
}

result<void> read_files(json::object const& values, std::size_t& left, values_override& v) {
    auto const* const file = member(values, "file");
    if (file == nullptr) return {};
    if (!file->is_object()) return wrong("values_override.file", "is no object");
    if (member(file->get_object(), "git") != nullptr)
        return wrong("values_override.file.git",
                     "files of Git repositories are not supported: send them as raw");
    std::string const place = "values_override.file.raw.values";
    auto const* const raw = member(file->get_object(), "raw");
    if (raw == nullptr) return {};
    auto const* const all = raw->is_object() ? member(raw->get_object(), "values") : nullptr;
    if (all == nullptr || !all->is_array()) return wrong(place, "is no list");
    if (all->get_array().size() > files_max) return wrong(place, "has more than 20 files");
    for (auto const& one : all->get_array()) {
        if (!one.is_object()) return wrong(place, "is a list of objects");
        PILOTHOUSE_TRY(auto name,
                       needed_text_in(one.get_object(), "name", name_bytes_max, place + "."));
        if (!is_file_name(name)) return wrong(place + ".name", "is a file's name, not a path");
        PILOTHOUSE_TRY(auto text, text_in(one.get_object(), "content", left, place + "."));
        left -= text.size();
        v.files.push_back({std::move(name), secret(std::move(text))});
    }
    return {};
}

result<void> read_values(json::object const& o, values_override& v) {
    auto const* const values = member(o, "values_override");
    if (values == nullptr) return {};
    if (!values->is_object()) return wrong("values_override", "is no object");
    auto const& all = values->get_object();
    auto left = values_bytes_max;
    if (auto const good = read_files(all, left, v); !good) return good.error();
    if (auto const good = read_pairs(all, "set", left, v.set); !good) return good.error();
    if (auto const good = read_pairs(all, "set_string", left, v.set_string); !good)
        return good.error();
    return read_pairs(all, "set_json", left, v.set_json);
}

result<void> read_timeout(json::object const& o, service_configuration& c) {
    auto const* const time = member(o, "timeout_sec");
    if (time == nullptr) return {};
    boost::system::error_code bad;
    auto const seconds = time->to_number<std::int64_t>(bad);
    if (bad || seconds < 0 || seconds > timeout_max)
        return wrong("timeout_sec", "is a number from 0 to 86400");
    if (seconds > 0) c.timeout = std::chrono::seconds(seconds);
    return {};
}

json::array shown(std::vector<values_override::pair> const& pairs) {
    json::array all;
    for (auto const& [key, text] : pairs)
        all.push_back(json::array{json::string(key), json::string(text.reveal())});
    return all;
}

}  // namespace

result<service_configuration> read_configuration(secret const& document) {
    boost::system::error_code bad;
    auto const read = json::parse(document.reveal(), bad);
    if (bad || !read.is_object())
        return failure(errc::invalid_argument, "the body is no JSON object");
    auto const& o = read.get_object();
    service_configuration c;
    PILOTHOUSE_TRY(c.name, needed_text_in(o, "name", name_bytes_max));
    PILOTHOUSE_TRY(c.description, text_in(o, "description", description_bytes_max));
    PILOTHOUSE_TRY(c.icon, text_in(o, "icon_uri", description_bytes_max));
    PILOTHOUSE_TRY(c.auto_deploy, flag_in(o, "auto_deploy"));
    PILOTHOUSE_TRY(c.auto_preview, flag_in(o, "auto_preview"));
    PILOTHOUSE_TRY(c.allow_cluster_wide, flag_in(o, "allow_cluster_wide_resources"));
    if (auto const good = read_timeout(o, c); !good) return good.error();
    if (auto const good = read_source(o, c); !good) return good.error();
    if (auto const good = read_arguments(o, c); !good) return good.error();
    if (auto const good = read_values(o, c.values); !good) return good.error();
    PILOTHOUSE_TRY(auto const how, options_of(c));
    static_cast<void>(how);
    return c;
}

secret configuration_text(service_configuration const& c) {
    json::array files;
    for (auto const& file : c.values.files)
        files.push_back(json::object{{"name", file.name}, {"content", file.content.reveal()}});
    json::object const o{
        {"name", c.name},
        {"description", c.description},
        {"icon_uri", c.icon},
        {"auto_deploy", c.auto_deploy},
        {"auto_preview", c.auto_preview},
        {"allow_cluster_wide_resources", c.allow_cluster_wide},
        {"timeout_sec", std::int64_t{c.timeout.count()}},
        {"source",
         {{"helm_repository",
           {{"repository", c.repository}, {"chart_name", c.chart}, {"chart_version", c.version}}}}},
        {"arguments", json::array(c.arguments.begin(), c.arguments.end())},
        {"values_override",
         {{"set", shown(c.values.set)},
          {"set_string", shown(c.values.set_string)},
          {"set_json", shown(c.values.set_json)},
          {"file", {{"raw", {{"values", files}}}}}}},
    };
    return secret(json::serialize(o));
}

}  // namespace pilothouse::deploy
