// What a client wants to see of a channel: `latest-5`, `chart-hello`, `range->=1.2, <2`.
#pragma once

#include "base/result.hpp"
#include "chart/chart_name.hpp"
#include "chart/version_range.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace pilothouse::index {

// The newest versions of each chart, in the order of the index: pre-releases count.
struct newest {
    std::size_t of_each;  // 1 to 1,000
};

struct one_chart {
    chart::chart_name name;
};

class lens {
public:
    using choice = std::variant<newest, one_chart, chart::version_range>;

    // errc::invalid_argument, with a sentence that says which lenses there are.
    [[nodiscard]] static result<lens> parse(std::string_view text);

    [[nodiscard]] choice const& what() const noexcept { return what_; }
    // Of all spellings of one lens one: what views are kept under.
    [[nodiscard]] std::string const& text() const noexcept { return text_; }

private:
    lens(choice what, std::string text) : what_(std::move(what)), text_(std::move(text)) {}

    choice what_;
    std::string text_;
};

}  // namespace pilothouse::index
