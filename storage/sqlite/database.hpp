// The database as coroutines see it: one writing thread with group commit, a few reading ones.
#pragma once

#include "base/blocking_pool.hpp"
#include "base/result.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/database_error.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace pilothouse::storage::sqlite {

// A change under way: the connection to make it on, and what is to follow.
class transaction {
public:
    transaction(connection& on, std::vector<std::function<void()>>& effects)
        : on_(on), effects_(effects) {}

    [[nodiscard]] connection& on() const noexcept { return on_; }
    // Called on the writing thread once the change is durable, in commit order, before the change's
    // caller goes on; not called when the change fails. Must not throw.
    void after_commit(std::function<void()> effect) { effects_.push_back(std::move(effect)); }

private:
    connection& on_;
    std::vector<std::function<void()>>& effects_;
};

// Thread-safe. Functions handed to read() and write() run on other threads while their caller is
// suspended: they may refer to the caller's frame, and should be short, for others wait. They must
// not call the database again.
class database {
public:
    struct settings {
        std::size_t readers = 4;
        std::size_t waiting_max = 1024;  // of readings, and of changes; one more throws busy
        std::size_t batch_max = 256;     // changes that share one commit
        // For another program (a backup, a curious person) to let go of the database.
        std::chrono::milliseconds patience = std::chrono::seconds(5);
    };

    // Opens, and migrates. errc::unavailable: made by a newer program. Throws as connection does.
    [[nodiscard]] static result<std::unique_ptr<database>> open(std::filesystem::path const& file,
                                                                settings s);
    ~database();  // close()
    database(database const&) = delete;
    database& operator=(database const&) = delete;

    // f(connection&) in one consistent view of what is committed. Throws what f throws, and busy.
    template <class F>
    [[nodiscard]] task<std::invoke_result_t<F&, connection&>> read(F f);

    // f(transaction&) in a transaction; durable when this returns. f returns a result: a failure,
    // and errc::not_found where what it writes names a row that is gone, takes back what f did, as
    // does an exception, without harm to the changes that share the commit. A commit that fails
    // fails them all. Throws what f throws, busy, and the commit's error.
    template <class F>
    [[nodiscard]] task<std::invoke_result_t<F&, transaction&>> write(F f);

    // Why no change is taken any more: a sync failed, so nobody knows what is durable until the
    // file is opened again. Reading goes on.
    [[nodiscard]] std::optional<std::string> out_of_service() const;

    // Ends what was accepted; refuses the rest with busy; empties the write-ahead log. Idempotent.
    void close();

private:
    // How a reading or a change ended; its value lies in its caller's frame by then.
    struct outcome {
        std::exception_ptr thrown;
    };
    using completion = std::function<void(outcome)>;
    struct change {
        std::function<bool(transaction&)> make;  // false: to be taken back
        completion done;
        outcome end;
    };

    database(std::unique_ptr<connection> writer, settings s);
    void submit_read(std::function<void(connection&)> reading, completion const& done);
    void submit_write(std::function<bool(transaction&)> make, completion done);
    void serve_changes();
    void commit(std::vector<change>& batch);
    void make(change& c, std::vector<std::function<void()>>& effects);
    void retire(std::string reason);
    void tidy();

    settings settings_;
    std::unique_ptr<connection> writer_;  // of the writing thread alone
    mutable std::mutex mutex_;            // guards what follows
    std::condition_variable wake_;
    std::vector<change> changes_;
    std::vector<std::unique_ptr<connection>> idle_readers_;
    std::optional<std::string> out_of_service_;
    bool closing_ = false;
    std::unique_ptr<blocking_pool> reading_;
    std::thread writing_;
};

template <class F>
task<std::invoke_result_t<F&, connection&>> database::read(F f) {
    std::optional<std::invoke_result_t<F&, connection&>> value;
    auto start = [this, &f, &value](resumer<outcome> resume) {
        submit_read([&f, &value](connection& c) { value.emplace(f(c)); }, resume);
    };
    auto const end = co_await suspend_for<outcome>(std::move(start));
    if (end.thrown) std::rethrow_exception(end.thrown);
    co_return std::move(*value);
}

template <class F>
task<std::invoke_result_t<F&, transaction&>> database::write(F f) {
    std::optional<std::invoke_result_t<F&, transaction&>> value;
    auto start = [this, &f, &value](resumer<outcome> resume) {
        auto make = [&f, &value](transaction& t) {
            try {
                value.emplace(f(t));
            } catch (missing_row const&) {
                value.emplace(failure(errc::not_found, "something of it was removed meanwhile"));
            }
            return value->has_value();
        };
        submit_write(make, resume);
    };
    auto const end = co_await suspend_for<outcome>(std::move(start));
    if (end.thrown) std::rethrow_exception(end.thrown);
    co_return std::move(*value);
}

}  // namespace pilothouse::storage::sqlite
