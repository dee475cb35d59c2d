// The name of a chart, and the name of a channel: two words with rules of their own.
#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>

namespace pilothouse::chart {

// `[A-Za-z0-9][A-Za-z0-9._-]*`, at most 250 bytes. Narrower than Helm, which takes any text without
// a slash: a name becomes part of file names and URLs (contracts: helm 49; archives 59).
// Compared bytewise.
class chart_name {
public:
    [[nodiscard]] static result<chart_name> parse(
        std::string_view text);  // errc::unacceptable_chart

    [[nodiscard]] std::string const& text() const noexcept { return text_; }
    friend auto operator<=>(chart_name const&, chart_name const&) = default;

private:
    explicit chart_name(std::string_view text) : text_(text) {}
    std::string text_;
};

// Letters and digits, with single `.`, `-` or `_` between two of them; at most 255 bytes
// (contracts: gitlab V1, V2).
class channel_name {
public:
    [[nodiscard]] static result<channel_name> parse(
        std::string_view text);  // errc::invalid_channel

    [[nodiscard]] std::string const& text() const noexcept { return text_; }
    friend auto operator<=>(channel_name const&, channel_name const&) = default;

private:
    explicit channel_name(std::string_view text) : text_(text) {}
    std::string text_;
};

}  // namespace pilothouse::chart
