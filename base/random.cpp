#include "base/random.hpp"

#include <openssl/rand.h>

#include <stdexcept>

namespace pilothouse {

std::string random_bytes(std::size_t count) {
    std::string bytes(count, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1)
        throw std::runtime_error("the operating system gives no random numbers");
    return bytes;
}

namespace {

std::string random_digits(std::size_t count, std::string_view digits) {
    // What lies above the largest multiple in a byte would favour the first digits.
    std::size_t const end = 256 - 256 % digits.size();
    std::string text;
    while (text.size() < count) {
        for (char const c : random_bytes(count)) {
            auto const byte = static_cast<unsigned char>(c);
            if (byte < end && text.size() < count) text += digits[byte % digits.size()];
        }
    }
    return text;
}

}  // namespace

std::string random_base62(std::size_t count) { return random_digits(count, base62_digits); }

std::string random_base36(std::size_t count) {
    return random_digits(count, "0123456789abcdefghijklmnopqrstuvwxyz");
}

}  // namespace pilothouse
