#include "tests/unit/storage/failing_vfs.hpp"

#include <sqlite3.h>

namespace pilothouse::tests {

std::atomic<int> failing_vfs::syncs = 0;
std::atomic<bool> failing_vfs::fail_sync = false;
std::atomic<bool> failing_vfs::fail_write = false;

namespace {

// The methods of the real log files, and the copy in which two are ours.
sqlite3_io_methods const* real_log = nullptr;
sqlite3_io_methods our_log;
sqlite3_vfs our_layer;

int sync_log(sqlite3_file* file, int flags) {
    ++failing_vfs::syncs;
    return failing_vfs::fail_sync ? SQLITE_IOERR_FSYNC : real_log->xSync(file, flags);
}

int write_log(sqlite3_file* file, void const* bytes, int count, sqlite3_int64 offset) {
    return failing_vfs::fail_write ? SQLITE_FULL : real_log->xWrite(file, bytes, count, offset);
}

int open_file(sqlite3_vfs* layer, char const* name, sqlite3_file* file, int flags, int* flags_out) {
    auto* const real = static_cast<sqlite3_vfs*>(layer->pAppData);
    int const code = real->xOpen(real, name, file, flags, flags_out);
    if (code != SQLITE_OK || (flags & SQLITE_OPEN_WAL) == 0) return code;
    static bool const prepared = [&] {
        real_log = file->pMethods;
        our_log = *real_log;
        our_log.xSync = sync_log;
        our_log.xWrite = write_log;
        return true;
    }();
    (void)prepared;
    file->pMethods = &our_log;
    return code;
}

}  // namespace

failing_vfs::failing_vfs() {
    syncs = 0;
    fail_sync = false;
    fail_write = false;
    auto* const real = sqlite3_vfs_find("unix");
    our_layer = *real;
    our_layer.zName = "failing";
    our_layer.pAppData = real;
    our_layer.xOpen = open_file;
    sqlite3_vfs_register(&our_layer, 1);
}

failing_vfs::~failing_vfs() {
    sqlite3_vfs_register(sqlite3_vfs_find("unix"), 1);
    sqlite3_vfs_unregister(&our_layer);
}

}  // namespace pilothouse::tests
