// Values of a chart as a tree: read from YAML within limits, written as JSON.
#pragma once

#include "base/result.hpp"
#include "chart/yaml_budget.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::release {

// Not shared: what an alias stands for is copied, and counted.
struct value_node {
    enum class shape : std::uint8_t {
        null,
        boolean,
        number,
        text,
        list,
        map,
        places,  // of a list, some: the others are whatever lies below
    };

    shape form = shape::null;
    bool whole = false;             // in place of whatever lies below, a map too
    std::string text;               // of a scalar; a number as JSON writes it
    std::vector<value_node> items;  // of a list
    std::map<std::string, value_node, std::less<>> fields;  // of a map
    std::map<std::size_t, value_node> at;                   // of places

    [[nodiscard]] std::size_t nodes() const noexcept;
};

// What all texts of one request together may hold, and become.
class value_budget {
public:
    static constexpr std::size_t depth_max = 50;
    static constexpr std::size_t bytes_max = 512 * 1024;

    // False: it is spent.
    [[nodiscard]] bool read(std::string_view text) noexcept;
    [[nodiscard]] bool make(std::size_t nodes, std::size_t bytes) noexcept;

private:
    chart::yaml_budget reading_;
    std::size_t read_ = bytes_max;
    std::size_t nodes_ = 10'000;
    std::size_t made_ = 2 * bytes_max;
};

// The one document of the text; one without any is null. Plain scalars by YAML 1.2's core schema,
// so that `yes`, `on` and dates are texts; so are whole numbers with a leading zero, because people
// mean modes and identifiers by them (contracts: releases 5.7). Numbers stay as they are written.
// Merge keys (`<<`) are carried out.
//
// errc::invalid_argument, in words that hold nothing of the text: no YAML, more than one document,
// a key twice, an infinity, a number beyond a double, a tag that is not YAML's, beyond the budget.
[[nodiscard]] result<value_node> read_value(std::string_view yaml, value_budget& budget);

// One line.
[[nodiscard]] std::string to_json(value_node const& value);

// Lays one value over another, as Helm merges its files of values: maps into maps, everything else
// in place of what was there. Places go into the list below, which is filled up with nulls.
void lay_over(value_node& below, value_node above);

}  // namespace pilothouse::release
