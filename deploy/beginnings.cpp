#include "deploy/beginnings.hpp"

#include <utility>

namespace pilothouse::deploy {

beginnings::guard::guard(beginnings& of, std::string deployment)
    : of_(of), deployment_(std::move(deployment)) {
    std::lock_guard const lock(of_.mutex_);
    of_.begun_.insert(deployment_);
}

beginnings::guard::~guard() {
    std::lock_guard const lock(of_.mutex_);
    of_.begun_.erase(of_.begun_.find(deployment_));
}

bool beginnings::contains(std::string const& deployment) const {
    std::lock_guard const lock(mutex_);
    return begun_.contains(deployment);
}

}  // namespace pilothouse::deploy
