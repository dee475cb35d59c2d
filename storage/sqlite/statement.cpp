#include "storage/sqlite/statement.hpp"

#include "storage/sqlite/database_error.hpp"

#include <sqlite3.h>

namespace pilothouse::storage::sqlite {

namespace {

// SQLite takes a null pointer for NULL, whatever the length; empty text must not become that.
char const* not_null(std::string_view bytes) { return bytes.data() == nullptr ? "" : bytes.data(); }

}  // namespace

statement::statement(sqlite3* handle, sql text) : handle_(handle) {
    int const code =
        sqlite3_prepare_v3(handle, text.text(), -1, SQLITE_PREPARE_PERSISTENT, &prepared_, nullptr);
    if (code != SQLITE_OK) throw_last_error(handle, code, text.text());
}

statement::~statement() { sqlite3_finalize(prepared_); }

void statement::bind(int at, std::nullopt_t) {
    if (int const code = sqlite3_bind_null(prepared_, at); code != SQLITE_OK)
        throw_last_error(handle_, code, sqlite3_sql(prepared_));
}

void statement::bind(int at, std::int64_t value) {
    if (int const code = sqlite3_bind_int64(prepared_, at, value); code != SQLITE_OK)
        throw_last_error(handle_, code, sqlite3_sql(prepared_));
}

void statement::bind(int at, std::string_view text) {
    int const code = sqlite3_bind_text64(prepared_, at, not_null(text), text.size(),
                                         SQLITE_TRANSIENT, SQLITE_UTF8);
    if (code != SQLITE_OK) throw_last_error(handle_, code, sqlite3_sql(prepared_));
}

void statement::bind(int at, blob_view blob) {
    int const code = sqlite3_bind_blob64(prepared_, at, not_null(blob.bytes), blob.bytes.size(),
                                         SQLITE_TRANSIENT);
    if (code != SQLITE_OK) throw_last_error(handle_, code, sqlite3_sql(prepared_));
}

rows::~rows() {
    // The code that reset() repeats was thrown by next() already.
    if (statement_ != nullptr) sqlite3_reset(statement_->prepared_);
}

bool rows::next() {
    int const code = sqlite3_step(statement_->prepared_);
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE)
        throw_last_error(statement_->handle_, code, sqlite3_sql(statement_->prepared_));
    return false;
}

bool rows::null(int column) const {
    return sqlite3_column_type(statement_->prepared_, column) == SQLITE_NULL;
}

std::int64_t rows::integer(int column) const {
    return sqlite3_column_int64(statement_->prepared_, column);
}

// Text is read as a blob too: column_text() would copy it to add a zero.
std::string_view rows::bytes(int column) const {
    auto const* data = static_cast<char const*>(sqlite3_column_blob(statement_->prepared_, column));
    auto const size = sqlite3_column_bytes(statement_->prepared_, column);
    return data == nullptr ? std::string_view()
                           : std::string_view(data, static_cast<std::size_t>(size));
}

sha256_digest rows::digest(int column) const {
    auto const digest = sha256_digest::from_bytes(bytes(column));
    if (!digest) throw database_error(SQLITE_CORRUPT, "a digest in the database is damaged");
    return *digest;
}

}  // namespace pilothouse::storage::sqlite
