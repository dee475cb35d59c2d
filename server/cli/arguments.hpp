// Arguments that many commands take, declared once, so that they are called, checked and completed
// alike.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
class Option;  // NOLINT(readability-identifier-naming): the library's
}  // namespace CLI

namespace pilothouse::cli {

// For CLI11's check(): complains of an empty word. In scripts that is a variable that was not set,
// and must not be taken for a word left out, which may mean "all".
[[nodiscard]] std::string not_empty(std::string const& word);

// What an option's type is called where its value is a path: for help, and for completion.
inline constexpr char const* file_type = "FILE";
inline constexpr char const* folder_type = "DIR";

// Positional: a project by its path or number; the same, or a group by its path.
void add_project(CLI::App& app, std::string& text);
CLI::Option* add_place(CLI::App& app, std::string& text);
// Positional `ID`: a number that a list shows.
void add_number(CLI::App& app, std::int64_t& number, char const* help, char const* name = "ID");
// `--yes`.
void add_yes(CLI::App& app, bool& yes);
// `true` or `false`; not named: the text stays empty.
void add_choice(CLI::App& app, char const* name, std::string& text, char const* help,
                std::vector<std::string> const& choice = {"true", "false"});
// An empty text is a value too: it clears what was there.
void add_text(CLI::App& app, char const* name, std::optional<std::string>& text, char const* help);
// `--expires`; read it by parse_end().
void add_expires(CLI::App& app, std::string& text, char const* otherwise);

// Seconds, plain or `90s`, `15m`, `12h`, `30d`; bounds included.
struct duration_range {
    std::chrono::seconds least, most;
};
void add_duration(CLI::App& app, char const* name, std::chrono::seconds& time, char const* help,
                  duration_range legal);
// `--limit` and `--skip`, of a list that begins with the newest; as they stand is what they are
// where they are not named.
void add_page(CLI::App& app, std::size_t& limit, std::size_t& skip);
// Bytes, plain or in KiB, MiB, GiB.
void add_bytes(CLI::App& app, char const* name, std::uint64_t& bytes, char const* help);

// What is said of a page for people: how to see what follows it; empty where nothing does.
[[nodiscard]] std::string older_ones(std::size_t skipped, std::size_t shown, std::size_t total);

// A date (the start of that day, UTC), an RFC 3339 time, or how long from `now`: `30d`.
// errc::invalid_argument.
[[nodiscard]] result<instant> parse_end(std::string_view text, instant now);
// The same of the past: `30d` is that long ago.
[[nodiscard]] result<instant> parse_start(std::string_view text, instant now);

}  // namespace pilothouse::cli
