#include "release/stop_event.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

namespace pilothouse::release {

descriptor make_event() {
    descriptor event(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!event) throw std::system_error(errno, std::generic_category(), "eventfd");
    return event;
}

void raise_event(descriptor const& event) noexcept {
    std::uint64_t const one = 1;
    [[maybe_unused]] auto const written = ::write(event.get(), &one, sizeof one);
}

}  // namespace pilothouse::release
