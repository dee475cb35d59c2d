// A string that does not print itself: tokens, passwords, keys.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace pilothouse {

// No operator<<, no formatter: who wants the text says reveal(), and reviewers look for that word.
// The bytes are overwritten when the secret goes.
class secret {
public:
    secret() = default;
    explicit secret(std::string text) : text_(std::move(text)) {}
    secret(secret const&) = default;
    secret(secret&&) noexcept = default;
    secret& operator=(secret const&) = default;
    secret& operator=(secret&&) noexcept = default;
    ~secret() {
        for (char volatile& c : text_) c = 0;
    }

    [[nodiscard]] std::string_view reveal() const noexcept { return text_; }
    [[nodiscard]] bool empty() const noexcept { return text_.empty(); }

private:
    std::string text_;
};

}  // namespace pilothouse
