// What SQLite answers when it cannot, as exceptions.
#pragma once

#include <stdexcept>
#include <string>

struct sqlite3;

namespace pilothouse::storage::sqlite {

// The database is damaged, the disk fails, or a statement has a bug.
class database_error : public std::runtime_error {
public:
    database_error(int extended_code, std::string const& what)
        : std::runtime_error(what), code_(extended_code) {}

    // What was synced is of unknown durability from now on.
    [[nodiscard]] bool is_failed_sync() const noexcept;
    // A row breaks a UNIQUE column.
    [[nodiscard]] bool is_not_unique() const noexcept;

private:
    int code_;
};

// A row names another one that is not there: whoever asked for it was not quick enough.
class missing_row : public database_error {
public:
    using database_error::database_error;
};

// Throws what the connection's last error stands for: storage_full (disk, quota or file size
// limit), busy (another process holds the database), missing_row, else database_error. `handle` may
// be null.
[[noreturn]] void throw_last_error(sqlite3* handle, int code, std::string const& doing);

}  // namespace pilothouse::storage::sqlite
