// Text as a quoted string that JSON and YAML readers read as the same string.
#pragma once

#include <string>
#include <string_view>

namespace pilothouse::index {

// Appends `text` in double quotes. Control characters, the line separators that YAML folds, the
// byte order mark and the two noncharacters that YAML forbids become `\uXXXX`; everything else is
// written raw, characters beyond U+FFFF included; `/` stays as it is (contracts: helm 22, 23).
// Bytes that are not UTF-8 become U+FFFD.
void append_quoted(std::string& out, std::string_view text);

}  // namespace pilothouse::index
