#include "storage/fs/fs_blob_store.hpp"

#include "storage/fs/descriptor.hpp"
#include "storage/fs/on_pool.hpp"
#include "storage/fs/temporary_file.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

namespace pilothouse::storage::fs {

namespace {

constexpr std::int64_t second_in_nanoseconds = 1'000'000'000;

// Enough for the charts that are hot, and far from all descriptors that we may have.
std::size_t files_kept_open() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
    return static_cast<std::size_t>(std::min<rlim_t>(256, limit.rlim_cur / 8));
}

timespec to_timespec(instant t) {
    auto const n = to_nanoseconds(t);
    return {static_cast<time_t>(n / second_in_nanoseconds), n % second_in_nanoseconds};
}

instant stored_at(struct stat const& s) {
    return from_nanoseconds(s.st_mtim.tv_sec * second_in_nanoseconds + s.st_mtim.tv_nsec);
}

void set_stored(int folder, char const* name, instant t) {
    auto const when = to_timespec(t);
    timespec const times[2] = {when, when};
    int const done = name == nullptr ? ::futimens(folder, times)
                                     : ::utimensat(folder, name, times, AT_SYMLINK_NOFOLLOW);
    if (done != 0) throw_errno(errno, "cannot set the time of a blob");
}

// What lies in one folder of blobs and is one; other files are not ours to judge.
void add_blobs_in(path const& folder, std::vector<blob_info>& all) {
    for (auto const& item : std::filesystem::directory_iterator(folder)) {
        auto const digest =
            sha256_digest::from_hex(folder.filename().string() + item.path().filename().string());
        struct stat s{};
        if (!digest || ::lstat(item.path().c_str(), &s) != 0 || !S_ISREG(s.st_mode)) continue;
        all.push_back({*digest, static_cast<std::uint64_t>(s.st_size), stored_at(s)});
    }
}

}  // namespace

fs_blob_store::fs_blob_store(layout where, blocking_pool& files, clock const& time)
    : where_(std::move(where)), files_(files), time_(time), kept_(files_kept_open()) {}

task<void> fs_blob_store::put(staged_file file) {
    auto& content = dynamic_cast<temporary_file&>(file.bytes());
    co_await on_pool(files_, [&] { store(content, file.digest()); });
}

task<result<std::shared_ptr<blob const>>> fs_blob_store::open(sha256_digest digest) {
    if (auto kept = kept_.find(digest)) co_return kept;
    co_return co_await files_.run([&] { return load(digest); });
}

task<bool> fs_blob_store::remove(sha256_digest digest) {
    co_return co_await on_pool(files_, [&] { return erase(digest); });
}

task<std::vector<blob_info>> fs_blob_store::list() {
    co_return co_await on_pool(files_, [&] { return walk(); });
}

// Bytes before name, name before answer. Stopped before the link: a leftover in staging. Stopped
// before the folder's sync: perhaps a blob that nobody was told of. A failed sync is never tried
// again: the kernel reports an error once and then calls the same pages clean.
void fs_blob_store::store(temporary_file& file, sha256_digest const& digest) {
    auto const name = where_.blob(digest);
    auto const now = time_.now();
    set_stored(file.descriptor(), nullptr, now);
    file.sync();

    // Guarded, so that nobody finds a name whose sync fails afterwards, or that is being removed.
    std::lock_guard guard(guard_of(digest));
    bool const is_new = file.link_as(name);
    if (!is_new) set_stored(AT_FDCWD, name.c_str(), now);
    try {
        // Also when the name was there: whoever made it may have died before this.
        sync_folder(name.parent_path());
    } catch (...) {
        if (is_new) ::unlink(name.c_str());
        throw;
    }
    file.discard();
}

result<std::shared_ptr<blob const>> fs_blob_store::load(sha256_digest const& digest) {
    auto const name = where_.blob(digest);
    auto const epoch = kept_.epoch();
    int const number = ::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (number < 0 && errno == ENOENT)
        return failure(errc::not_found, "there is no such file", "no blob " + digest.hex());
    if (number < 0) throw_errno(errno, "cannot open " + name.string());

    descriptor file(number);
    struct stat s{};
    if (::fstat(number, &s) != 0) throw_errno(errno, "cannot examine " + name.string());
    if (!S_ISREG(s.st_mode)) throw_errno(EINVAL, name.string() + " is not a regular file");
    auto opened = std::make_shared<blob>();
    opened->size_bytes = static_cast<std::uint64_t>(s.st_size);
    if (opened->size_bytes <= blob::small_bytes_max) {
        opened->bytes.resize(opened->size_bytes);
        if (file.read_at(0, opened->bytes) != opened->size_bytes)
            throw_errno(EIO, name.string() + " is shorter than it was");
    }
    opened->descriptor = file.release();
    kept_.keep(digest, opened, epoch);
    return opened;
}

bool fs_blob_store::erase(sha256_digest const& digest) {
    auto const name = where_.blob(digest);
    std::lock_guard guard(guard_of(digest));
    bool const was_there = ::unlink(name.c_str()) == 0;
    if (!was_there && errno != ENOENT) throw_errno(errno, "cannot remove " + name.string());
    kept_.forget(digest);
    return was_there;
}

std::vector<blob_info> fs_blob_store::walk() const {
    std::vector<blob_info> all;
    for (int first = 0; first < 256; ++first)
        add_blobs_in(where_.blobs_in(static_cast<unsigned char>(first)), all);
    return all;
}

std::mutex& fs_blob_store::guard_of(sha256_digest const& digest) {
    return guards_[static_cast<unsigned char>(digest.bytes().front())];
}

}  // namespace pilothouse::storage::fs
