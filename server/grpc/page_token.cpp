#include "server/grpc/page_token.hpp"

#include "base/base64.hpp"
#include "base/sha256.hpp"

#include <cstddef>
#include <cstdint>

namespace pilothouse::rpc {

namespace {

constexpr std::size_t page_token_max = 100;
constexpr std::size_t check_size = 4;
constexpr std::size_t time_size = 8;

// Finds mistakes; who may see a release is asked at every page anew, so there is nothing to forge.
std::string check_of(std::string_view cluster, std::string_view place) {
    std::string text("page of ");
    text += cluster;
    text += '\n';
    text += place;
    return std::string(sha256(text).bytes().substr(0, check_size));
}

}  // namespace

std::string write_page_token(std::string_view cluster, storage::release_place const& last) {
    std::string place;
    auto const time = static_cast<std::uint64_t>(to_nanoseconds(last.created));
    for (int shift = 56; shift >= 0; shift -= 8)
        place += static_cast<char>(static_cast<unsigned char>(time >> shift));
    place += last.id;
    return encode_base64(check_of(cluster, place) + place, base64_form::url);
}

std::optional<storage::release_place> read_page_token(std::string_view cluster,
                                                      std::string_view token) {
    if (token.size() > page_token_max) return std::nullopt;
    auto const bytes = decode_base64(token, base64_form::url);
    if (!bytes || bytes->size() <= check_size + time_size) return std::nullopt;
    auto const place = std::string_view(*bytes).substr(check_size);
    if (check_of(cluster, place) != std::string_view(*bytes).substr(0, check_size))
        return std::nullopt;
    std::uint64_t time = 0;
    for (char const c : place.substr(0, time_size))
        time = time << 8 | static_cast<unsigned char>(c);
    return storage::release_place{from_nanoseconds(static_cast<std::int64_t>(time)),
                                  std::string(place.substr(time_size))};
}

}  // namespace pilothouse::rpc
