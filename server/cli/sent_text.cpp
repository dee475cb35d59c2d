#include "server/cli/sent_text.hpp"

#include "base/base64.hpp"

#include <fstream>
#include <iostream>
#include <iterator>

namespace pilothouse::cli {

namespace {

constexpr std::size_t sent_bytes_max = 512 * 1024;

}  // namespace

result<secret> read_sent_text(std::string const& file) {
    std::ifstream opened;
    if (file != "-") opened.open(file, std::ios::binary);
    std::istream& in = file == "-" ? std::cin : opened;
    std::string text(sent_bytes_max + 1, '\0');
    if (in) in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (in.bad() || (file != "-" && !opened.is_open()))
        return failure(errc::invalid_argument, file + ": cannot be read");
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (text.size() > sent_bytes_max)
        return failure(errc::invalid_argument, file + ": has more than 512 KiB");
    return secret(std::move(text));
}

result<secret> take_sent_text(std::string const& encoded) {
    auto text = decode_base64(encoded);
    if (!text) return failure(errc::invalid_argument, "a text that was sent along is damaged");
    return secret(std::move(*text));
}

cli_result unsent(failure const& why) { return {2, "", "pilothouse: " + why.detail + "\n"}; }

cli_result ask_house(command_link& house, std::vector<std::string> arguments, bool json) {
    if (json) arguments.emplace_back("--json");
    auto answer = house.ask(arguments);
    if (answer) return std::move(*answer);
    return {1, "", "pilothouse: " + answer.error().detail + "\n"};
}

}  // namespace pilothouse::cli
