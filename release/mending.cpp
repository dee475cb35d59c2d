#include "release/mending.hpp"

#include <chrono>
#include <string>

namespace pilothouse::release {

// Whatever anybody wants: what is half done is worse.
task<void> mend(release_parts const& parts, operation_in_hand const& at, decision how) {
    constexpr std::chrono::seconds timeout{60};
    operation_options options;
    options.timeout = timeout;
    options.wait = false;
    options.skip_hooks = how.skip_hooks;
    bool const back = how.what == step::roll_back;
    at.watch()->say("mending", back ? "rolling back to revision " + std::to_string(how.revision)
                                    : std::string("uninstalling what was left half done"));
    auto const control = at.watch()->control(false);
    run_end end;
    if (back)
        end = co_await parts.helm.rollback(at.where(), how.revision, options, control);
    else
        end = co_await parts.helm.uninstall(at.where(), options, control);
    if (end.error) at.tell("helm", end.error->message);
}

}  // namespace pilothouse::release
