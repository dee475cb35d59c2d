#include "tests/contract/query_plans.hpp"

#include "storage/sqlite/migrations.hpp"
#include "tests/support/temp_dir.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <iostream>
#include <memory>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::tests {

namespace {

// What holds few rows however long a server runs, and what statements make of few rows themselves.
constexpr std::array few{"setting", "user", "cluster", "webhook", "CONSTANT", "json_each", "above",
                         "below",   "load", "next",    "caller",  "mine",     "other"};

// Words of those that read all of it on purpose.
constexpr std::array whole{
    // Housekeeping.
    "DELETE FROM idempotency_key WHERE created",
    "DELETE FROM release WHERE gone IS NOT NULL",
    "SELECT digest FROM version UNION",
    // Any mixture of filters, newest first.
    "FROM audit_event WHERE (?1 IS NULL",
    "FROM token WHERE (?1 IS NULL",
    "FROM operation AS o JOIN release AS r ON r.number = o.release_number "
    "JOIN cluster ON cluster.id = o.cluster_id WHERE ?1 = ''",
    // A group that moves takes along what lies in it.
    "UPDATE project SET path",
    "UPDATE project_group SET path",
};

std::mutex mutex;
std::set<std::string> noted;

int note(unsigned, void*, void* statement, void*) {
    auto const* const text = sqlite3_sql(static_cast<sqlite3_stmt*>(statement));
    std::lock_guard const lock(mutex);
    if (text != nullptr) noted.insert(text);
    return 0;
}

int watch(sqlite3* handle, char const**, sqlite3_api_routines const*) {
    return sqlite3_trace_v2(handle, SQLITE_TRACE_STMT, note, nullptr);
}

struct closer {
    void operator()(sqlite3* handle) const noexcept { sqlite3_close(handle); }
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};
using handle_pointer = std::unique_ptr<sqlite3, closer>;
using statement_pointer = std::unique_ptr<sqlite3_stmt, closer>;

// An empty database of the newest form.
handle_pointer open_empty(std::filesystem::path const& file) {
    storage::sqlite::connection fresh(file, storage::sqlite::connection::access::write);
    if (!storage::sqlite::migrate(fresh)) throw std::runtime_error("no database to plan with");
    sqlite3* handle = nullptr;
    int const opened = sqlite3_open(file.c_str(), &handle);
    handle_pointer owner(handle);
    if (opened != SQLITE_OK) throw std::runtime_error("no database to plan with");
    return owner;
}

std::vector<std::string> plan_of(sqlite3* handle, std::string const& text) {
    sqlite3_stmt* statement = nullptr;
    auto const asked = "EXPLAIN QUERY PLAN " + text;
    if (sqlite3_prepare_v2(handle, asked.c_str(), -1, &statement, nullptr) != SQLITE_OK)
        throw std::runtime_error("SQLite has no plan for " + text);
    statement_pointer const owner(statement);
    std::vector<std::string> lines;
    constexpr int detail = 3;
    while (sqlite3_step(statement) == SQLITE_ROW)
        lines.emplace_back(reinterpret_cast<char const*>(sqlite3_column_text(statement, detail)));
    return lines;
}

// "SCAN table", maybe with more words; a scan of an index reads in order, and whoever asks stops.
bool reads_all(std::string_view line) {
    constexpr std::string_view scan = "SCAN ";
    if (!line.starts_with(scan) || line.find(" USING ") != line.npos) return false;
    line.remove_prefix(scan.size());
    return std::ranges::find(few, line.substr(0, line.find(' '))) == few.end();
}

bool may_read_all(std::string_view text) {
    return std::ranges::any_of(whole, [text](auto words) { return text.find(words) != text.npos; });
}

}  // namespace

void watch_statements() { sqlite3_auto_extension(reinterpret_cast<void (*)()>(watch)); }

bool are_plans_good() {
    auto const seen = [] {
        std::lock_guard const lock(mutex);
        return noted;
    }();
    temp_dir const folder;
    auto const handle = open_empty(folder.path() / "plans.db");
    bool good = true;
    for (auto const& text : seen) {
        if (text.ends_with(';') || may_read_all(text)) continue;  // `;`: a script's, run once
        auto const plan = plan_of(handle.get(), text);
        if (std::ranges::none_of(plan, reads_all)) continue;
        good = false;
        std::cerr << "reads a whole table: " << text << '\n';
        for (auto const& line : plan) std::cerr << "    " << line << '\n';
    }
    return good;
}

}  // namespace pilothouse::tests
