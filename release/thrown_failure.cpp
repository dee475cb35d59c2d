#include "release/thrown_failure.hpp"

#include "base/busy.hpp"

#include <utility>

namespace pilothouse::release {

failure failure_of(std::exception_ptr thrown) {
    try {
        std::rethrow_exception(std::move(thrown));
    } catch (storage_full const& e) {
        return {errc::full, "the server's disk is full", e.what()};
    } catch (busy const& e) {
        return {errc::unavailable, "the server is busy; try again later", e.what()};
    } catch (std::exception const& e) {
        return {errc::broken, "something is wrong with the server; its log says what", e.what()};
    }
}

}  // namespace pilothouse::release
