// Which deployments this process is beginning at this moment.
#pragma once

#include <mutex>
#include <set>
#include <string>

namespace pilothouse::deploy {

// Thread-safe. A deployment's record is there before its operation: whose record names an operation
// that is not there is either among these, or was left behind by a process that went down.
class beginnings {
public:
    // Leaves when it is destroyed.
    class guard {
    public:
        guard(beginnings& of, std::string deployment);
        ~guard();
        guard(guard const&) = delete;
        guard& operator=(guard const&) = delete;

    private:
        beginnings& of_;
        std::string deployment_;
    };

    [[nodiscard]] bool contains(std::string const& deployment) const;

private:
    mutable std::mutex mutex_;
    std::multiset<std::string> begun_;
};

}  // namespace pilothouse::deploy
