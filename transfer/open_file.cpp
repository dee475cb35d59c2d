#include "transfer/open_file.hpp"

#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pilothouse::transfer {

namespace {

constexpr std::size_t piece_bytes = 64 * 1024;

std::size_t read_some(int descriptor, std::uint64_t offset, char* out, std::size_t size) {
    for (;;) {
        auto const count = ::pread(descriptor, out, size, static_cast<::off_t>(offset));
        if (count >= 0) return static_cast<std::size_t>(count);
        if (errno != EINTR)
            throw std::system_error(errno, std::generic_category(), "a file cannot be read");
    }
}

struct stat status_of(int descriptor) {
    struct stat s{};
    if (::fstat(descriptor, &s) != 0)
        throw std::system_error(errno, std::generic_category(), "a file cannot be looked at");
    return s;
}

}  // namespace

failure file_failure(std::filesystem::path const& file, int error_number) {
    auto code = errc::denied;
    if (error_number == ENOENT || error_number == ENOTDIR) code = errc::not_found;
    if (error_number == ENOSPC || error_number == EDQUOT) code = errc::full;
    return {code, file.string() + ": " + std::generic_category().message(error_number)};
}

open_file::~open_file() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

open_file::open_file(open_file&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

open_file& open_file::operator=(open_file&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

// Not blocking: a pipe that lies there must not keep us waiting for its writer.
result<open_file> open_file::read_from(std::filesystem::path const& file) {
    open_file opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (opened.descriptor_ < 0) return file_failure(file, errno);
    if (!S_ISREG(status_of(opened.descriptor_).st_mode))
        return failure(errc::denied, file.string() + ": not a regular file");
    return opened;
}

result<open_file> open_file::temporary() {
    char const* const chosen = std::getenv("TMPDIR");
    std::string pattern = chosen != nullptr && *chosen != '\0' ? chosen : "/tmp";
    pattern += "/pilothouse-import-XXXXXX";
    open_file made(::mkostemp(pattern.data(), O_CLOEXEC));
    if (made.descriptor_ < 0) return file_failure(pattern, errno);
    ::unlink(pattern.c_str());
    return made;
}

std::uint64_t open_file::size_bytes() const {
    return static_cast<std::uint64_t>(status_of(descriptor_).st_size);
}

std::int64_t open_file::modified() const {
    auto const s = status_of(descriptor_);
    return s.st_mtim.tv_sec * 1'000'000'000 + s.st_mtim.tv_nsec;
}

result<void> open_file::append(std::string_view bytes) {
    while (!bytes.empty()) {
        auto const count = ::write(descriptor_, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return file_failure("a temporary file", errno);
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return {};
}

sha256_digest open_file::digest() const {
    sha256_hasher hasher;
    std::string piece(piece_bytes, '\0');
    for (std::uint64_t offset = 0;;) {
        auto const count = read_some(descriptor_, offset, piece.data(), piece.size());
        if (count == 0) return hasher.finish();
        hasher.update(std::string_view(piece).substr(0, count));
        offset += count;
    }
}

result<std::string> open_file::text(std::uint64_t bytes_max) const {
    auto const size = size_bytes();
    if (size > bytes_max)
        return failure(errc::too_large, "is larger than " + std::to_string(bytes_max) + " bytes");
    std::string all(size, '\0');
    std::size_t count = 0;
    while (count < all.size()) {
        auto const more = read_some(descriptor_, count, all.data() + count, all.size() - count);
        if (more == 0) break;
        count += more;
    }
    all.resize(count);
    return all;
}

}  // namespace pilothouse::transfer
