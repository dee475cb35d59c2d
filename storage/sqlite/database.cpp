#include "storage/sqlite/database.hpp"

#include "base/busy.hpp"
#include "storage/sqlite/database_error.hpp"
#include "storage/sqlite/migrations.hpp"

#include <pthread.h>

#include <algorithm>
#include <iterator>
#include <stdexcept>

namespace pilothouse::storage::sqlite {

namespace {

constexpr sql begin_reading = "BEGIN";
constexpr sql begin_writing = "BEGIN IMMEDIATE";
constexpr sql commit_all = "COMMIT";
constexpr sql begin_one = "SAVEPOINT one";
constexpr sql take_one_back = "ROLLBACK TO one";
constexpr sql end_one = "RELEASE one";

std::exception_ptr too_busy() {
    return std::make_exception_ptr(busy("the database takes no more work now"));
}

}  // namespace

result<std::unique_ptr<database>> database::open(std::filesystem::path const& file, settings s) {
    auto writer = std::make_unique<connection>(file, connection::access::write, s.patience);
    if (auto const migrated = migrate(*writer); !migrated) return migrated.error();
    std::unique_ptr<database> opened(new database(std::move(writer), s));
    for (std::size_t i = 0; i < s.readers; ++i)
        opened->idle_readers_.push_back(
            std::make_unique<connection>(file, connection::access::read, s.patience));
    return opened;
}

database::database(std::unique_ptr<connection> writer, settings s)
    : settings_(s),
      writer_(std::move(writer)),
      reading_(std::make_unique<blocking_pool>("sqlite-read",
                                               blocking_pool::settings{s.readers, s.waiting_max})),
      writing_([this] {
          pthread_setname_np(pthread_self(), "sqlite-write");
          serve_changes();
      }) {}

database::~database() { close(); }

void database::close() {
    {
        std::lock_guard lock(mutex_);
        closing_ = true;
    }
    wake_.notify_one();
    if (writing_.joinable()) writing_.join();
    reading_->drain();
    idle_readers_.clear();
    if (!writer_) return;
    try {
        writer_->checkpoint_and_truncate();
    } catch (...) {
        // The log stays, and is read at the next opening.
    }
    writer_.reset();
}

std::optional<std::string> database::out_of_service() const {
    std::lock_guard lock(mutex_);
    return out_of_service_;
}

void database::retire(std::string reason) {
    std::lock_guard lock(mutex_);
    out_of_service_ = std::move(reason);
}

void database::submit_read(std::function<void(connection&)> reading, completion const& done) {
    auto job = [this, reading = std::move(reading), done] {
        std::unique_lock lock(mutex_);
        auto reader = std::move(idle_readers_.back());  // as many as the pool has threads
        idle_readers_.pop_back();
        lock.unlock();
        std::exception_ptr thrown;
        try {
            reader->execute(begin_reading);
            reading(*reader);
            reader->execute(commit_all);
        } catch (...) {
            thrown = std::current_exception();
            reader->roll_back();
        }
        lock.lock();
        idle_readers_.push_back(std::move(reader));
        lock.unlock();
        done({std::move(thrown)});
    };
    if (!reading_->try_post(std::move(job))) done({too_busy()});
}

void database::submit_write(std::function<bool(transaction&)> make, completion done) {
    {
        std::lock_guard lock(mutex_);
        if (!closing_ && changes_.size() < settings_.waiting_max) {
            changes_.push_back({std::move(make), std::move(done), {}});
            done = nullptr;
        }
    }
    if (done) return done({too_busy()});
    wake_.notify_one();
}

// Whatever came while the last commit synced shares the next one.
void database::serve_changes() {
    std::unique_lock lock(mutex_);
    while (true) {
        wake_.wait(lock, [this] { return closing_ || !changes_.empty(); });
        if (changes_.empty()) return;
        auto const count = std::min(changes_.size(), settings_.batch_max);
        auto const end = changes_.begin() + static_cast<std::ptrdiff_t>(count);
        std::vector<change> batch(std::make_move_iterator(changes_.begin()),
                                  std::make_move_iterator(end));
        changes_.erase(changes_.begin(), end);
        lock.unlock();
        commit(batch);
        tidy();
        lock.lock();
    }
}

// Durable, then told to the observers, then answered: nobody who got his answer can meet a reader
// that has not heard of it.
void database::commit(std::vector<change>& batch) {
    std::vector<std::function<void()>> effects;
    std::exception_ptr failed;
    try {
        if (auto reason = out_of_service()) throw std::runtime_error(*reason);
        writer_->execute(begin_writing);
        for (auto& c : batch) make(c, effects);
        writer_->execute(commit_all);
    } catch (database_error const& e) {
        failed = std::current_exception();
        if (e.is_failed_sync())
            retire(std::string("out of service until restarted, after a failed sync: ") + e.what());
    } catch (...) {
        failed = std::current_exception();
    }
    if (failed) {
        writer_->roll_back();
        for (auto& c : batch) c.done({failed});
        return;
    }
    for (auto const& effect : effects) effect();
    for (auto& c : batch) c.done(std::move(c.end));
}

void database::make(change& c, std::vector<std::function<void()>>& effects) {
    auto const effects_before = effects.size();
    writer_->execute(begin_one);
    bool keep = false;
    try {
        transaction t(*writer_, effects);
        keep = c.make(t);
    } catch (...) {
        c.end.thrown = std::current_exception();
        // SQLite ends the whole transaction after some errors (a full disk among them).
        if (!writer_->in_transaction()) throw;
    }
    if (!keep) {
        effects.resize(effects_before);
        writer_->execute(take_one_back);
    }
    writer_->execute(end_one);
}

// Between the answer and the next batch: nobody's latency pays for it, only the next one's.
void database::tidy() {
    try {
        writer_->checkpoint();
    } catch (database_error const& e) {
        if (e.is_failed_sync())
            retire(std::string("out of service until restarted, after a failed sync: ") + e.what());
    } catch (...) {
        // Full or busy: the log grows on, and the next batch tries again.
    }
}

}  // namespace pilothouse::storage::sqlite
