// Takes documents to webhooks over HTTP.
#pragma once

#include "client/off_switch.hpp"
#include "notify/sender.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace pilothouse::notify {

struct sender_settings {
    bool allow_private = false;  // addresses of this machine and its networks
    std::string ca_file;         // PEM; trusted besides the system's certificates
    std::chrono::milliseconds timeout{10'000};
};

// Thread-safe. 2xx is success; redirects are not followed; of an answer little is read, and nothing
// kept. The address that is connected to is the one that was judged.
class http_sender final : public sender {
public:
    explicit http_sender(sender_settings s) : settings_(std::move(s)) {}

    [[nodiscard]] task<sent> send(outgoing what) override;
    // What is under way ends at once, and what begins later. Any thread.
    void stop() noexcept { off_->press(); }

private:
    sender_settings settings_;
    std::shared_ptr<client::off_switch> off_ = std::make_shared<client::off_switch>();
};

}  // namespace pilothouse::notify
