// A YAML text as a sequence of events: the only door to the YAML library.
#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace pilothouse::chart {

// Which anchor of its document a node carries; 0 is none. A name given twice is two anchors.
using yaml_anchor = std::size_t;
// In one document; beyond it, it is not read on.
inline constexpr std::size_t yaml_anchors_max = 10'000;

// Receives the nodes of a document in the order in which they are written. To stop early, throw a
// yaml_stop: read_yaml answers with the failure inside.
class yaml_handler {
public:
    virtual ~yaml_handler() = default;
    // `tag` is empty for a plain scalar, `!` for a quoted or block one, else the tag in its long
    // form. A node without text is a plain scalar without text.
    virtual void scalar(std::string_view tag, yaml_anchor anchor, std::string value) = 0;
    virtual void alias(yaml_anchor anchor) = 0;
    virtual void begin_list(yaml_anchor anchor) = 0;
    virtual void end_list() = 0;
    virtual void begin_map(yaml_anchor anchor) = 0;  // its keys and values follow in turns
    virtual void end_map() = 0;
};

struct yaml_stop {
    failure why;
};

// Stops with errc::unacceptable_chart; `why` is one sentence for the client.
[[noreturn]] void refuse(std::string why);

// Whether the text has so many brackets, commas, colons and dashes, in YAML or in prose, that
// reading it could cost more than some tens of MiB: the library keeps what lies between two
// brackets.
[[nodiscard]] bool too_intricate(std::string_view text) noexcept;

// Reads the first document of a text that has passed check_yaml_text; what follows is not looked
// at, as Helm does not. False when there is no document. errc::invalid_metadata with the line where
// the text is not YAML.
[[nodiscard]] result<bool> read_yaml(std::string_view text, yaml_handler& handler);

// The same for a text that holds one document at most: errc::invalid_metadata where another one
// follows.
[[nodiscard]] result<bool> read_single_yaml(std::string_view text, yaml_handler& handler);

// The same for a text of any size, in memory that its size does not decide: between two nodes there
// may be as many brackets, commas, colons and dashes as too_intricate() allows a whole text, or it
// is errc::unacceptable_chart. (The handler bounds depth and anchors.)
[[nodiscard]] result<bool> read_long_yaml(std::string_view text, yaml_handler& handler);

// The text without its byte order mark. errc::invalid_metadata where it is not UTF-8, or holds a
// control character, as Helm's reader has it (contracts: helm 47; UTF-16 is refused too).
[[nodiscard]] result<std::string_view> check_yaml_text(std::string_view bytes);

}  // namespace pilothouse::chart
