#include "registry/manage_settings.hpp"

#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

namespace pilothouse::registry {

namespace {

std::optional<std::uint64_t> parse_bytes(std::string_view text) {
    std::uint64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    // Beyond 2^53 a number does not survive JSON.
    bool const whole = error == std::errc() && end == text.data() + text.size();
    if (!whole || value > (1ull << 53)) return std::nullopt;
    return value;
}

}  // namespace

task<std::uint64_t> manage_settings::helm_max_file_size() {
    auto const text = co_await settings_.get(helm_max_file_size_key);
    co_return text ? parse_bytes(*text).value_or(helm_max_file_size_default)
                   : helm_max_file_size_default;
}

task<result<void>> manage_settings::set(auth::grant const& g, std::string key, std::string text) {
    g.expect({auth::permission::administer});
    if (key != helm_max_file_size_key)
        co_return failure(errc::invalid_argument,
                          "unknown setting; there is " + std::string(helm_max_file_size_key));
    if (!parse_bytes(text))
        co_return failure(errc::invalid_argument,
                          "helm_max_file_size is a number of bytes; 0 means no limit");
    co_await settings_.set(key, text);
    auth::audited const thing{"Setting", 0, std::move(key)};
    co_await audit_.note(g, "setting_changed", thing, "to " + text);
    co_return result<void>();
}

}  // namespace pilothouse::registry
