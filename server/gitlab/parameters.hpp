// What a request asks for, in its query and in its body, as GitLab's administration API takes it.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "server/http/exchange.hpp"

#include <boost/json/value.hpp>

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace pilothouse::gitlab {

inline constexpr std::string_view unknown_body_type =
    "The provided content-type is not supported: send application/json, "
    "application/x-www-form-urlencoded or multipart/form-data";

// Query and body merged; a name in both counts as the body has it. The body is JSON, a URL-encoded
// form or multipart/form-data; numbers and booleans become text, so that all three say the same:
// what JSON has in an object `a` is called `a[b]` here, as forms write it. Unknown names do no
// harm, as at GitLab, unless refuse_unknown().
//
// Reading notes what is wrong, and goes on; verdict() tells it all at once, in GitLab's words.
class parameters {
public:
    // Reads the body to its end. errc::invalid_argument: not the form that its type names, of none
    // of these types (then the detail is unknown_body_type), not UTF-8, or of more than a thousand
    // names; errc::invalid_request,
    // errc::too_large, errc::too_slow as the body's.
    [[nodiscard]] static task<result<parameters>> read(http::exchange& x);

    // There, and not null.
    [[nodiscard]] bool has(std::string_view name) const;
    // There, as an object of JSON's.
    [[nodiscard]] bool is_object(std::string_view name) const;
    // There, as null or as an empty text: to be cleared.
    [[nodiscard]] bool is_empty(std::string_view name) const;

    // nullopt: absent or null; or of another type, which is noted as `name is invalid`.
    [[nodiscard]] std::optional<std::string> text(std::string_view name);
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view name);
    [[nodiscard]] std::optional<bool> flag(std::string_view name);
    // A date is the start of that day; empty is absent.
    [[nodiscard]] std::optional<instant> time(std::string_view name);
    // One of these words; else noted as `name does not have a valid value`.
    [[nodiscard]] std::optional<std::string> word(std::string_view name,
                                                  std::initializer_list<std::string_view> legal);
    // A list: JSON's, several `name[]`, or words with commas between them.
    [[nodiscard]] std::vector<std::string> list(std::string_view name);

    // Notes `name is missing` for each that is absent or null.
    void require(std::initializer_list<std::string_view> names);
    // Notes any other complaint.
    void complain(std::string what) { complaints_.push_back(std::move(what)); }

    // From now on verdict() complains of each name that nobody has looked for: where a misspelt one
    // would do harm.
    void refuse_unknown() noexcept { refuses_unknown_ = true; }

    // errc::invalid_argument with all that was noted.
    [[nodiscard]] result<void> verdict() const;

    // Of the query alone, in its order, decoded: for the links of pages.
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> const& query() const noexcept {
        return query_;
    }

private:
    struct object {};  // its members are values of their own
    using value = std::variant<std::nullptr_t, std::string, std::vector<std::string>, object>;

    [[nodiscard]] value const* find(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> unknown_names() const;
    void add(std::string name, value v);
    [[nodiscard]] result<void> check_text() const;
    void add_pairs(std::string_view encoded, bool of_query);
    [[nodiscard]] result<void> add_json(std::string_view text);
    [[nodiscard]] static value value_of(boost::json::value const& v);
    [[nodiscard]] result<void> add_multipart(std::string_view content_type, std::string_view body);

    std::vector<std::pair<std::string, value>> values_;
    std::vector<std::pair<std::string, std::string>> query_;
    std::vector<std::string> complaints_;
    mutable std::set<std::string, std::less<>> looked_for_;
    bool refuses_unknown_ = false;
    std::size_t added_ = 0;  // pairs, and elements of lists in forms
};

}  // namespace pilothouse::gitlab
