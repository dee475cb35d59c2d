// What was said of each of several things last, so that a round says it once and not each time.
#pragma once

#include <map>
#include <string>

namespace pilothouse::deploy {

// Belongs to one round; not thread-safe.
template <class Thing>
class said_once {
public:
    // Whether it was not the last that was said of it. Empty: there is nothing to say of it.
    [[nodiscard]] bool is_news(Thing const& of, std::string const& words) {
        if (words.empty()) {
            last_.erase(of);
            return false;
        }
        auto& before = last_[of];
        if (before == words) return false;
        before = words;
        return true;
    }
    // Forgets those that are not among them.
    template <class Things>
    void keep(Things const& there) {
        std::erase_if(last_, [&](auto const& said) { return !there.contains(said.first); });
    }

private:
    std::map<Thing, std::string> last_;
};

}  // namespace pilothouse::deploy
