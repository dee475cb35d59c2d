// The audit log without a disk. Nothing blocks, so nothing suspends.
#pragma once

#include "storage/memory/memory_state.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace pilothouse::storage::memory {

class memory_audit_log final : public audit_log {
public:
    explicit memory_audit_log(memory_state& state) : state_(state) {}
    [[nodiscard]] task<void> note(audit_event event) override;
    [[nodiscard]] task<std::vector<audit_event>> list(audit_filter filter, std::size_t skip,
                                                      std::size_t count) override;
    [[nodiscard]] task<std::size_t> count(audit_filter filter) override;
    [[nodiscard]] task<std::optional<audit_event>> find(audit_id id) override;
    [[nodiscard]] task<std::size_t> forget(instant before) override;

private:
    memory_state& state_;
};

}  // namespace pilothouse::storage::memory
