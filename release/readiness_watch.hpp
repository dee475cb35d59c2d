// Looks at the cluster while Helm waits: which objects are not ready yet, and why.
#pragma once

#include "base/doorbell.hpp"
#include "base/task.hpp"
#include "release/redaction.hpp"
#include "release/release_parts.hpp"
#include "release/run_watch.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pilothouse::release {

// Lives on the runner's core. Its coroutines own it, so that nobody has to wait for a cluster that
// does not answer.
class readiness_watch {
public:
    struct subject {
        target where;
        int revision = 0;  // the one that is waited for
        operation_options how;
        redaction hide;  // of texts that nobody may read
        std::chrono::nanoseconds between_looks{};
    };
    // `parts.looks` is there.
    readiness_watch(release_parts const& parts, std::shared_ptr<run_watch> watch, subject what);

    // Until end(): tells whenever something else is not ready, and now and then the same again.
    [[nodiscard]] static task<void> run(std::shared_ptr<readiness_watch> self);
    // One more look, whose end last_look() hears.
    [[nodiscard]] static task<void> look_again(std::shared_ptr<readiness_watch> self);

    // From now on nothing is told.
    void end() noexcept;
    // Until look_again() is through, for so long at most.
    [[nodiscard]] task<void> last_look(std::chrono::nanoseconds at_most);

    // As last seen: `Deployment shop/hello: 0 of 1 ready: …`, ten and how many more; redacted.
    // Those that `told` names are left out, unless the cause is known.
    [[nodiscard]] std::vector<std::string> lines(std::string_view told) const;

private:
    [[nodiscard]] task<void> look();
    [[nodiscard]] task<void> find_objects();
    void tell();

    release_parts const& parts_;
    std::shared_ptr<run_watch> watch_;
    subject what_;
    std::optional<cluster_access> access_;
    std::optional<std::vector<rendered_object>> awaited_;
    std::vector<object_state> unready_;
    std::string told_;
    std::chrono::steady_clock::time_point told_at_;
    bool ended_ = false;
    doorbell ended_bell_, looked_bell_;
};

}  // namespace pilothouse::release
