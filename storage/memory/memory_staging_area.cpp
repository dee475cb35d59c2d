#include "storage/memory/memory_staging_area.hpp"

#include <algorithm>
#include <utility>

namespace pilothouse::storage::memory {

namespace {

struct memory_content final : staged_file::content {
    explicit memory_content(std::string b) : bytes(std::move(b)) {}

    std::size_t read(std::uint64_t offset, std::span<char> out) const override {
        auto const from = std::min<std::uint64_t>(offset, bytes.size());
        return bytes.copy(out.data(), out.size(), from);
    }

    std::string bytes;
};

class memory_writer final : public staged_writer {
public:
    task<void> write(std::string_view bytes) override {
        bytes_ += bytes;
        co_return;
    }
    std::uint64_t size_bytes() const noexcept override { return bytes_.size(); }
    task<staged_file> finish() override {
        auto const digest = sha256(bytes_);
        auto const size = bytes_.size();
        co_return staged_file(std::make_unique<memory_content>(std::move(bytes_)), digest, size);
    }

private:
    std::string bytes_;
};

}  // namespace

task<std::unique_ptr<staged_writer>> memory_staging_area::create() {
    co_return std::make_unique<memory_writer>();
}

}  // namespace pilothouse::storage::memory
