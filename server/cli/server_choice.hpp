// Which house a command line is for: the data folder on this machine, or a server elsewhere.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "client/url.hpp"

#include <optional>
#include <string>

namespace pilothouse::cli {

// As they were written; empty: not given.
struct server_options {
    std::string server, token, token_file, ca_file;
    bool allow_plaintext = false;
};

struct remote_server {
    client::url where;  // of the route for commands
    secret token;
    std::string ca_file = {};  // may be empty
};

// The options, else the environment: PILOTHOUSE_SERVER, PILOTHOUSE_TOKEN, PILOTHOUSE_CA_FILE. A
// data folder that was named on the command line (`on_folder`) wins over the environment. nullopt:
// this machine. errc::invalid_argument: options that make no sense together, no token, an address
// that is none, or a token that would go over the network in the clear.
[[nodiscard]] result<std::optional<remote_server>> choose_server(server_options const& given,
                                                                 bool on_folder);

// The first line of a file, or of what a pipe brings: editors end files with a line feed.
// errc::invalid_argument: it is empty; errc::too_large; errc::not_found, errc::denied.
[[nodiscard]] result<secret> secret_in(std::string const& file);

}  // namespace pilothouse::cli
