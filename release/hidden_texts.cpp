#include "release/hidden_texts.hpp"

#include "base/utf8.hpp"
#include "release/user_values.hpp"

#include <algorithm>
#include <utility>

namespace pilothouse::release {

void hidden_texts::add(secret const& document) {
    auto const known = texts_.size();
    for (auto& text : secret_texts(document)) texts_.push_back(std::move(text));
    std::ranges::sort(texts_);
    auto const same = std::ranges::unique(texts_);
    texts_.erase(same.begin(), same.end());
    if (texts_.size() != known) redact_ = redaction(texts_);
}

std::string hidden_texts::message(std::string_view text) const {
    auto words = redact_(text);
    cut_text(words, message_bytes_max);
    return words;
}

}  // namespace pilothouse::release
