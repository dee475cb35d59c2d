// How far a long command has come, for whoever waits for it.
#pragma once

#include <cstddef>
#include <string_view>

namespace pilothouse::transfer {

class progress {
public:
    virtual ~progress() = default;
    // `done` of `all` are through, and this one is next.
    virtual void at(std::size_t done, std::size_t all, std::string_view name) = 0;
};

}  // namespace pilothouse::transfer
