// A version as Helm's loader takes it: semantic versioning, loosely spelled, kept as written.
#pragma once

#include "base/result.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace pilothouse::chart {

// `1.2.3-rc.1+build`, also `1.2`, `1`, `v1.2.3`, `01.2.3`, `2024-01-01` (contracts: helm 31). The
// text is the identity: `1.0`, `1.0.0` and `v1.0.0` are three versions of equal precedence. At most
// 250 bytes.
class chart_version {
public:
    [[nodiscard]] static result<chart_version> parse(
        std::string_view text);  // errc::unacceptable_chart

    [[nodiscard]] std::string const& text() const noexcept { return text_; }
    [[nodiscard]] bool prerelease() const noexcept;
    // What stands between `-` and `+`, "rc.1"; empty for a release. Lives as long as this object.
    [[nodiscard]] std::string_view prerelease_text() const noexcept;
    // A number that is not written is 0.
    [[nodiscard]] std::uint64_t major_number() const noexcept { return major_; }
    [[nodiscard]] std::uint64_t minor_number() const noexcept { return minor_; }
    [[nodiscard]] std::uint64_t patch_number() const noexcept { return patch_; }

    // Bytes whose memcmp order is the order of precedence (SemVer 2.0.0 clause 11; build metadata
    // and `v` do not count). Two versions of equal precedence have equal keys. Stored beside a row
    // so that SQL can sort by it.
    [[nodiscard]] std::string precedence_key() const;

    // Precedence alone: equivalent, not equal.
    [[nodiscard]] std::weak_ordering compare_precedence(chart_version const& other) const noexcept;

    // Identity.
    friend bool operator==(chart_version const& a, chart_version const& b) noexcept {
        return a.text_ == b.text_;
    }

private:
    chart_version() = default;

    std::string text_;
    std::uint64_t major_ = 0;
    std::uint64_t minor_ = 0;
    std::uint64_t patch_ = 0;
    std::uint16_t prerelease_begin_ = 0;  // within text_; begin == end when there is none
    std::uint16_t prerelease_end_ = 0;
};

}  // namespace pilothouse::chart
