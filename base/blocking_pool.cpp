#include "base/blocking_pool.hpp"

#include <pthread.h>

namespace pilothouse {

blocking_pool::blocking_pool(std::string name, settings s) : name_(std::move(name)), settings_(s) {
    threads_.reserve(settings_.threads);
    for (std::size_t i = 0; i < settings_.threads; ++i) threads_.emplace_back([this] { work(); });
}

blocking_pool::~blocking_pool() { drain(); }

bool blocking_pool::try_post(std::function<void()> job) {
    {
        std::lock_guard lock(mutex_);
        if (stopping_ || jobs_.size() >= settings_.waiting_max) return false;
        jobs_.push_back(std::move(job));
    }
    wake_.notify_one();
    return true;
}

void blocking_pool::drain() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    for (auto& thread : threads_) {
        if (thread.joinable()) thread.join();
    }
}

std::size_t blocking_pool::waiting() const {
    std::lock_guard lock(mutex_);
    return jobs_.size();
}

void blocking_pool::work() {
    // 15 characters are all that the kernel keeps of a thread's name.
    pthread_setname_np(pthread_self(), name_.substr(0, 15).c_str());
    std::unique_lock lock(mutex_);
    while (true) {
        wake_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
        if (jobs_.empty()) return;
        auto job = std::move(jobs_.front());
        jobs_.pop_front();
        lock.unlock();
        job();
        job = nullptr;
        lock.lock();
    }
}

}  // namespace pilothouse
