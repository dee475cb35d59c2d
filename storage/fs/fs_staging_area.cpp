#include "storage/fs/fs_staging_area.hpp"

#include "storage/fs/on_pool.hpp"
#include "storage/fs/temporary_file.hpp"

#include <string>
#include <utility>

namespace pilothouse::storage::fs {

namespace {

// Small pieces gather here, so that the usual chart makes a single hop, at its end.
constexpr std::size_t gathered_max = 64 * 1024;

class fs_writer final : public staged_writer {
public:
    fs_writer(path pattern, blocking_pool& files) : pattern_(std::move(pattern)), files_(files) {}

    task<void> write(std::string_view bytes) override {
        size_bytes_ += bytes.size();
        if (gathered_.size() + bytes.size() <= gathered_max) {
            gathered_ += bytes;
            co_return;
        }
        co_await on_pool(files_, [&] {
            flush();
            store(bytes);
        });
    }

    std::uint64_t size_bytes() const noexcept override { return size_bytes_; }

    task<staged_file> finish() override {
        auto const end = [&] {
            flush();
            if (!file_) file_ = std::make_unique<temporary_file>(pattern_);
            return hasher_.finish();
        };
        auto const digest = co_await on_pool(files_, end);
        co_return staged_file(std::move(file_), digest, size_bytes_);
    }

private:
    void flush() {
        if (!gathered_.empty()) store(gathered_);
        gathered_.clear();
    }

    void store(std::string_view bytes) {
        if (!file_) file_ = std::make_unique<temporary_file>(pattern_);
        file_->append(bytes);
        hasher_.update(bytes);
    }

    path pattern_;
    blocking_pool& files_;
    std::string gathered_;
    std::unique_ptr<temporary_file> file_;  // made by the first hop that needs it
    sha256_hasher hasher_;
    std::uint64_t size_bytes_ = 0;
};

}  // namespace

task<std::unique_ptr<staged_writer>> fs_staging_area::create() {
    co_return std::make_unique<fs_writer>(where_.upload_pattern(), files_);
}

}  // namespace pilothouse::storage::fs
