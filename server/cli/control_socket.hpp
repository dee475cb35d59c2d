// The command line's way into a running server: a Unix socket in the data folder.
#pragma once

#include "base/result.hpp"
#include "base/runtime.hpp"
#include "server/cli/services.hpp"

#include <filesystem>
#include <memory>

namespace pilothouse::cli {

// Only the server's own user and root may speak to it: the socket's rights say so, and so do the
// credentials that the kernel gives of each peer.
class control_socket {
public:
    // Listens in this folder, whose lock the caller holds, so a socket that lies there is a
    // leftover and goes. Commands run on the first core. errc::unavailable, with the reason. The
    // runtime and the services outlive it.
    [[nodiscard]] static result<std::unique_ptr<control_socket>> start(
        std::filesystem::path const& folder, runtime& cores, services& s);
    ~control_socket();  // stop()
    control_socket(control_socket const&) = delete;
    control_socket& operator=(control_socket const&) = delete;

    // Takes no more commands, waits for those under way, removes the socket. Not to be called on a
    // core. Idempotent.
    void stop();

private:
    struct state;
    explicit control_socket(std::unique_ptr<state> s);
    std::unique_ptr<state> state_;
};

}  // namespace pilothouse::cli
