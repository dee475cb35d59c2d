#include "server/cli/server_choice.hpp"

#include "server/cli/control_message.hpp"
#include "transfer/open_file.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <utility>

namespace pilothouse::cli {

namespace {

constexpr std::size_t secret_bytes_max = 64 * 1024;

failure nonsense(std::string why) { return {errc::invalid_argument, std::move(why)}; }

std::string environment(char const* name) {
    char const* const text = std::getenv(name);
    return text == nullptr ? "" : text;
}

bool stays_on_this_machine(std::string const& host) {
    boost::system::error_code wrong;
    auto const address = boost::asio::ip::make_address(host, wrong);
    return wrong ? host == "localhost" : address.is_loopback();
}

// The address of the server, or of what it calls its base path, with or without a slash behind it.
result<client::url> command_address(std::string text) {
    if (text.find_first_of("?#") != std::string::npos)
        return nonsense("the server's address ends with its path: no query, no fragment");
    while (text.ends_with('/')) text.pop_back();
    auto parsed = client::url::parse(text + std::string(command_path));
    if (!parsed)
        return nonsense("the server's address: " + parsed.error().detail +
                        "; one is https://charts.example.com");
    return parsed;
}

result<secret> token_of(server_options const& given) {
    if (!given.token.empty() && !given.token_file.empty())
        return nonsense("--token and --token-file: name one of them");
    if (!given.token_file.empty()) return secret_in(given.token_file);
    auto text = given.token.empty() ? environment("PILOTHOUSE_TOKEN") : given.token;
    if (text.empty())
        return nonsense(
            "a server wants a token with the scope api: name a file that holds it with "
            "--token-file, or set PILOTHOUSE_TOKEN");
    return secret(std::move(text));
}

result<void> check_leftovers(server_options const& given) {
    auto const& g = given;
    bool const any = !g.token.empty() || !g.token_file.empty() || !g.ca_file.empty();
    if (any || g.allow_plaintext)
        return nonsense(
            "--token, --token-file, --ca-file and --allow-plaintext are for a server: name it with "
            "--server or PILOTHOUSE_SERVER");
    return {};
}

}  // namespace

result<std::optional<remote_server>> choose_server(server_options const& given, bool on_folder) {
    if (on_folder && !given.server.empty())
        return nonsense("--data and --server: a command is for one of them");
    auto const text =
        given.server.empty() && !on_folder ? environment("PILOTHOUSE_SERVER") : given.server;
    if (text.empty()) {
        if (auto const none = check_leftovers(given); !none) return none.error();
        return std::optional<remote_server>();
    }
    PILOTHOUSE_TRY(auto where, command_address(text));
    PILOTHOUSE_TRY(auto token, token_of(given));
    if (!where.tls() && !stays_on_this_machine(where.host()) && !given.allow_plaintext)
        return nonsense(
            "over http:// everybody on the way to " + where.host() +
            " can read the token: use https://, or say --allow-plaintext if the way is safe");
    auto ca_file = given.ca_file.empty() ? environment("PILOTHOUSE_CA_FILE") : given.ca_file;
    return std::optional(remote_server{std::move(where), std::move(token), std::move(ca_file)});
}

result<secret> secret_in(std::string const& file) {
    std::ifstream opened(file);
    if (!opened) return transfer::file_failure(file, errno);
    std::string line(secret_bytes_max, '\0');
    opened.read(line.data(), static_cast<std::streamsize>(line.size()));
    line.resize(static_cast<std::size_t>(opened.gcount()));
    if (line.size() == secret_bytes_max)
        return failure(errc::too_large, file + ": too large for a secret");
    line.resize(std::min(line.size(), line.find_first_of("\r\n")));
    if (line.empty()) return failure(errc::invalid_argument, file + ": nothing in its first line");
    return secret(std::move(line));
}

}  // namespace pilothouse::cli
