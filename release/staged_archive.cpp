#include "release/staged_archive.hpp"

#include "base/descriptor.hpp"
#include "base/failure.hpp"
#include "base/random.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>

namespace pilothouse::release {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void throw_errno(int error, char const* what) {
    if (error == ENOSPC || error == EDQUOT || error == EFBIG) throw storage_full(what);
    throw std::system_error(error, std::generic_category(), what);
}

void write_all(int file, std::string_view bytes) {
    while (!bytes.empty()) {
        auto const written = ::write(file, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) throw_errno(errno, "cannot write the archive of a run");
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

std::string_view read_piece(storage::blob const& from, std::uint64_t at, std::string& buffer) {
    auto const wanted = std::min<std::uint64_t>(buffer.size(), from.size_bytes - at);
    for (;;) {
        auto const count = ::pread(from.descriptor, buffer.data(), static_cast<std::size_t>(wanted),
                                   static_cast<off_t>(at));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) throw_errno(errno, "cannot read the archive of a run");
        return {buffer.data(), static_cast<std::size_t>(count)};
    }
}

void copy(storage::blob const& from, sha256_digest const& digest, int to) {
    constexpr std::size_t piece_bytes = std::size_t{128} * 1024;
    std::string buffer(piece_bytes, '\0');
    sha256_hasher hasher;
    for (std::uint64_t at = 0; at < from.size_bytes;) {
        auto const piece = read_piece(from, at, buffer);
        if (piece.empty()) break;
        hasher.update(piece);
        write_all(to, piece);
        at += piece.size();
    }
    if (hasher.finish() != digest)
        throw std::runtime_error("the archive " + digest.hex() + " is damaged");
}

fs::path make_file(fs::path const& folder, storage::blob const& from, sha256_digest const& digest) {
    constexpr std::size_t name_length = 20;
    fs::create_directories(folder);
    auto const file = folder / (random_base62(name_length) + ".tgz");
    descriptor const to(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!to) throw_errno(errno, "cannot make the archive of a run");
    try {
        copy(from, digest, to.get());
    } catch (...) {
        ::unlink(file.c_str());
        throw;
    }
    return file;
}

}  // namespace

staged_archive& staged_archive::operator=(staged_archive&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
}

staged_archive::~staged_archive() {
    if (!file_.empty()) ::unlink(file_.c_str());
}

task<result<staged_archive>> stage_archive(release_parts const& parts, sha256_digest digest) {
    auto const blob = co_await parts.blobs.open(digest);
    if (!blob) throw std::runtime_error("the archive " + digest.hex() + " is missing");
    auto const& from = *blob;
    auto const& folder = parts.folder;
    PILOTHOUSE_CO_TRY(auto file, co_await parts.files.run([from, folder, digest] {
        return result<fs::path>(make_file(folder, *from, digest));
    }));
    co_return staged_archive(std::move(file));
}

}  // namespace pilothouse::release
