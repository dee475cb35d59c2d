// What a put costs, and how much memory a channel takes: printed, not judged, because machines
// differ.
#include "index/channel_index.hpp"

#include "base/runtime.hpp"
#include "tests/unit/index/fake_catalogue.hpp"
#include "tests/unit/index/samples.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <string>
#include <vector>

namespace pilothouse::index {

namespace {

using namespace std::chrono;

// Gives the same rows to every scan, without keeping them.
class wide_catalogue final : public storage::catalogue_observer {
public:
    void changed(storage::index_change const&) noexcept override {}
};

std::uint64_t resident_bytes() {
    std::ifstream file("/proc/self/statm");
    std::uint64_t size = 0, resident = 0;
    file >> size >> resident;
    return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

}  // namespace pilothouse::index
