// Log lines: one event, named fields, JSON or readable text.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace pilothouse {

enum class log_level : std::uint8_t { debug, info, warning, error };
enum class log_format : std::uint8_t { text, json };

[[nodiscard]] std::optional<log_level> parse_log_level(std::string_view text);

struct log_field {
    std::string_view name;  // snake_case, unit last: "duration_ms"
    std::variant<std::string_view, std::int64_t, double, bool> value;
};

// Thread-safe. Values are encoded: a line break in a value cannot make a second line, and every
// line is UTF-8. Writing never blocks a request for long: lines go through a bounded queue to one
// writing thread; what does not fit there, or cannot be written, is counted and dropped.
class logger {
public:
    logger(log_format format, log_level least, int descriptor = 2);
    ~logger();  // writes what is queued
    logger(logger const&) = delete;
    logger& operator=(logger const&) = delete;

    void write(log_level level, std::string_view event, std::initializer_list<log_field> fields);
    void write(log_level level, std::string_view event, log_field const* fields, std::size_t count);

    void set_level(log_level least) noexcept;
    [[nodiscard]] bool enabled(log_level level) const noexcept;
    [[nodiscard]] std::uint64_t dropped() const noexcept;

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace pilothouse
