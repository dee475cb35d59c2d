#include "base/runtime.hpp"

#include <pthread.h>

namespace pilothouse {

runtime::runtime(std::size_t cores) {
    for (std::size_t i = 0; i < cores; ++i) {
        contexts_.push_back(std::make_unique<asio::io_context>(1));
        guards_.emplace_back(contexts_.back()->get_executor());
    }
    for (auto& context : contexts_) {
        threads_.emplace_back([&loop = *context] {
            pthread_setname_np(pthread_self(), "core");
            loop.run();
        });
    }
}

runtime::~runtime() { stop(); }

void runtime::stop() {
    for (auto& g : guards_) g.reset();
    for (auto& thread : threads_) {
        if (thread.joinable()) thread.join();
    }
}

}  // namespace pilothouse
