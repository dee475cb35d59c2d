// What goes over the control socket and over HTTP: one request, one answer, each a line of JSON
// with perhaps the bytes of files behind it; then it closes.
#pragma once

#include "base/descriptor.hpp"
#include "server/cli/command_line.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::cli {

// Under way at once, over the socket, and over HTTP.
inline constexpr std::size_t commands_max = 64;

inline constexpr std::size_t request_bytes_max = 1024 * 1024;  // values of a release, encoded
inline constexpr std::size_t answer_bytes_max = 1024 * 1024 * 1024;

inline constexpr std::size_t attached_max = 2;
inline constexpr std::uint64_t attached_bytes_max = 1024 * 1024 * 1024;

// Over HTTP (server/console): the very same bytes as bodies, and which version speaks.
inline constexpr std::string_view command_path = "/-/command";
inline constexpr std::string_view command_media_type = "application/vnd.pilothouse.command";
inline constexpr std::string_view answer_media_type = "application/vnd.pilothouse.answer";
inline constexpr std::string_view version_field = "Pilothouse-Version";

struct control_request {
    std::vector<std::string> arguments;
    bool confirmed = false;
    std::vector<std::uint64_t> attached = {};  // sizes of the files that follow the line
};

// The answer's line: the result, and the size of the file that follows it.
struct control_answer {
    cli_result result;  // without the file
    std::optional<std::uint64_t> attached = {};
};

// With the line feed.
[[nodiscard]] std::string encode(control_request const& request);
[[nodiscard]] std::string encode(cli_result const& answer);

// With or without the line feed; empty: not of that form.
[[nodiscard]] std::optional<control_request> decode_request(std::string_view line);
[[nodiscard]] std::optional<control_answer> decode_answer(std::string_view line);

// The socket of a data folder, as an address: at most 107 bytes, however long the folder's path,
// and good as long as this object lives.
class control_address {
public:
    // The folder need not be there: then nobody listens in it.
    explicit control_address(std::filesystem::path const& folder);

    [[nodiscard]] std::string const& text() const noexcept { return text_; }

private:
    descriptor folder_;
    std::string text_;
};

}  // namespace pilothouse::cli
