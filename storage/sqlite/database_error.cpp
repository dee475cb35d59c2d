#include "storage/sqlite/database_error.hpp"

#include "base/busy.hpp"
#include "base/failure.hpp"

#include <sqlite3.h>

#include <cerrno>

namespace pilothouse::storage::sqlite {

namespace {

// The errno of the last call that failed on the database file or on its log, as `which` says.
// (sqlite3_system_errno is not set by a COMMIT that fails.)
int last_errno(sqlite3* handle, int which) {
    sqlite3_file* file = nullptr;
    int error = 0;
    sqlite3_file_control(handle, "main", which, &file);
    if (file != nullptr && file->pMethods != nullptr)
        file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &error);
    return error;
}

// SQLite knows ENOSPC by itself; quotas and size limits it calls an I/O error.
bool is_full(sqlite3* handle, int code) {
    int const primary = code & 0xff;
    if (primary == SQLITE_FULL) return true;
    if (primary != SQLITE_IOERR || handle == nullptr) return false;
    for (int const which : {SQLITE_FCNTL_FILE_POINTER, SQLITE_FCNTL_JOURNAL_POINTER}) {
        int const error = last_errno(handle, which);
        if (error == ENOSPC || error == EDQUOT || error == EFBIG) return true;
    }
    return false;
}

}  // namespace

bool database_error::is_failed_sync() const noexcept {
    return code_ == SQLITE_IOERR_FSYNC || code_ == SQLITE_IOERR_DIR_FSYNC;
}

bool database_error::is_not_unique() const noexcept { return code_ == SQLITE_CONSTRAINT_UNIQUE; }

void throw_last_error(sqlite3* handle, int code, std::string const& doing) {
    int const extended = handle == nullptr ? code : sqlite3_extended_errcode(handle);
    auto const text = doing + ": " +
                      (handle == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(handle)) +
                      " (SQLite " + std::to_string(extended) + ")";
    if (is_full(handle, extended)) throw storage_full{text};
    int const primary = extended & 0xff;
    if (primary == SQLITE_BUSY || primary == SQLITE_LOCKED) throw busy(text);
    if (extended == SQLITE_CONSTRAINT_FOREIGNKEY) throw missing_row(extended, text);
    throw database_error(extended, text);
}

}  // namespace pilothouse::storage::sqlite
