#include "registry/manage_settings.hpp"

#include "base/quantity.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace pilothouse::registry {

namespace {

struct known_key {
    std::string_view name;
    bool of_bytes;
};
constexpr std::array<known_key, 3> known_keys = {{
    {helm_max_file_size_key, true},
    {storage::project_quota_bytes_key, true},
    {storage::project_quota_versions_key, false},
}};

known_key const* find_key(std::string_view name) {
    auto const found = std::ranges::find(known_keys, name, &known_key::name);
    return found == known_keys.end() ? nullptr : &*found;
}

std::string all_keys() {
    std::string all;
    for (auto const& key : known_keys) (all += all.empty() ? "" : ", ") += key.name;
    return all;
}

std::optional<std::uint64_t> parse(known_key const& key, std::string_view text) {
    return key.of_bytes ? parse_bytes(text) : parse_quantity(text, std::span(byte_units).first(1));
}

}  // namespace

task<std::uint64_t> manage_settings::helm_max_file_size() {
    auto const text = co_await settings_.get(helm_max_file_size_key);
    co_return text ? parse_bytes(*text).value_or(helm_max_file_size_default)
                   : helm_max_file_size_default;
}

task<storage::quota> manage_settings::project_quota() {
    auto const bytes = co_await settings_.get(storage::project_quota_bytes_key);
    auto const versions = co_await settings_.get(storage::project_quota_versions_key);
    co_return storage::quota_in_force({}, bytes, versions);
}

task<result<void>> manage_settings::set(auth::grant const& g, std::string key, std::string text) {
    g.expect({auth::permission::administer});
    auto const* const known = find_key(key);
    if (known == nullptr)
        co_return failure(errc::invalid_argument, "unknown setting; there are " + all_keys());
    auto const number = parse(*known, text);
    if (!number)
        co_return failure(errc::invalid_argument,
                          key +
                              (known->of_bytes ? " is a number of bytes, plain or in KiB, MiB or "
                                                 "GiB, like 10MiB"
                                               : " is a number of versions") +
                              "; 0 means no limit");
    text = std::to_string(*number);
    co_await settings_.set(key, text);
    auth::audited const thing{"Setting", 0, std::move(key)};
    co_await audit_.note(g, "setting_changed", thing, "to " + text);
    co_return result<void>();
}

}  // namespace pilothouse::registry
