#include "storage/memory/memory_blob_store.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace pilothouse::storage::memory {

namespace {

// A file without a disk, so that readers of descriptors have one.
std::shared_ptr<blob const> make_blob(std::string bytes) {
    auto made = std::make_shared<blob>();
    made->size_bytes = bytes.size();
    made->descriptor = ::memfd_create("blob", MFD_CLOEXEC);
    if (made->descriptor < 0 ||
        ::write(made->descriptor, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
        throw std::system_error(errno, std::generic_category(), "cannot make a file in memory");
    if (bytes.size() <= blob::small_bytes_max) made->bytes = std::move(bytes);
    return made;
}

}  // namespace

task<void> memory_blob_store::put(staged_file file) {
    std::string bytes(file.size_bytes(), '\0');
    bytes.resize(file.bytes().read(0, bytes));
    auto made = make_blob(std::move(bytes));
    std::lock_guard lock(state_.mutex);
    auto const [place, is_new] = state_.blobs.try_emplace(file.digest());
    if (is_new) place->second.content = std::move(made);
    place->second.stored = state_.time.now();
    co_return;
}

task<result<std::shared_ptr<blob const>>> memory_blob_store::open(sha256_digest digest) {
    std::lock_guard lock(state_.mutex);
    auto const found = state_.blobs.find(digest);
    if (found == state_.blobs.end())
        co_return failure(errc::not_found, "there is no such file", "no blob " + digest.hex());
    co_return found->second.content;
}

task<bool> memory_blob_store::remove(sha256_digest digest) {
    std::lock_guard lock(state_.mutex);
    co_return state_.blobs.erase(digest) > 0;
}

task<std::vector<blob_info>> memory_blob_store::list() {
    std::lock_guard lock(state_.mutex);
    std::vector<blob_info> all;
    for (auto const& [digest, b] : state_.blobs)
        all.push_back({digest, b.content->size_bytes, b.stored});
    co_return all;
}

}  // namespace pilothouse::storage::memory
