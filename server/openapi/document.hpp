// What bind/ makes of the YAML files beside this one, at build time.
#pragma once

#include <string_view>
#include <vector>

namespace pilothouse::openapi {

// In pieces that follow each other, and live for ever.
[[nodiscard]] std::vector<std::string_view> document_pieces();  // JSON
[[nodiscard]] std::vector<std::string_view> page_pieces();      // HTML

}  // namespace pilothouse::openapi
