#include "server/cli/control_message.hpp"

#include "storage/fs/layout.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <utility>

#include <fcntl.h>

namespace pilothouse::cli {

namespace {

namespace json = boost::json;

constexpr std::size_t socket_path_bytes_max = 107;  // sockaddr_un::sun_path without its zero

std::optional<json::object> parse_object(std::string_view line) {
    boost::system::error_code wrong;
    auto value = json::parse(line, wrong);
    if (wrong || !value.is_object()) return std::nullopt;
    return std::move(value.get_object());
}

// Null where it is absent or of another type.
json::string const* find_text(json::object const& o, std::string_view key) {
    auto const* const value = o.if_contains(key);
    return value == nullptr ? nullptr : value->if_string();
}

std::optional<std::uint64_t> size_of(json::value const& v) {
    auto const* const number = v.if_int64();
    if (number == nullptr || *number < 0) return std::nullopt;
    auto const bytes = static_cast<std::uint64_t>(*number);
    return bytes <= attached_bytes_max ? std::optional(bytes) : std::nullopt;
}

}  // namespace

std::string encode(control_request const& request) {
    json::object o{
        {"argv", json::array(request.arguments.begin(), request.arguments.end())},
        {"confirmed", request.confirmed},
    };
    if (!request.attached.empty())
        o["attached"] = json::array(request.attached.begin(), request.attached.end());
    return json::serialize(o) + "\n";
}

std::string encode(cli_result const& answer) {
    json::object o{
        {"exit", answer.exit_status},
        {"out", answer.out},
        {"err", answer.err},
    };
    if (answer.file) o["attached"] = answer.file->size_bytes;
    return json::serialize(o) + "\n";
}

std::optional<control_request> decode_request(std::string_view line) {
    auto const o = parse_object(line);
    if (!o) return std::nullopt;
    auto const* const arguments = o->if_contains("argv");
    auto const* const confirmed = o->if_contains("confirmed");
    if (arguments == nullptr || !arguments->is_array()) return std::nullopt;
    if (confirmed == nullptr || !confirmed->is_bool()) return std::nullopt;
    control_request request;
    request.confirmed = confirmed->get_bool();
    for (auto const& argument : arguments->get_array()) {
        if (!argument.is_string()) return std::nullopt;
        request.arguments.emplace_back(argument.get_string());
    }
    if (auto const* const attached = o->if_contains("attached")) {
        auto const* const sizes = attached->if_array();
        if (sizes == nullptr || sizes->size() > attached_max) return std::nullopt;
        for (auto const& one : *sizes) {
            auto const bytes = size_of(one);
            if (!bytes) return std::nullopt;
            request.attached.push_back(*bytes);
        }
    }
    return request;
}

std::optional<control_answer> decode_answer(std::string_view line) {
    auto const o = parse_object(line);
    if (!o) return std::nullopt;
    auto const* const status = o->if_contains("exit");
    auto const* const out = find_text(*o, "out");
    auto const* const err = find_text(*o, "err");
    if (status == nullptr || !status->is_int64() || out == nullptr || err == nullptr)
        return std::nullopt;
    control_answer answer{
        {static_cast<int>(status->get_int64()), std::string(*out), std::string(*err)}};
    if (auto const* const attached = o->if_contains("attached")) {
        answer.attached = size_of(*attached);
        if (!answer.attached) return std::nullopt;
    }
    return answer;
}

// A long path is shortened through a descriptor of its folder.
control_address::control_address(std::filesystem::path const& folder)
    : text_(storage::fs::layout{folder}.control_socket().string()) {
    if (text_.size() <= socket_path_bytes_max) return;
    folder_ = descriptor(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    storage::fs::layout const by_descriptor{"/proc/self/fd/" + std::to_string(folder_.get())};
    text_ = by_descriptor.control_socket().string();
}

}  // namespace pilothouse::cli
