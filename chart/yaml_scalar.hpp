// What a YAML scalar means to Helm: its type, and the text it becomes in a text field.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace pilothouse::chart {

enum class scalar_kind : std::uint8_t {
    null,
    boolean,
    integer,       // fits a signed 64-bit number
    big_unsigned,  // fits an unsigned 64-bit number only
    real,
    not_finite,  // an infinity or NaN by name
    text,
};

struct scalar_value {
    scalar_kind kind;
    // As Helm writes it where text is wanted (contracts: helm 48): `1.10` is `1.1`, `0x1F` is `31`,
    // `yes` is `true`. Null has none.
    std::string text;
};

// Resolves one scalar by the rules of YAML 1.1 as Helm's reader applies them. `tag` is empty for a
// plain scalar, `!` for a quoted or block one, else the tag in its long form.
//
// errc::invalid_metadata: the tag contradicts the text (`!!int x`), or is `!!binary`.
[[nodiscard]] result<scalar_value> resolve_scalar(std::string_view tag, std::string_view text);

// The key that Helm makes of a scalar. errc::invalid_metadata for null and for big_unsigned, which
// it refuses as keys.
[[nodiscard]] result<std::string> key_text(scalar_kind kind, std::string_view text);

}  // namespace pilothouse::chart
