// Immutable bytes that several responses send at once.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace pilothouse {

// A view, and whatever keeps it alive.
struct shared_bytes {
    std::shared_ptr<void const> owner;
    std::string_view bytes;

    shared_bytes() = default;
    shared_bytes(std::shared_ptr<void const> o, std::string_view b)
        : owner(std::move(o)), bytes(b) {}
    explicit shared_bytes(std::string text) {
        auto kept = std::make_shared<std::string const>(std::move(text));
        bytes = *kept;
        owner = std::move(kept);
    }
};

}  // namespace pilothouse
