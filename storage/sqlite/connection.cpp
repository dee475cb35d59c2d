#include "storage/sqlite/connection.hpp"

#include "storage/sqlite/database_error.hpp"

#include <sqlite3.h>

namespace pilothouse::storage::sqlite {

namespace {

constexpr int log_pages_max = 1000;  // of 4 KiB; then it is time for a checkpoint

constexpr sql use_log = "PRAGMA journal_mode = WAL";
constexpr sql write_settings =
    "PRAGMA synchronous = FULL;"      // NORMAL loses the last commits at a power cut
    "PRAGMA wal_autocheckpoint = 0;"  // after the answer instead: see checkpoint()
    "PRAGMA foreign_keys = ON;"
    "PRAGMA secure_delete = ON;"  // values of operations leave nothing in free pages
    "PRAGMA cache_size = -8000;";
constexpr sql read_settings =
    "PRAGMA query_only = ON;"
    "PRAGMA cache_size = -4000;";
constexpr sql common_settings =
    "PRAGMA trusted_schema = OFF;"
    "PRAGMA cell_size_check = ON;"  // damage is found, not followed
    "PRAGMA temp_store = MEMORY;";

}  // namespace

void connection::closer::operator()(sqlite3* handle) const noexcept { sqlite3_close_v2(handle); }

connection::connection(std::filesystem::path const& file, access a,
                       std::chrono::milliseconds patience) {
    sqlite3* opened = nullptr;
    int const flags =
        SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE | (a == access::write ? SQLITE_OPEN_CREATE : 0);
    int const code = sqlite3_open_v2(file.c_str(), &opened, flags, nullptr);
    handle_.reset(opened);
    if (code != SQLITE_OK) throw_last_error(opened, code, "cannot open " + file.string());
    configure(a, patience);
}

connection::~connection() = default;

void connection::configure(access a, std::chrono::milliseconds patience) {
    sqlite3_extended_result_codes(handle_.get(), 1);
    sqlite3_busy_timeout(handle_.get(), static_cast<int>(patience.count()));
    sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    execute_script(common_settings);
    execute_script(a == access::write ? write_settings : read_settings);
    if (a == access::read) return;
    auto mode = run(use_log);
    if (!mode.next() || mode.bytes(0) != "wal")
        throw database_error(
            SQLITE_CANTOPEN,
            "the file system cannot hold SQLite's write-ahead log: use a local disk");
    auto const note_log_pages = [](void* self, sqlite3*, char const*, int pages) {
        static_cast<connection*>(self)->log_pages_ = pages;
        return SQLITE_OK;
    };
    sqlite3_wal_hook(handle_.get(), note_log_pages, this);
}

statement& connection::prepared(sql text) {
    auto& kept = prepared_[text.text()];
    if (!kept) kept = std::make_unique<statement>(handle_.get(), text);
    return *kept;
}

void connection::execute_script(sql text) {
    int const code = sqlite3_exec(handle_.get(), text.text(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) throw_last_error(handle_.get(), code, "cannot prepare the database");
}

std::int64_t connection::changes() const noexcept { return sqlite3_changes64(handle_.get()); }

std::int64_t connection::last_inserted() const noexcept {
    return sqlite3_last_insert_rowid(handle_.get());
}

bool connection::in_transaction() const noexcept {
    return sqlite3_get_autocommit(handle_.get()) == 0;
}

void connection::roll_back() noexcept {
    if (in_transaction()) sqlite3_exec(handle_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void connection::checkpoint() {
    if (log_pages_ < log_pages_max) return;
    int const code = sqlite3_wal_checkpoint_v2(handle_.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE,
                                               nullptr, nullptr);
    if (code != SQLITE_OK) throw_last_error(handle_.get(), code, "cannot checkpoint");
    log_pages_ = 0;
}

void connection::checkpoint_and_truncate() {
    int const code = sqlite3_wal_checkpoint_v2(handle_.get(), nullptr, SQLITE_CHECKPOINT_TRUNCATE,
                                               nullptr, nullptr);
    if (code != SQLITE_OK) throw_last_error(handle_.get(), code, "cannot checkpoint");
}

}  // namespace pilothouse::storage::sqlite
