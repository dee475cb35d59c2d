#include "storage/fs/fs_blob_store.hpp"

#include "storage/fs/on_pool.hpp"
#include "storage/fs/open_file.hpp"
#include "storage/fs/temporary_file.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <optional>
#include <stdexcept>
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

// A file with the name of a blob, before anybody looked into it.
struct candidate {
    open_file file;
    std::uint64_t size_bytes = 0;
};

// Null where nothing has the name. What is no regular file throws, and cannot make us wait.
std::optional<candidate> open_candidate(path const& name) {
    int const number = ::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (number < 0 && errno == ENOENT) return std::nullopt;
    if (number < 0) throw_errno(errno, "cannot open " + name.string());
    open_file file(number);
    struct stat s{};
    if (::fstat(number, &s) != 0) throw_errno(errno, "cannot examine " + name.string());
    if (!S_ISREG(s.st_mode)) throw_errno(EINVAL, name.string() + " is not a regular file");
    return candidate{std::move(file), static_cast<std::uint64_t>(s.st_size)};
}

sha256_digest digest_of(candidate const& c) {
    constexpr std::size_t piece = 256 * 1024;
    std::string buffer(static_cast<std::size_t>(std::min<std::uint64_t>(c.size_bytes, piece)), 0);
    sha256_hasher hasher;
    for (std::uint64_t at = 0; at < c.size_bytes;) {
        auto const count = c.file.read_at(at, buffer);
        if (count == 0) break;  // shorter than it was: so is its digest another
        hasher.update({buffer.data(), count});
        at += count;
    }
    return hasher.finish();
}

// Whether the name stands for these very bytes. What cannot be read does not, for whatever reason:
// whoever asks has the bytes at hand, and may always put them there anew.
bool holds(path const& name, staged_file const& wanted) {
    try {
        auto const there = open_candidate(name);
        return there && there->size_bytes == wanted.size_bytes() &&
               digest_of(*there) == wanted.digest();
    } catch (std::system_error const&) {
        return false;
    }
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
    co_await on_pool(files_, [&] { store(file); });
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
void fs_blob_store::store(staged_file& file) {
    auto& content = dynamic_cast<temporary_file&>(file.bytes());
    auto const name = where_.blob(file.digest());
    auto const now = time_.now();
    set_stored(content.descriptor(), nullptr, now);
    content.sync();

    // Guarded, so that nobody finds a name whose sync fails afterwards, or that is being removed.
    std::lock_guard guard(guard_of(file.digest()));
    bool const is_new = content.link_as(name);
    if (!is_new) renew(name, file, now);
    try {
        // Also when the name was there: whoever made it may have died before this.
        sync_folder(name.parent_path());
    } catch (...) {
        // One that was there may be named by others, and holds the right bytes in any case.
        if (is_new) ::unlink(name.c_str());
        throw;
    }
    content.discard();
}

// A name that stands for other bytes is nothing to keep: a damaged blob heals when it is put again.
void fs_blob_store::renew(path const& name, staged_file& file, instant now) {
    if (holds(name, file)) {
        set_stored(AT_FDCWD, name.c_str(), now);
        return;
    }
    dynamic_cast<temporary_file&>(file.bytes()).rename_to(name);
    kept_.forget(file.digest());
}

result<std::shared_ptr<blob const>> fs_blob_store::load(sha256_digest const& digest) {
    auto const name = where_.blob(digest);
    auto const epoch = kept_.epoch();
    auto found = open_candidate(name);
    if (!found) return failure(errc::not_found, "there is no such file", "no blob " + digest.hex());

    auto opened = std::make_shared<blob>();
    opened->size_bytes = found->size_bytes;
    bool const is_small = found->size_bytes <= blob::small_bytes_max;
    if (is_small) {
        opened->bytes.resize(found->size_bytes);
        opened->bytes.resize(found->file.read_at(0, opened->bytes));
    }
    // Of a small one the very bytes that will be served.
    if ((is_small ? sha256(opened->bytes) : digest_of(*found)) != digest)
        throw std::runtime_error("the blob " + digest.hex() + " is damaged: " + name.string() +
                                 " holds other bytes");
    opened->descriptor = found->file.release();
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
