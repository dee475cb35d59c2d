#include "release/helm/kept_output.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace pilothouse::release::helm {

namespace {

void wipe(std::string& text) {
    text.resize(text.capacity());
    ::explicit_bzero(text.data(), text.size());
    text.clear();
}

// As std::string grows, but without leaving the bytes behind.
void append_wiping(std::string& text, std::string_view bytes) {
    if (text.size() + bytes.size() > text.capacity()) {
        std::string larger;
        larger.reserve(std::max(2 * text.capacity(), text.size() + bytes.size()));
        larger = text;
        wipe(text);
        text = std::move(larger);
    }
    text += bytes;
}

// Half a secret would not be known for one when secrets are struck out.
std::string_view up_to_a_cut(std::string_view text) {
    auto at = text.rfind('\n');
    if (at == text.npos) at = text.rfind(' ');
    return text.substr(0, at == text.npos ? 0 : at + 1);
}
std::string_view from_a_cut(std::string_view text) {
    auto at = text.find('\n');
    if (at == text.npos) at = text.find(' ');
    return at == text.npos ? std::string_view() : text.substr(at + 1);
}

}  // namespace

kept_output::kept_output(kept_output&& other) noexcept
    : bounds_(other.bounds_),
      first_(std::move(other.first_)),
      last_(std::move(other.last_)),
      left_out_(other.left_out_) {
    wipe(other.first_);
    wipe(other.last_);
}

kept_output::~kept_output() {
    wipe(first_);
    wipe(last_);
}

void kept_output::add(std::string_view bytes) {
    auto const fits = bytes.substr(0, bounds_.first_bytes - first_.size());
    append_wiping(first_, fits);
    bytes.remove_prefix(fits.size());
    if (bytes.empty()) return;
    if (bytes.size() > bounds_.last_bytes) {
        left_out_ += last_.size() + bytes.size() - bounds_.last_bytes;
        last_.clear();
        bytes.remove_prefix(bytes.size() - bounds_.last_bytes);
    }
    append_wiping(last_, bytes);
    // Not at each piece: moving the rest costs as much as the rest is long.
    if (last_.size() > 2 * bounds_.last_bytes) shorten_last();
}

void kept_output::shorten_last() {
    auto const surplus = last_.size() - bounds_.last_bytes;
    last_.erase(0, surplus);
    left_out_ += surplus;
}

std::string kept_output::text() const {
    std::string_view last = last_;
    auto left_out = left_out_;
    if (last.size() > bounds_.last_bytes) {
        left_out += last.size() - bounds_.last_bytes;
        last.remove_prefix(last.size() - bounds_.last_bytes);
    }
    if (left_out == 0) return first_ + last_;
    auto const begin = up_to_a_cut(first_);
    auto const end = from_a_cut(last);
    left_out += first_.size() - begin.size() + last.size() - end.size();
    std::string text(begin);
    text += "[" + std::to_string(left_out) + " bytes are left out]\n";
    text += end;
    return text;
}

}  // namespace pilothouse::release::helm
