// How texts become the fields of `settings`: a function for each kind of setting. Of the table
// alone.
#pragma once

#include "base/quantity.hpp"
#include "server/limit_words.hpp"
#include "server/settings.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace pilothouse::setting_kinds {

using fault = std::optional<std::string>;

inline constexpr std::uint64_t mebibyte = 1024 * 1024;
inline constexpr std::uint64_t gibibyte = 1024 * mebibyte;

inline constexpr std::array<unit, 1> no_units = {{{"", 1}}};
inline constexpr std::array<unit, 4> time_units = {
    {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}}};

// How one field of `settings` becomes a row of the table.
template <class Field>
setting text_setting(std::string key, std::string help, Field field) {
    return {std::move(key), std::move(help),
            [field](settings& s, std::string const& text) -> fault {
                field(s) = text;
                return {};
            },
            [field](settings const& s) { return field(const_cast<settings&>(s)); }};
}

template <class Field>
setting folder_setting(std::string key, std::string help, Field field) {
    auto s = text_setting(std::move(key), std::move(help), field);
    s.set = [field](settings& to, std::string const& text) -> fault {
        if (text.empty()) return "takes the path of a folder";
        field(to) = text;
        return {};
    };
    return s;
}

// What is legal, both ends included: bytes, milliseconds, or a plain number.
struct range {
    std::uint64_t least, most;

    [[nodiscard]] bool holds(std::optional<std::uint64_t> value) const {
        return value && *value >= least && *value <= most;
    }
    [[nodiscard]] std::string text(std::span<unit const> units) const {
        return "from " + print_quantity(least, units) + " to " + print_quantity(most, units);
    }
};

// Zero would end every connection at once.
inline constexpr range some_time{1, 24 * 3'600'000};
inline constexpr range any_time{0, 24 * 3'600'000};
inline constexpr range any_age{0, 100ull * 366 * 24 * 3'600'000};

template <class Field>
setting count_setting(std::string key, std::string help, Field field, range legal) {
    return {std::move(key), std::move(help),
            [field, legal](settings& s, std::string const& text) -> fault {
                auto const value = parse_quantity(text, no_units);
                if (!legal.holds(value)) return "takes a whole number " + legal.text(no_units);
                field(s) = static_cast<std::remove_reference_t<decltype(field(s))>>(*value);
                return {};
            },
            [field](settings const& s) { return std::to_string(field(const_cast<settings&>(s))); }};
}

template <class Field>
setting bytes_setting(std::string key, std::string help, Field field, range legal) {
    return {std::move(key), std::move(help),
            [field, legal](settings& s, std::string const& text) -> fault {
                auto const value = parse_quantity(text, byte_units);
                if (!legal.holds(value))
                    return "takes a number of bytes " + legal.text(byte_units) +
                           ", plain or in KiB, MiB or GiB";
                field(s) = static_cast<std::remove_reference_t<decltype(field(s))>>(*value);
                return {};
            },
            [field](settings const& s) {
                return print_quantity(field(const_cast<settings&>(s)), byte_units);
            }};
}

template <class Field>
setting time_setting(std::string key, std::string help, Field field, range legal) {
    return {std::move(key), std::move(help),
            [field, legal](settings& s, std::string const& text) -> fault {
                auto const value = parse_quantity(text, time_units);
                if (!legal.holds(value))
                    return "takes a time " + legal.text(time_units) + ", in ms, s, m or h";
                field(s) = std::chrono::milliseconds(*value);
                return {};
            },
            [field](settings const& s) {
                return print_quantity(
                    static_cast<std::uint64_t>(field(const_cast<settings&>(s)).count()),
                    time_units);
            }};
}

template <class Value, std::size_t N, class Field>
setting choice_setting(std::string key, std::string help, Field field,
                       std::array<std::pair<std::string_view, Value>, N> words) {
    return {std::move(key), std::move(help),
            [field, words](settings& s, std::string const& text) -> fault {
                std::string known;
                for (auto const& [word, value] : words) {
                    if (word == text) {
                        field(s) = value;
                        return {};
                    }
                    known += (known.empty() ? "`" : "`, `") + std::string(word);
                }
                return "takes one of " + known + "`";
            },
            [field, words](settings const& s) {
                for (auto const& [word, value] : words) {
                    if (value == field(const_cast<settings&>(s))) return std::string(word);
                }
                return std::string();
            }};
}

template <class Field>
setting switch_setting(std::string key, std::string help, Field field) {
    using word = std::pair<std::string_view, bool>;
    return choice_setting(std::move(key), std::move(help), field,
                          std::array{word{"no", false}, word{"yes", true}});
}

inline setting address_setting(std::string key, std::string help, std::string settings::* field,
                               bool may_be_empty) {
    return {std::move(key), std::move(help),
            [field, may_be_empty](settings& s, std::string const& text) -> fault {
                if (!(may_be_empty && text.empty()) && !parse_listen_address(text))
                    return "takes an address and a port, like `127.0.0.1:8080`, `[::1]:8080` or "
                           "`0.0.0.0:8080`";
                s.*field = text;
                return {};
            },
            [field](settings const& s) { return s.*field; }};
}

template <class Field>
setting rate_setting(std::string key, std::string help, Field field) {
    return {std::move(key), std::move(help),
            [field](settings& s, std::string const& text) -> fault {
                auto const r = parse_rate(text);
                if (!r)
                    return "takes a number (at most 1000000) per time in s, m or h (at most 24 "
                           "h), like `800 per 15 s`; 0: no limit";
                field(s) = *r;
                return {};
            },
            [field](settings const& s) { return rate_text(field(const_cast<settings&>(s))); }};
}

inline setting trusted_proxies_setting() {
    return {"proxies.trusted",
            "addresses and networks of proxies whose X-Forwarded-For says who a client is: "
            "`10.0.0.0/8, ::1`",
            [](settings& s, std::string const& text) -> fault {
                auto networks = parse_networks(text);
                if (!networks)
                    return "takes addresses and networks with commas between, like "
                           "`10.0.0.0/8, ::1`";
                s.trusted_proxies = std::move(*networks);
                return {};
            },
            [](settings const& s) { return networks_text(s.trusted_proxies); }};
}

inline setting base_path_setting() {
    return {"base_path", "in front of every path, where a proxy passes one on: `/charts`",
            [](settings& s, std::string const& text) -> fault {
                constexpr std::string_view legal =
                    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
                bool const wrong =
                    !text.empty() && (text.front() != '/' || text.back() == '/' ||
                                      text.find_first_not_of(legal) != std::string::npos);
                if (wrong)
                    return "takes a path that begins with a slash and does not end in one, like "
                           "`/charts`";
                s.base_path = text;
                return {};
            },
            [](settings const& s) { return s.base_path; }};
}

}  // namespace pilothouse::setting_kinds
