// Stores whose n-th call fails, whichever port it is made on.
//
//     faulty_stores faulty(*opened);
//     for (int n = 1; ; ++n) {
//         faulty.fuse.blow_at(n, fault::exception);
//         run the use case on `faulty`; then look at `*opened`: wholly there, or wholly not
//         if (faulty.fuse.calls() < n) break;  // the use case makes no n-th call
//     }
#pragma once

#include "storage/open.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

namespace pilothouse::tests {

enum class fault : std::uint8_t {
    failure,    // errc::unavailable; busy where the port's answer has no place for it
    exception,  // std::runtime_error
    full,       // storage_full
    lost,       // the call does its work, and its answer is a std::runtime_error
};

// Counts calls, and spoils one. Thread-safe.
class fuse {
public:
    // Counts from 1, from now on; 0: no call fails.
    void blow_at(int nth, fault how) {
        how_ = how;
        nth_ = nth;
        calls_ = 0;
    }
    [[nodiscard]] int calls() const { return calls_; }

    // No call fails; before the nth this is done, once.
    void do_before(int nth, std::function<void()> what) {
        blow_at(nth, fault::failure);
        instead_ = std::move(what);
    }

    // The call is a coroutine not yet begun: dropped, it never was made.
    template <class T>
    [[nodiscard]] task<result<T>> guard(task<result<T>> call);
    template <class T>
    [[nodiscard]] task<T> guard(task<T> call);

private:
    [[nodiscard]] bool count() {
        if (++calls_ != nth_) return false;
        auto const instead = std::exchange(instead_, nullptr);
        if (!instead) return true;
        instead();  // which calls, too
        return false;
    }
    void throw_unless_lost() const;

    std::atomic<fault> how_ = fault::failure;
    std::atomic<int> nth_ = 0;
    std::atomic<int> calls_ = 0;
    std::function<void()> instead_;
};

// The inner stores must outlive it, and stay open: close() here does nothing.
class faulty_stores final : public storage::stores {
public:
    explicit faulty_stores(storage::stores& inner);
    ~faulty_stores() override;

    tests::fuse fuse;

    storage::staging_area& staging() override;
    storage::blob_store& blobs() override;
    storage::catalogue& catalogue() override;
    storage::channel_store& channels() override;
    storage::curator& curator() override;
    storage::package_store& packages() override;
    storage::project_store& projects() override;
    storage::group_store& groups() override;
    storage::protection_store& protections() override;
    storage::member_store& members() override;
    storage::user_store& users() override;
    storage::token_store& tokens() override;
    storage::cluster_store& clusters() override;
    storage::cluster_member_store& cluster_members() override;
    storage::release_store& releases() override;
    storage::operation_log& operations() override;
    storage::operation_events& operation_events() override;
    storage::environment_store& environments() override;
    storage::service_store& services() override;
    storage::deployment_log& deployments() override;
    storage::webhook_store& webhooks() override;
    storage::delivery_log& deliveries() override;
    storage::setting_store& settings() override;
    storage::audit_log& audit() override;
    task<result<void>> check() override;
    void close() override {}

private:
    struct ports;
    storage::stores& inner_;
    std::unique_ptr<ports> ports_;
};

}  // namespace pilothouse::tests
