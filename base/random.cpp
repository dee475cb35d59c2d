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

std::string random_base62(std::size_t count) {
    std::string text;
    while (text.size() < count) {
        for (char const c : random_bytes(count)) {
            // 248 is the largest multiple of 62 in a byte: what lies above would favour the first
            // digits.
            auto const byte = static_cast<unsigned char>(c);
            if (byte < 248 && text.size() < count) text += base62_digits[byte % 62];
        }
    }
    return text;
}

}  // namespace pilothouse
