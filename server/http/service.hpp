// What the cores of one listener share.
#pragma once

#include "base/task_group.hpp"
#include "server/http/listener.hpp"
#include "server/http/tls.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

namespace pilothouse::http {

class hub;

class service {
public:
    service(limits const& l, request_handler& answers);
    service(service const&) = delete;
    service& operator=(service const&) = delete;
    ~service();

    http::limits const limits;
    request_handler& handler;
    task_group connections;
    std::vector<std::shared_ptr<hub>> hubs;  // one a core; complete before the first accept
    // Seen by every core before the first idle connection is told to go: whatever is answered
    // afterwards says that it is the last.
    std::atomic<bool> stopping = false;

    // Thread-safe. Empty: this listener speaks in the clear.
    [[nodiscard]] std::shared_ptr<tls_context const> tls() const;
    void replace_tls(std::shared_ptr<tls_context const> fresh);

    // On the core of `here`, before it takes one more connection: at the limit the connection
    // that has been idle longest, on whichever core, ends. False: all are busy.
    [[nodiscard]] bool make_room(hub& here);

    // Thread-safe.
    [[nodiscard]] connection_counts counts() const noexcept;

private:
    mutable std::mutex mutex_;
    std::shared_ptr<tls_context const> tls_;
};

}  // namespace pilothouse::http
