// How many streams may be open at once: in all, and of one caller.
#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <memory>
#include <string>

namespace pilothouse::http {

// Thread-safe.
class stream_slots {
public:
    stream_slots(std::size_t in_all, std::size_t of_caller);

    // Held until the last copy goes, which may be after this. errc::throttled: the caller has as
    // many as one may have; errc::unavailable: all are taken.
    [[nodiscard]] result<std::shared_ptr<void const>> take(std::string caller);
    [[nodiscard]] std::size_t taken() const;

private:
    struct table;
    class slot;
    std::shared_ptr<table> table_;
};

}  // namespace pilothouse::http
