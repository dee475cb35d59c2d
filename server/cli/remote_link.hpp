// Commands run by a server elsewhere, over HTTP (docs/HTTP-API.md, "Commands").
#pragma once

#include "base/result.hpp"
#include "server/cli/attachment.hpp"
#include "server/cli/command_link.hpp"
#include "server/cli/server_choice.hpp"

#include <memory>
#include <string>
#include <vector>

namespace pilothouse::cli {

class remote_link final : public command_link {
public:
    // errc::unavailable: the file of certificates cannot be read.
    [[nodiscard]] static result<std::unique_ptr<remote_link>> open(remote_server const& where);
    ~remote_link() override;

    // What the command said there, refusals included. Failures, in words for people:
    // errc::unavailable: not reached, cut off, busy, or answered by something that is no Pilothouse
    // of this version; errc::denied: the certificate or the token is not taken; what a sink
    // answers. Whether the command was done is said where it is not known.
    [[nodiscard]] result<cli_result> call(std::vector<std::string> const& arguments, bool confirmed,
                                          std::vector<attachment> const& attached,
                                          byte_sink const& sink);

    [[nodiscard]] result<cli_result> ask(std::vector<std::string> const& arguments,
                                         std::vector<attachment> const& attached,
                                         byte_sink const& sink) override {
        return call(arguments, true, attached, sink);
    }

private:
    struct state;
    explicit remote_link(std::unique_ptr<state> s);
    std::unique_ptr<state> state_;
};

}  // namespace pilothouse::cli
