#include "registry/path_rules.hpp"

#include "base/ascii.hpp"
#include "base/plain_text.hpp"
#include "storage/directory.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>

namespace pilothouse::registry {

namespace {

constexpr std::size_t segment_bytes_max = 255;
constexpr std::size_t segments_max = 20;  // as GitLab; a router has to have a limit too

// Generous: a word given to a project today could not be given to a page tomorrow.
constexpr std::array<std::string_view, 18> reserved_roots = {
    "admin",    "api",    "assets", "dashboard", "explore", "groups",
    "health",   "help",   "login",  "logout",    "metrics", "oauth",
    "projects", "search", "static", "users",     "v2",      ".well-known",
};

bool ends_like(std::string_view text, std::string_view end) noexcept {
    return text.size() >= end.size() &&
           ascii::equal_ignoring_case(text.substr(text.size() - end.size()), end);
}

bool allowed(char c) noexcept {
    return ascii::is_letter_or_digit(c) || c == '_' || c == '-' || c == '.';
}

failure invalid(std::string detail) { return {errc::invalid_argument, std::move(detail)}; }

result<void> check_segment(std::string_view word, std::string_view what) {
    std::string const subject(what);
    if (word.empty()) return invalid(subject + " must not be empty");
    if (word.size() > segment_bytes_max) return invalid(subject + " has more than 255 bytes");
    if (!std::ranges::all_of(word, allowed))
        return invalid(subject + " may contain only letters, digits, '_', '-' and '.'");
    if (word.front() == '-') return invalid(subject + " must not begin with '-'");
    for (std::string_view const end : {".", ".git", ".atom"})
        if (ends_like(word, end))
            return invalid(subject + " must not end in '" + std::string(end) + "'");
    return {};
}

}  // namespace

result<void> check_user_name(std::string_view name) { return check_segment(name, "a user name"); }

result<void> check_project_path(std::string_view path) {
    if (path.find('/') == std::string_view::npos)
        return invalid("a project lies in a group: name it group/project");
    return check_group_path(path);
}

result<void> check_group_path(std::string_view path) {
    if (path.size() > storage::path_bytes_max) return invalid("a path has more than 1024 bytes");
    auto const root = path.substr(0, path.find('/'));
    if (std::ranges::any_of(reserved_roots,
                            [&](auto word) { return ascii::equal_ignoring_case(word, root); }))
        return invalid("the first word of this path is kept for the server itself");
    if (std::ranges::all_of(root, ascii::is_digit) && !root.empty())
        return invalid("the first word of a path must not be a number: numbers stand for ids");
    for (std::size_t begin = 0; begin <= path.size();) {
        auto const end = std::min(path.find('/', begin), path.size());
        auto const segment = path.substr(begin, end - begin);
        if (auto const good = check_segment(segment, "each part of a path"); !good)
            return good.error();
        if (ascii::equal_ignoring_case(segment, "packages"))
            return invalid("no part of a path may be 'packages'");
        begin = end + 1;
    }
    if (std::ranges::count(path, '/') >= static_cast<std::ptrdiff_t>(segments_max))
        return invalid("a path has more than 20 parts");
    return {};
}

failure not_one_word() { return {errc::invalid_argument, "path is one word here, without '/'"}; }

result<void> check_name_and_description(std::string_view name, std::string_view description) {
    constexpr std::size_t name_max = 255, description_max = 2000;  // in characters
    if (auto const good = check_text("a name", name, name_max, text_shape::one_line); !good)
        return good.error();
    return check_text("a description", description, description_max, text_shape::lines);
}

}  // namespace pilothouse::registry
