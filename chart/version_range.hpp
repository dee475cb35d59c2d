// Which versions somebody asks for: `>=1.2, <2 || ^3.1`, as Helm reads it.
#pragma once

#include "base/result.hpp"
#include "chart/chart_version.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::chart {

// The ranges of Masterminds/semver v3, which are those of `helm pull --version`:
//
//   1.2.3  =1.2.3  !=1.2.3  >1.2.3  >=1.2.3  <1.2.3  <=1.2.3
//   1.x  1.2.*  1.2  *       a wildcard, or a number left out: `~` of what is there
//   ~1.2.3                   >=1.2.3, <1.3.0; ~1 is >=1, <2
//   ^1.2.3                   >=1.2.3, <2.0.0; ^0.2.3 is >=0.2.3, <0.3.0; ^0.0.3 is 0.0.3
//   1.2 - 2.3                >=1.2, <=2.3
//   a, b   a b               both
//   a || b                   one of them
//
// `=>`, `=<` and `~>` are other spellings. A pre-release is within a range only where it names one
// itself, in the same alternative: `>1.0.0-0`. Its odd corners are ours too: `^*` is 0.0.0 alone,
// `~0.0.0` everything. Two are not: hyphen ranges beside `||` need no space, and no wildcard is
// followed by `|`.
class version_range {
public:
    // At most 512 bytes and 32 alternatives, as there. errc::invalid_argument, with a sentence.
    [[nodiscard]] static result<version_range> parse(std::string_view text);

    [[nodiscard]] bool contains(chart_version const& version) const;

    // One spelling for all that are read alike: ">=1.2, <=2.3 || ^3.1".
    [[nodiscard]] std::string const& text() const noexcept { return text_; }

private:
    friend class range_parser;

    enum class comparison : std::uint8_t {
        equal,
        not_equal,
        greater,
        greater_or_equal,
        less,
        less_or_equal,
        tilde,
        caret,
    };
    // The first number that is not given.
    enum class open_from : std::uint8_t { nothing, major, minor, patch };

    struct condition {
        comparison how;
        chart_version bound;  // what is not given is 0
        open_from open;

        [[nodiscard]] bool holds(chart_version const& version) const;
        [[nodiscard]] bool differs(chart_version const& version) const;
        [[nodiscard]] bool above(chart_version const& version) const;
        [[nodiscard]] bool not_above(chart_version const& version) const;
        [[nodiscard]] bool near(chart_version const& version) const;
        [[nodiscard]] bool compatible(chart_version const& version) const;
    };
    struct alternative {
        std::vector<condition> all;
        bool names_prerelease = false;
    };

    version_range() = default;

    std::vector<alternative> alternatives_;
    std::string text_;
};

}  // namespace pilothouse::chart
