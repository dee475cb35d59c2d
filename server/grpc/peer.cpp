#include "server/grpc/peer.hpp"

namespace pilothouse::rpc {

namespace {

// Without what stands before and after it, where both are there.
std::string_view between(std::string_view text, std::string_view before, std::string_view after) {
    if (!text.starts_with(before)) return {};
    text.remove_prefix(before.size());
    return text.substr(0, text.rfind(after));
}

}  // namespace

std::string address_of(std::string_view peer) {
    std::string_view found = between(peer, "ipv4:", ":");
    if (found.empty()) found = between(peer, "ipv6:%5B", "%5D");
    if (found.empty()) found = between(peer, "ipv6:[", "]");
    // A client of IPv4 at a socket that takes both.
    constexpr std::string_view mapped = "::ffff:";
    if (found.starts_with(mapped) && found.find('.') != std::string_view::npos)
        found.remove_prefix(mapped.size());
    return std::string(found.empty() ? peer : found);
}

}  // namespace pilothouse::rpc
