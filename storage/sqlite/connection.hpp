// One connection to the database file, and the statements it keeps prepared.
#pragma once

#include "storage/sqlite/sql.hpp"
#include "storage/sqlite/statement.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <unordered_map>

namespace pilothouse::storage::sqlite {

// Used by one thread at a time. Everything throws as throw_last_error() says.
class connection {
public:
    enum class access : std::uint8_t { write, read };

    // Creates the file for access::write. A read connection refuses to change anything. Where
    // another process holds the database, waits `patience` for it, then throws busy.
    connection(std::filesystem::path const& file, access a,
               std::chrono::milliseconds patience = std::chrono::seconds(5));
    ~connection();
    connection(connection const&) = delete;
    connection& operator=(connection const&) = delete;

    // Starts a statement of ours; its rows come with next(). One statement runs once at a time.
    template <class... Values>
    [[nodiscard]] rows run(sql text, Values const&... values) {
        auto& s = prepared(text);
        [[maybe_unused]] int at = 0;
        (s.bind(++at, values), ...);
        return rows(s);
    }

    // Runs it to its end; returns how many rows it changed.
    template <class... Values>
    std::int64_t execute(sql text, Values const&... values) {
        auto r = run(text, values...);
        while (r.next()) continue;
        return changes();
    }

    // Several statements in one text, none kept: for migrations.
    void execute_script(sql text);

    [[nodiscard]] std::int64_t last_inserted() const noexcept;
    [[nodiscard]] bool in_transaction() const noexcept;
    // Ends a transaction if there is one; never throws.
    void roll_back() noexcept;

    // Moves what it can from the write-ahead log into the database file, without waiting for
    // anyone; `truncate` also waits for readers and empties the log. Does nothing while the log is
    // short.
    void checkpoint();
    void checkpoint_and_truncate();

private:
    [[nodiscard]] statement& prepared(sql text);
    [[nodiscard]] std::int64_t changes() const noexcept;
    void configure(access a, std::chrono::milliseconds patience);

    struct closer {
        void operator()(sqlite3* handle) const noexcept;
    };

    std::unique_ptr<sqlite3, closer> handle_;
    int log_pages_ = 0;  // of the write-ahead log, after the last commit
    std::unordered_map<char const*, std::unique_ptr<statement>> prepared_;
};

}  // namespace pilothouse::storage::sqlite
