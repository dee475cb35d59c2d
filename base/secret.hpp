// A string that does not print itself: tokens, passwords, keys.
#pragma once

#include <cstring>
#include <string>
#include <string_view>
#include <utility>

namespace pilothouse {

// No operator<<, no formatter: who wants the text says reveal(), and reviewers look for that word.
// Its own bytes are overwritten when it goes, is assigned to, or is moved from. Not those of
// others: a text it was made of, a buffer of the network, a copy of what reveal() showed.
class secret {
public:
    secret() = default;
    explicit secret(std::string text) : text_(std::move(text)) {}
    secret(secret const&) = default;
    secret(secret&& other) noexcept : text_(std::move(other.text_)) { other.wipe(); }
    secret& operator=(secret const& other) {
        if (this != &other) *this = secret(other);
        return *this;
    }
    secret& operator=(secret&& other) noexcept {
        if (this == &other) return *this;
        wipe();
        text_ = std::move(other.text_);
        other.wipe();
        return *this;
    }
    ~secret() { wipe(); }

    [[nodiscard]] std::string_view reveal() const noexcept { return text_; }
    [[nodiscard]] bool empty() const noexcept { return text_.empty(); }

private:
    // The whole capacity: a short text that was moved away is still there.
    void wipe() noexcept {
        text_.resize(text_.capacity());
        ::explicit_bzero(text_.data(), text_.size());
        text_.clear();
    }

    std::string text_;
};

}  // namespace pilothouse
