// One prepared statement, and the rows of one running of it.
#pragma once

#include "base/clock.hpp"
#include "base/sha256.hpp"
#include "storage/ids.hpp"
#include "storage/sqlite/sql.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

struct sqlite3;
struct sqlite3_stmt;

namespace pilothouse::storage::sqlite {

// Bytes that are no text.
struct blob_view {
    std::string_view bytes;
};

// Belongs to one connection; not thread-safe. Everything throws as throw_last_error() says.
class statement {
public:
    statement(sqlite3* handle, sql text);
    ~statement();
    statement(statement const&) = delete;
    statement& operator=(statement const&) = delete;

    // Positions count from 1. Values are copied. An empty optional, and an id that names nothing,
    // are NULL.
    void bind(int at, std::nullopt_t);
    void bind(int at, std::int64_t value);
    void bind(int at, std::string_view text);
    void bind(int at, blob_view blob);
    void bind(int at, sha256_digest const& d) { bind(at, blob_view{d.bytes()}); }
    void bind(int at, instant t) { bind(at, to_nanoseconds(t)); }
    template <class Tag>
    void bind(int at, row_id<Tag> id) {
        id.value == 0 ? bind(at, std::nullopt) : bind(at, id.value);
    }
    template <class T>
    void bind(int at, std::optional<T> const& value) {
        value ? bind(at, *value) : bind(at, std::nullopt);
    }
    template <class T>
        requires std::is_integral_v<T> || std::is_enum_v<T>
    void bind(int at, T value) {
        bind(at, static_cast<std::int64_t>(value));
    }

private:
    friend class rows;
    sqlite3* handle_;
    sqlite3_stmt* prepared_ = nullptr;
};

// A statement under way. Columns count from 0; what a view shows lives until the next call of
// next(). The statement is free for others when the rows go.
class rows {
public:
    explicit rows(statement& s) : statement_(&s) {}
    ~rows();
    rows(rows&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}
    rows& operator=(rows&&) = delete;

    // False after the last row; then the statement has done its work.
    [[nodiscard]] bool next();

    [[nodiscard]] bool null(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::string_view bytes(int column) const;  // text or blob; empty for NULL
    [[nodiscard]] std::string text(int column) const { return std::string(bytes(column)); }
    [[nodiscard]] bool flag(int column) const { return integer(column) != 0; }
    [[nodiscard]] instant time(int column) const { return from_nanoseconds(integer(column)); }
    [[nodiscard]] sha256_digest digest(int column) const;  // throws where there is none

private:
    statement* statement_;
};

}  // namespace pilothouse::storage::sqlite
