#include "server/console/turns.hpp"

#include "server/cli/control_message.hpp"

#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace pilothouse::console {

namespace {

failure busy(std::size_t commands, char const* whose) {
    return {errc::unavailable, "the server is busy with " + std::to_string(commands) +
                                   " other commands" + whose +
                                   ", and did nothing of this one: try again in a moment"};
}

}  // namespace

struct turns::state {
    std::mutex lock;
    std::size_t all = 0;
    std::map<storage::user_id, std::size_t> by_user;  // no zeros

    void give_back(storage::user_id user) {
        std::scoped_lock const held(lock);
        --all;
        auto const own = by_user.find(user);
        if (--own->second == 0) by_user.erase(own);
    }
};

turns::turns() : state_(std::make_shared<state>()) {}

result<std::shared_ptr<void const>> turns::take(auth::principal const& who) {
    auto const most = cli::commands_max - (who.admin ? 0 : kept_for_administrators);
    std::scoped_lock const held(state_->lock);
    if (state_->all >= most) return busy(state_->all, "");
    auto const own = state_->by_user.find(who.user);
    if (own != state_->by_user.end() && own->second >= commands_of_one_max)
        return busy(own->second, " of yours");
    auto const give_back = [kept = state_, user = who.user](void const*) { kept->give_back(user); };
    ++state_->all;
    ++state_->by_user[who.user];
    return std::shared_ptr<void const>(static_cast<void const*>(state_.get()), give_back);
}

}  // namespace pilothouse::console
