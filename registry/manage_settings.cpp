#include "registry/manage_settings.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

namespace pilothouse::registry {

namespace {

std::optional<std::uint64_t> parse_number(std::string_view text) {
    std::uint64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    // Beyond 2^53 a number does not survive JSON.
    bool const whole = error == std::errc() && end == text.data() + text.size();
    if (!whole || value > (1ull << 53)) return std::nullopt;
    return value;
}

struct known_key {
    std::string_view name;
    std::string_view counts;
};
constexpr std::array<known_key, 3> known_keys = {{
    {helm_max_file_size_key, "bytes"},
    {storage::project_quota_bytes_key, "bytes"},
    {storage::project_quota_versions_key, "versions"},
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

}  // namespace

task<std::uint64_t> manage_settings::helm_max_file_size() {
    auto const text = co_await settings_.get(helm_max_file_size_key);
    co_return text ? parse_number(*text).value_or(helm_max_file_size_default)
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
    if (!parse_number(text))
        co_return failure(
            errc::invalid_argument,
            key + " is a number of " + std::string(known->counts) + "; 0 means no limit");
    co_await settings_.set(key, text);
    auth::audited const thing{"Setting", 0, std::move(key)};
    co_await audit_.note(g, "setting_changed", thing, "to " + text);
    co_return result<void>();
}

}  // namespace pilothouse::registry
