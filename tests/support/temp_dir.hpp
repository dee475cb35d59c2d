// A folder that goes when the test does.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace pilothouse::tests {

class temp_dir {
public:
    temp_dir() {
        std::string pattern = (parent() / "pilothouse-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
        path_ = pattern;
    }
    ~temp_dir() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    temp_dir(temp_dir const&) = delete;
    temp_dir& operator=(temp_dir const&) = delete;

    [[nodiscard]] std::filesystem::path const& path() const { return path_; }

private:
    // In memory where that is possible: a thousand tests make and remove a thousand data folders.
    // What needs a disk's own behaviour sets TMPDIR.
    static std::filesystem::path parent() {
        std::filesystem::path const memory = "/dev/shm";
        bool const chosen = std::getenv("TMPDIR") != nullptr;
        return !chosen && std::filesystem::is_directory(memory)
                   ? memory
                   : std::filesystem::temp_directory_path();
    }

    std::filesystem::path path_;
};

}  // namespace pilothouse::tests
