// Which words may name users, groups and projects, and describe them.
#pragma once

#include "base/result.hpp"

#include <string_view>

namespace pilothouse::registry {

// GitLab's rule for one segment of a path, and for a user: letters, digits, `_`, `-` and `.`; not
// first `-`, not last `.`, `.git` or `.atom`; at most 255 bytes. errc::invalid_argument.
[[nodiscard]] result<void> check_user_name(std::string_view name);

// `group/name` or deeper, at most 1024 bytes, each segment as above (contracts: settled 2). No
// segment may be `packages`, which ends a raw path in a URL, and the first none of the words that
// the server's own URLs begin with, nor a number. errc::invalid_argument.
[[nodiscard]] result<void> check_project_path(std::string_view path);

// A group's whole path, by the same rules; one segment is enough.
[[nodiscard]] result<void> check_group_path(std::string_view path);

// Where one word is added to a path or replaced in it, and holds a slash. errc::invalid_argument.
[[nodiscard]] failure not_one_word();

// What people read of a group or project: a line of at most 255 characters, and lines of at most
// 2000. errc::invalid_argument.
[[nodiscard]] result<void> check_name_and_description(std::string_view name,
                                                      std::string_view description);

}  // namespace pilothouse::registry
