// What nobody may read in the words on an operation.
#pragma once

#include "base/secret.hpp"
#include "release/redaction.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::release {

// Of what an operation ends with: an error, a warning, a description.
inline constexpr std::size_t message_bytes_max = 4096;

// Grows with each document that the operation comes to know.
class hidden_texts {
public:
    // All that is secret in a JSON document (release/user_values.hpp, secret_texts()).
    void add(secret const& document);

    [[nodiscard]] std::vector<std::string> const& texts() const noexcept { return texts_; }
    [[nodiscard]] redaction const& redact() const noexcept { return redact_; }
    // Without them, at most message_bytes_max.
    [[nodiscard]] std::string message(std::string_view text) const;

private:
    std::vector<std::string> texts_;  // each once
    redaction redact_;                // of these
};

}  // namespace pilothouse::release
