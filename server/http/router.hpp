// Finds the route of a request.
#pragma once

#include "server/http/exchange.hpp"
#include "server/http/route.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::http {

// Built once, then const and thread-safe.
class router {
public:
    // `base_path` is cut off the front of each path ("/charts" behind a proxy that passes it on;
    // empty for none). The last door words what no other door's prefix covers. Throws
    // std::logic_error for a pattern that is none.
    router(std::string base_path, std::vector<door> doors);

    struct match {
        http::route const* route = nullptr;   // null: see status
        dialect const* words = nullptr;       // never null
        unsigned status = 200;                // 404 or 405 when there is no route
        std::string allow;                    // with 405
        std::size_t index = 0;                // of the route, for tables beside this one
        std::vector<std::string> parameters;  // decoded
        std::optional<std::size_t> place;     // which parameter names the project or group
    };
    [[nodiscard]] match find(http::method method, std::string_view path) const;

    // In the order of match::index.
    [[nodiscard]] std::vector<route const*> routes() const;
    [[nodiscard]] dialect const& words_for(std::string_view path) const;
    [[nodiscard]] std::string const& base_path() const noexcept { return base_path_; }

private:
    struct segment {
        enum class kind : std::uint8_t { literal, one, encoded, many } what;
        std::string_view text;
        std::string_view suffix = {};  // behind a parameter, in its segment
    };
    struct compiled {
        http::route const* route;
        dialect const* words;
        std::vector<segment> segments;
        std::optional<std::size_t> many;  // position of the `{name...}` segment
        std::optional<std::size_t> place;
    };
    [[nodiscard]] static compiled compile(http::route const& r, dialect const& words);
    [[nodiscard]] static bool fits(compiled const& c, std::vector<std::string_view> const& path,
                                   std::vector<std::string>* parameters);

    std::string base_path_;
    std::vector<door> doors_;
    std::vector<compiled> compiled_;
};

}  // namespace pilothouse::http
