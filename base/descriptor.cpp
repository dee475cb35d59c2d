#include "base/descriptor.hpp"

#include <unistd.h>

namespace pilothouse {

void descriptor::reset() noexcept {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
}

}  // namespace pilothouse
